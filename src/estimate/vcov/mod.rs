//! Variances of least squares.

mod classical;
mod cluster;
mod hc;
mod satterthwaite;

use super::ols::Solution;
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::Vcov;
pub use satterthwaite::BellMcCaffrey;

/// The k × k variance matrix of the coefficients, with the moments of its distribution where it has its own.
///
/// # Errors
/// E003 for a leverage of 1 where the variance divides by one minus it; E012 for fewer than two clusters;
/// E015 where a two-way variance is not positive.
pub fn vcov(
    design: &Design,
    solution: &Solution,
    kind: Vcov,
) -> Result<(Vec<Vec<f64>>, Option<BellMcCaffrey>), Refusal> {
    match kind {
        Vcov::Classical => Ok((classical::classical(solution, design.absorbed.df), None)),
        Vcov::HC0 | Vcov::HC1 | Vcov::HC2 | Vcov::HC3 | Vcov::HC4 | Vcov::Robust => {
            Ok((hc::sandwich(design, solution, kind)?, None))
        }
        Vcov::CR0 | Vcov::CR1 | Vcov::CR1S => Ok((cluster::summed(design, solution, kind)?, None)),
        Vcov::CR2 => {
            let (matrix, moments) = cluster::bias_reduced(design, solution)?;
            Ok((matrix, Some(moments)))
        }
        Vcov::None | Vcov::Bootstrap | Vcov::Jackknife | Vcov::Youngs => Err(Refusal::new(
            codes::NOT_DEFINED,
            "this variance is none of least squares",
        )),
        Vcov::CR3 => Ok((cluster::jackknifed(design, solution)?, None)),
    }
}
