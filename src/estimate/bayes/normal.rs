//! The Bayes factor of an estimate with a normal prior on the estimand.

use super::Side;
use crate::estimate::tails::ln_normal_sf;

/// ln BF₁₀ of H₁: θ ~ N(mean, sd²), or its part on one side of the null, against θ = null, with the likelihood
/// estimate ~ N(θ, se²) (Dickey & Lientz 1970, doi:10.1214/aoms/1177697203; Dienes 2014, doi:10.3389/fpsyg.2014.00781).
///
/// BF₁₀ = N(estimate; mean, sd² + se²)/N(estimate; null, se²); one-sided times the posterior's share of the side over
/// the prior's (Morey & Rouder 2011, doi:10.1037/a0024377). In closed form. Held to R's `dnorm`, `pnorm` and
/// `integrate` (`tests/bayes_factors.rs`).
pub fn normal(estimate: f64, std_error: f64, null: f64, mean: f64, sd: f64, side: Side) -> f64 {
    let total = std_error.hypot(sd);
    let ln_density = |z: f64, scale: f64| -0.5 * z * z - scale.ln();
    let both =
        ln_density((estimate - mean) / total, total) - ln_density((estimate - null) / std_error, std_error);
    let sign = match side {
        Side::Both => return both,
        Side::Above => 1.0,
        Side::Below => -1.0,
    };
    // The posterior is normal as well.
    let weight = (sd / total).powi(2);
    let centre = mean + weight * (estimate - mean);
    let spread = std_error * sd / total;
    let share = |centre: f64, spread: f64| ln_normal_sf(sign * (null - centre) / spread);
    both + share(centre, spread) - share(mean, sd)
}
