//! ω²: the share of the variance that goes with a factor, less biased than η².

use super::Sized;
use super::eta_squared::as_large;
use crate::design::Refusal;

/// ω² = (F − 1)df₁/(F df₁ + df₂ + 1), no less than 0 (Hays 1963, ISBN 9780030052002).
///
/// The interval is that of an η² as large: the noncentralities of F̃ = ω²/(1 − ω²) · df₂/df₁, two-sided, as
/// `effectsize::F_to_omega2(alternative = "two.sided")` takes it. Held to that.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn omega_squared(f: f64, df1: f64, df2: f64, level: f64) -> Result<Sized, Refusal> {
    as_large(
        ((f - 1.0) * df1 / (f * df1 + df2 + 1.0)).max(0.0),
        df1,
        df2,
        level,
    )
}

/// ω² of one term among several: (F − 1)df₁/(`total` + 1), the total sum of squares in units of the mean square of the
/// errors. Held to `effectsize::omega_squared(partial = FALSE)`.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn omega_squared_of_total(f: f64, df1: f64, df2: f64, total: f64, level: f64) -> Result<Sized, Refusal> {
    as_large(((f - 1.0) * df1 / (total + 1.0)).max(0.0), df1, df2, level)
}

/// Partial ω² = (F − 1)df₁/(F df₁ + n − df₁), no less than 0 (Keren & Lewis 1979, doi:10.1177/001316447903900111).
/// Held to `effectsize::omega_squared(partial = TRUE)`.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn partial_omega_squared(f: f64, df1: f64, df2: f64, n: f64, level: f64) -> Result<Sized, Refusal> {
    as_large(((f - 1.0) * df1 / (f * df1 + n - df1)).max(0.0), df1, df2, level)
}
