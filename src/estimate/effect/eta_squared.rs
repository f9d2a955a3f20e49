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
