//! The likelihood-ratio test of proportional odds (of parallel slopes, whatever the link).
//!
//! 2 (ℓ₁ − ℓ₀) on q (J − 2) degrees of freedom, where ℓ₁ lets q columns have an effect of their own on each
//! cutpoint (Peterson & Harrell 1990, doi:10.2307/2347760). Held to ordinal::nominal_test (`tests/ordered.rs`).

use super::rows::Rows;
use super::{Latent, fit, shares};
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::newton::{self, Failure};
use crate::estimate::predictors::{Predictors, standardise};
use crate::estimate::tails;

/// A likelihood-ratio test against effects that differ by cutpoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportionality {
    pub statistic: f64,
    pub df: f64,
    pub p_value: f64,
}

/// Tests the columns at positions `tested`. Rows have no weights: frequencies are expanded, and under
/// probability weights there is no likelihood to compare.
///
/// # Errors
/// As [`fit`], and E010 or E011 where the wider model has no maximum; E015 for two categories or no column.
pub fn proportionality(
    predictors: Predictors<'_>,
    y: &[u32],
    categories: usize,
    latent: Latent,
    tested: &[usize],
) -> Result<Proportionality, Refusal> {
    let k = predictors.columns.len();
    if categories < 3 || tested.is_empty() || tested.iter().any(|c| *c >= k) {
        let message = "proportional odds need a column of the model and three categories to be tested on";
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    }
    let narrow = fit(predictors, y, categories, None, latent)?;
    let weights = vec![1.0; y.len()];
    let standard = standardise(predictors, &weights, true)?;
    let order: Vec<usize> = (0..k)
        .filter(|c| !tested.contains(c))
        .chain((0..k).filter(|c| tested.contains(c)))
        .collect();
    let columns: Vec<Vec<f64>> = order.iter().map(|c| standard.columns[*c].clone()).collect();
    let names: Vec<String> = order.iter().map(|c| predictors.name(*c)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let kept = (0..k).filter(|c| !tested.contains(c)).count();
    let (common, nominal) = columns.split_at(kept);
    let rows = Rows {
        columns: common,
        nominal,
        y,
        weights: &weights,
        latent,
    };
    let start = rows.start(&shares(y, categories, &weights)?);
    let wide = newton::maximise(start, &|point| rows.evaluate(point)).map_err(|failure| match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Diverges(direction) => {
            let ordered = Predictors {
                columns: &columns,
                names: &names,
            };
            rows.diverges(ordered, &direction)
        }
    })?;
    let statistic = (2.0 * (wide.value - narrow.log_likelihood)).max(0.0);
    let df = (nominal.len() * (categories - 2)) as f64;
    Ok(Proportionality {
        statistic,
        df,
        p_value: tails::chi2_sf(statistic, df),
    })
}
