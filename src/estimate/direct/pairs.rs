//! Changes between two answers of one row.

use super::proportion::ones;
use super::{Direct, no_variation};
use crate::design::Refusal;
use crate::estimate::tails;

/// McNemar's χ² = (|b − c| − correction)²/(b + c) with one degree of freedom, b the rows that go from 0 to 1 and c those
/// that go from 1 to 0 (McNemar 1947, doi:10.1007/BF02295996).
///
/// `corrected` takes 1 off |b − c| where they differ (Edwards 1948, doi:10.1007/BF02289261), as R's `mcnemar.test`. The
/// estimate is (b − c)/n, the difference of the two proportions. Held to R and statsmodels (`tests/direct_oracle.rs`).
///
/// # Errors
/// E014 for a value other than 0 and 1; E009 where no row changes.
pub fn mcnemar(after: &[f64], before: &[f64], corrected: bool) -> Result<Direct, Refusal> {
    ones(after)?;
    ones(before)?;
    let changed = |to: f64| after.iter().zip(before).filter(|(a, b)| *a - *b == to).count() as f64;
    let (b, c) = (changed(1.0), changed(-1.0));
    if b + c == 0.0 {
        return Err(no_variation("no row changes: there is nothing to compare"));
    }
    let less = if corrected && b != c { 1.0 } else { 0.0 };
    let statistic = ((b - c).abs() - less).powi(2) / (b + c);
    let method = match corrected {
        true => "McNemar's χ² with continuity correction",
        false => "McNemar's χ²",
    };
    Ok(Direct {
        estimate: Some((b - c) / after.len() as f64),
        df: vec![1.0],
        ..Direct::new("χ²", statistic, tails::chi2_sf(statistic, 1.0), method)
    })
}
