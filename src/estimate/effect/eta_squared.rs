//! η², whole and partial: the share of the variance that goes with a term.

use super::{Sized, undefined};
use crate::design::Refusal;
use crate::estimate::noncentral::f_noncentralities;

/// η² = F df₁/(F df₁ + df₂), the share of the term's and the residual sum of squares; of a model's only term the share
/// of all (Cohen 1973, doi:10.1177/001316447303300111).
///
/// The interval is λ/(λ + df₂) at the two noncentralities of F (Steiger 2004, doi:10.1037/1082-989X.9.2.164), two-sided;
/// `effectsize::F_to_eta2(alternative = "two.sided")`, whose default is one-sided. Held to that.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn eta_squared(f: f64, df1: f64, df2: f64, level: f64) -> Result<Sized, Refusal> {
    if !f.is_finite() {
        return Err(undefined("F is not finite"));
    }
    let (low, high) = f_noncentralities(f, df1, df2, (1.0 - level) / 2.0);
    Ok(Sized {
        estimate: f * df1 / (f * df1 + df2),
        low: low / (low + df2),
        high: high / (high + df2),
    })
}

/// η² of one term among several: its sum of squares over that about the mean, F df₁/`total`, the total in units of
/// the mean square of the errors.
///
/// The interval is that of a partial η² as large, as `effectsize::eta_squared(partial = FALSE)` takes it. Held to that.
///
/// # Errors
/// E015 for an F that is not finite.
pub fn eta_squared_of_total(f: f64, df1: f64, df2: f64, total: f64, level: f64) -> Result<Sized, Refusal> {
    as_large(f * df1 / total, df1, df2, level)
}

/// A share with the interval of a partial η² as large.
pub(super) fn as_large(share: f64, df1: f64, df2: f64, level: f64) -> Result<Sized, Refusal> {
    let interval = eta_squared(share / (1.0 - share) * df2 / df1, df1, df2, level)?;
    Ok(Sized {
        estimate: share,
        ..interval
    })
}
