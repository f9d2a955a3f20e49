//! Standardised means of one sample and of pairs.

use super::{Sized, by_noncentral_t, undefined};
use crate::design::Refusal;
use crate::estimate::direct::{mean, squares};
use crate::estimate::tails;

/// d = (x̄ − null)/s of one sample; of the differences within pairs it is d_z (Cohen 1988,
/// doi:10.4324/9780203771587; Lakens 2013, doi:10.3389/fpsyg.2013.00863).
///
/// The interval is the noncentral t's with n − 1 degrees of freedom, times √(1/n). Held to `effectsize::cohens_d`.
///
/// # Errors
/// E015 for fewer than two values, or none that varies.
pub fn d_of_one(x: &[f64], null: f64, level: f64) -> Result<Sized, Refusal> {
    let s = deviation(x)?;
    let n = x.len() as f64;
    Ok(by_noncentral_t((mean(x) - null) / s, 1.0 / n, n - 1.0, level))
}

/// g = J d of one sample, J of n − 1 degrees of freedom (Hedges 1981, doi:10.3102/10769986006002107).
/// Held to `effectsize::hedges_g`.
///
/// # Errors
/// As [`d_of_one`].
pub fn g_of_one(x: &[f64], null: f64, level: f64) -> Result<Sized, Refusal> {
    Ok(d_of_one(x, null, level)?.times(unbiased(x.len() as f64 - 1.0)))
}

/// d_av = (mean of the differences − null)/√((s₁² + s₂²)/2) of pairs (Cumming 2012, ISBN 9780415879682).
///
/// The interval is the noncentral t's of the paired test, in the same units (Algina & Keselman 2003,
/// doi:10.1177/0013164403256358). Held to the definition in R.
///
/// # Errors
/// As [`d_of_one`].
pub fn d_av(after: &[f64], before: &[f64], null: f64, level: f64) -> Result<Sized, Refusal> {
    let differences: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    let own = deviation(&differences)?;
    let n = differences.len() as f64;
    let unit = ((squares(after) + squares(before)) / (2.0 * (n - 1.0))).sqrt();
    let standard = (own / unit).powi(2) / n;
    Ok(by_noncentral_t(
        (mean(&differences) - null) / unit,
        standard,
        n - 1.0,
        level,
    ))
}

fn deviation(x: &[f64]) -> Result<f64, Refusal> {
    if x.len() < 2 {
        return Err(undefined(
            "there are fewer than two rows to take a deviation from",
        ));
    }
    let s = (squares(x) / (x.len() as f64 - 1.0)).sqrt();
    let scale = x.iter().fold(0.0f64, |s, v| s.max(v.abs()));
    if s <= 1e-14 * scale {
        return Err(undefined(
            "all values are the same: there is no deviation to measure in",
        ));
    }
    Ok(s)
}

/// J = Γ(ν/2)/(√(ν/2) Γ((ν − 1)/2)), by ln B((ν − 1)/2, 1/2), which large ν do not cancel.
pub(super) fn unbiased(df: f64) -> f64 {
    let half = df / 2.0;
    (0.5 * std::f64::consts::PI.ln() - tails::ln_beta(half - 0.5, 0.5) - 0.5 * half.ln()).exp()
}
