//! Independence in a table of counts.

use super::{Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// Pearson's χ² = Σ(O − E)²/E with (r − 1)(c − 1) degrees of freedom (Pearson 1900, doi:10.1080/14786440009463897).
///
/// With `yates`, for 2 × 2, |O − E| is lessened by 1/2, or by itself where that is less, as R's `chisq.test` does
/// (Yates 1934, doi:10.2307/2983604). Held to R and scipy (`tests/direct.rs`). `counts` are r rows of c cells.
///
/// # Errors
/// E002 for fewer than two rows or columns; E009 for a row or column without counts.
pub fn chi_squared(counts: &[Vec<f64>], yates: bool) -> Result<Direct, Refusal> {
    let columns = counts.first().map_or(0, Vec::len);
    if counts.len() < 2 || columns < 2 {
        return Err(too_few("the table has fewer than two rows or columns"));
    }
    if yates && (counts.len() != 2 || columns != 2) {
        return Err(too_few("Yates' correction is for tables of two by two"));
    }
    let of_row: Vec<f64> = counts.iter().map(|row| row.iter().sum()).collect();
    let of_column: Vec<f64> = (0..columns)
        .map(|c| counts.iter().map(|row| row[c]).sum())
        .collect();
    let total: f64 = of_row.iter().sum();
    if of_row.iter().chain(&of_column).any(|t| *t <= 0.0) {
        return Err(no_variation("a row or a column of the table has no counts"));
    }
    let cells = || {
        counts.iter().zip(&of_row).flat_map(|(row, r)| {
            row.iter()
                .zip(&of_column)
                .map(move |(observed, c)| (*observed, r * c / total))
        })
    };
    let lessened = if yates {
        cells().fold(0.5f64, |least, (o, e)| least.min((o - e).abs()))
    } else {
        0.0
    };
    let statistic: f64 = cells().map(|(o, e)| ((o - e).abs() - lessened).powi(2) / e).sum();
    let df = (of_row.len() as f64 - 1.0) * (of_column.len() as f64 - 1.0);
    Ok(Direct {
        df: vec![df],
        ..Direct::new(
            "χ²",
            statistic,
            tails::chi2_sf(statistic, df),
            if yates {
                "χ² with Yates' correction"
            } else {
                "Pearson's χ²"
            },
        )
    })
}
