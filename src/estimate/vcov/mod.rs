//! Variances of least squares.

mod classical;
mod hc;

use super::ols::Solution;
use crate::design::Refusal;
use crate::plan::Vcov;

/// The k × k variance matrix of the coefficients. `lines` name the rows in a refusal.
pub fn vcov(solution: &Solution, kind: Vcov, lines: &[u64]) -> Result<Vec<Vec<f64>>, Refusal> {
    match kind {
        Vcov::Classical => Ok(classical::classical(solution)),
        Vcov::HC0 | Vcov::HC1 | Vcov::HC2 | Vcov::HC3 => hc::sandwich(solution, kind, lines),
    }
}
