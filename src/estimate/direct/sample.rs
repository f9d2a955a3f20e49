//! The mean of one sample, or of the differences within pairs.

use super::{Direct, mean, no_variation, squares, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// t of a mean: x̄/(s/√n), n − 1 degrees of freedom (Student 1908, doi:10.1093/biomet/6.1.1).
///
/// Held to R's `t.test` and scipy (`tests/direct_oracle.rs`). The p-value and the interval are left to the alternative.
///
/// # Errors
/// E002 for fewer than two values; E009 where all are the same.
pub fn mean_t(values: &[f64], method: &str) -> Result<Direct, Refusal> {
    if values.len() < 2 {
        return Err(too_few("there are fewer than two rows"));
    }
    let n = values.len() as f64;
    let (estimate, df) = (mean(values), n - 1.0);
    let std_error = (squares(values) / df / n).sqrt();
    let scale = values.iter().fold(0.0f64, |s, v| s.max(v.abs()));
    if std_error.is_nan() || std_error <= 1e-14 * scale {
        return Err(no_variation(
            "all values are the same: there is no variation to test against",
        ));
    }
    let t = estimate / std_error;
    Ok(Direct {
        estimate: Some(estimate),
        std_error: Some(std_error),
        df: vec![df],
        ..Direct::new("t", t, tails::t_two_sided(t, df), method)
    })
}
