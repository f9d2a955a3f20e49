//! Hedges' g: Cohen's d without its bias in small samples.

use super::{Sized, cohens_d};
use crate::design::Refusal;
use crate::estimate::tails;

/// g = J d, J = Γ(ν/2)/(√(ν/2) Γ((ν − 1)/2)) exactly, ν = m + n − 2 (Hedges 1981, doi:10.3102/10769986006002107).
///
/// The interval is that of d times J. J is computed by ln B((ν − 1)/2, 1/2), which large ν do not cancel.
/// Held to `effectsize::hedges_g`.
///
/// # Errors
/// As [`cohens_d`].
pub fn hedges_g(x: &[f64], y: &[f64], level: f64) -> Result<Sized, Refusal> {
    let d = cohens_d(x, y, level)?;
    let half = ((x.len() + y.len()) as f64 - 2.0) / 2.0;
    let ln_j = 0.5 * std::f64::consts::PI.ln() - tails::ln_beta(half - 0.5, 0.5) - 0.5 * half.ln();
    Ok(d.times(ln_j.exp()))
}
