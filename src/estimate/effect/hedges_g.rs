//! Hedges' g: Cohen's d without its bias in small samples.

use super::one_sample::unbiased;
use super::{Sized, cohens_d};
use crate::design::Refusal;

/// g = J d, J = Γ(ν/2)/(√(ν/2) Γ((ν − 1)/2)) exactly, ν = m + n − 2 (Hedges 1981, doi:10.3102/10769986006002107).
///
/// The interval is that of d times J. Held to `effectsize::hedges_g`.
///
/// # Errors
/// As [`cohens_d`].
pub fn hedges_g(x: &[f64], y: &[f64], level: f64) -> Result<Sized, Refusal> {
    let d = cohens_d(x, y, level)?;
    Ok(d.times(unbiased((x.len() + y.len()) as f64 - 2.0)))
}
