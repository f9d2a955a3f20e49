//! ω²: the share of the variance that goes with a factor, less biased than η².

use super::{Sized, eta_squared};
use crate::design::Refusal;

/// ω² = (F − 1)df₁/(F df₁ + df₂ + 1), no less than 0 (Hays 1963, ISBN 9780030052002).
///
/// The interval is that of an η² as large: the noncentralities of F̃ = ω²/(1 − ω²) · df₂/df₁, two-sided, as
/// `effectsize::F_to_omega2(alternative = "two.sided")` takes it. Held to that.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn omega_squared(f: f64, df1: f64, df2: f64, level: f64) -> Result<Sized, Refusal> {
    let estimate = ((f - 1.0) * df1 / (f * df1 + df2 + 1.0)).max(0.0);
    let as_large = estimate / (1.0 - estimate) * df2 / df1;
    let interval = eta_squared(as_large, df1, df2, level)?;
    Ok(Sized { estimate, ..interval })
}
