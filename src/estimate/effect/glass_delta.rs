//! Glass's Δ: a difference of two means in the control group's standard deviations.

use super::{Sized, by_noncentral_t, undefined};
use crate::design::Refusal;
use crate::estimate::direct::{mean, squares};

/// Δ = (x̄ − ȳ)/s_y, y the control: the level that the contrast takes off (Glass 1976, doi:10.3102/0013189X005010003).
///
/// The interval is the noncentral t's with n − 1 degrees of freedom, times √(1/n + s_x²/(m s_y²)), as
/// `effectsize::glass_delta` takes it. Held to that.
///
/// # Errors
/// E015 for fewer than two values in a group, or a control that does not vary.
pub fn glass_delta(x: &[f64], control: &[f64], level: f64) -> Result<Sized, Refusal> {
    if x.len() < 2 || control.len() < 2 {
        return Err(undefined(
            "a group has fewer than two rows to take its deviation from",
        ));
    }
    let (m, n) = (x.len() as f64, control.len() as f64);
    let (own, base) = (squares(x) / (m - 1.0), squares(control) / (n - 1.0));
    let scale = control.iter().fold(0.0f64, |s, v| s.max(v.abs()));
    if base.sqrt() <= 1e-14 * scale {
        return Err(undefined(
            "the control group is constant: there is no deviation to measure in",
        ));
    }
    let delta = (mean(x) - mean(control)) / base.sqrt();
    Ok(by_noncentral_t(delta, 1.0 / n + own / (m * base), n - 1.0, level))
}
