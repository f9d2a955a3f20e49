//! The classical variance: s² (X′X)⁻¹ with s² = Σe² / (n − k). R's `vcov(lm)`.

use crate::estimate::ols::Solution;

/// `absorbed` are the degrees of freedom of absorbed fixed effects, which count as coefficients.
pub(super) fn classical(solution: &Solution, absorbed: usize) -> Vec<Vec<f64>> {
    let df = (solution.residuals.len() - solution.coefficients.len() - absorbed) as f64;
    let variance = solution.residuals.iter().map(|e| e * e).sum::<f64>() / df;
    solution
        .bread
        .iter()
        .map(|row| row.iter().map(|v| v * variance).collect())
        .collect()
}
