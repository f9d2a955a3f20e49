//! Heteroskedasticity-consistent variances: (X′X)⁻¹ X′ diag(ω) X (X′X)⁻¹.
//!
//! HC0: ω = e² (White 1980, doi:10.2307/1912934) · HC1: e² n/(n − k) · HC2: e²/(1 − h) ·
//! HC3: e²/(1 − h)² (MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7) ·
//! HC4: e²/(1 − h)^min(4, nh/k) (Cribari-Neto 2004, doi:10.1016/S0167-9473(02)00366-3) ·
//! robust: e² n/(n − 1), survey's linearisation. With weights, rows and residuals carry √w.
//! Held to sandwich, estimatr and statsmodels (`tests/oracle.rs`). pyfixest's HC2 and HC3 carry an extra n/(n − k).

use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::ols::{LEVERAGE_ONE, Solution};
use crate::plan::Vcov;

/// # Errors
/// E003 for a leverage of 1 under HC2, HC3 and HC4, which divide by 1 − h.
pub(super) fn sandwich(design: &Design, solution: &Solution, kind: Vcov) -> Result<Vec<Vec<f64>>, Refusal> {
    let (n, k) = (solution.residuals.len(), solution.coefficients.len());
    if kind.needs_leverage()
        && let Some(row) = solution.leverage.iter().position(|h| 1.0 - h < LEVERAGE_ONE)
    {
        let line = design.lines.get(row).copied().unwrap_or(0);
        let message = format!(
            "the row on line {line} is fitted exactly (leverage 1): {} is not defined",
            kind.word()
        );
        return Err(Refusal::new(codes::LEVERAGE_ONE, message));
    }
    let (rows, terms) = (n as f64, (k + design.absorbed.df) as f64);
    let mut meat = vec![vec![0.0; k]; k];
    for ((residual, leverage), row) in solution
        .residuals
        .iter()
        .zip(solution.leverage.iter())
        .zip(solution.influence.iter())
    {
        let square = residual * residual;
        let omega = match kind {
            Vcov::HC1 => square * rows / (rows - terms),
            Vcov::Robust => square * rows / (rows - 1.0),
            Vcov::HC2 => square / (1.0 - leverage),
            Vcov::HC3 => square / (1.0 - leverage).powi(2),
            Vcov::HC4 => square / (1.0 - leverage).powf((rows * leverage / terms).min(4.0)),
            _ => square,
        };
        for (target, a) in meat.iter_mut().zip(row) {
            for (cell, b) in target.iter_mut().zip(row) {
                *cell += omega * a * b;
            }
        }
    }
    Ok(meat)
}
