//! The JZS Bayes factor of a t: a Cauchy prior on the standardised effect, Jeffreys' on the variance.

use super::Side;
use crate::estimate::quadrature::ln_integral;
use crate::estimate::tails::ln_t_sf;

/// ln BF₁₀ of H₁: δ ~ Cauchy(0, r), or its half on one side, against δ = 0 (Rouder et al. 2009,
/// doi:10.3758/PBR.16.2.225; one-sided Morey & Rouder 2011, doi:10.1037/a0024377).
///
/// t has `df` degrees of freedom and noncentrality δ√N; N is n for one sample, mn/(m + n) for two, (σ/SE)² for a
/// contrast. With δ|g ~ N(0, r²g), 1/g ~ χ²(1) and s = 1 + Nr²g:
/// BF₁₀ = ∫ s^−½ ((1 + t²/ν)/(1 + t²/(νs)))^((ν+1)/2) (2π)^−½ g^−3/2 e^−1/(2g) dg, in ln g. One-sided, the integrand is
/// multiplied by 2 P(δ > 0 | t, g), which is the lower tail of t with ν + 1 degrees of freedom at
/// t √((s − 1)(ν + 1)/(sν + t²)): given g, δ is normal about a multiple of √χ²(ν + 1). Relative error below 1e−9.
/// Held to mpmath and BayesFactor's `ttest.tstat` (`tests/bayes_factors.rs`). Nothing where it does not settle.
pub fn jzs(t: f64, df: f64, size: f64, scale: f64, side: Side) -> Option<f64> {
    let half = (df + 1.0) / 2.0;
    let null = half * (t * t / df).ln_1p();
    let ln_f = |w: f64| {
        let g = w.exp();
        let more = size * scale * scale * g;
        let likelihood = -0.5 * more.ln_1p() - half * (t * t / (df * (1.0 + more))).ln_1p();
        // g^−3/2 and dg = g dw.
        let prior = -0.5 * (2.0 * std::f64::consts::PI).ln() - 0.5 * w - 0.5 / g;
        let pull = t * (more * (df + 1.0) / ((1.0 + more) * df + t * t)).sqrt();
        let share = match side {
            Side::Both => 0.0,
            Side::Above => std::f64::consts::LN_2 + ln_t_sf(-pull, df + 1.0),
            Side::Below => std::f64::consts::LN_2 + ln_t_sf(pull, df + 1.0),
        };
        likelihood + prior + null + share
    };
    ln_integral(&ln_f, -12.0, 120.0)
}
