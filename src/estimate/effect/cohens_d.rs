//! Cohen's d: a difference of two means in pooled standard deviations.

use super::{Sized, by_noncentral_t, undefined};
use crate::design::Refusal;
use crate::estimate::direct::{mean, squares};

/// d = (x̄ − ȳ)/s, s² = (Σ(x − x̄)² + Σ(y − ȳ)²)/(m + n − 2) (Cohen 1988, doi:10.4324/9780203771587).
///
/// The interval is the noncentral t's with m + n − 2 degrees of freedom, times √(1/m + 1/n) (Cumming & Finch 2001,
/// doi:10.1177/0013164401614002). Held to `effectsize::cohens_d`.
///
/// # Errors
/// E015 for fewer than two values in a group, or none that varies.
pub fn cohens_d(x: &[f64], y: &[f64], level: f64) -> Result<Sized, Refusal> {
    if x.len() < 2 || y.len() < 2 {
        return Err(undefined(
            "a group has fewer than two rows to take its deviation from",
        ));
    }
    let (m, n) = (x.len() as f64, y.len() as f64);
    let df = m + n - 2.0;
    let pooled = ((squares(x) + squares(y)) / df).sqrt();
    let scale = x.iter().chain(y).fold(0.0f64, |s, v| s.max(v.abs()));
    if pooled <= 1e-14 * scale {
        return Err(undefined(
            "both groups are constant: there is no deviation to measure in",
        ));
    }
    Ok(by_noncentral_t(
        (mean(x) - mean(y)) / pooled,
        1.0 / m + 1.0 / n,
        df,
        level,
    ))
}
