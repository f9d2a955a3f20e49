//! Variances of maximum likelihood: the inverse information, and sandwiches of scores around it.
//!
//! B (Σ sᵢsᵢ′) B with bread B = I⁻¹ and scores sᵢ = wᵢ ∂ℓᵢ/∂β (White 1982, doi:10.2307/1912526); with clusters the
//! scores are summed within them first (Liang & Zeger 1986, doi:10.1093/biomet/73.1.13).
//! Held to sandwich's `sandwich` and `vcovCL` and to survey's `svyolr` (`tests/ordered.rs`).

use crate::design::Refusal;
use crate::diagnostic::codes;
use std::collections::BTreeMap;

/// A model fitted by maximum likelihood.
#[derive(Clone, Debug)]
pub struct Likelihood {
    /// p coefficients.
    pub coefficients: Vec<f64>,
    /// p × p, inverse of the observed information.
    pub bread: Vec<Vec<f64>>,
    /// n × p, weighted: row i is wᵢ ∂ℓᵢ/∂β.
    pub scores: Vec<Vec<f64>>,
    pub log_likelihood: f64,
    pub iterations: u32,
    /// The largest score at the solution, in units of its coefficient's standard error.
    pub gradient: f64,
}

/// The factor of a sandwich for m units: its rows, or its clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// 1: HC0, CR0.
    None,
    /// m/(m − 1): Stata's `vce(robust)`, survey; with clusters CR1.
    Units,
    /// n/(n − p): sandwich's HC1.
    Parameters,
    /// m/(m − 1) · (n − 1)/(n − p): with clusters CR1S.
    Both,
}

/// The inverse information.
pub fn classical(fitted: &Likelihood) -> Vec<Vec<f64>> {
    fitted.bread.clone()
}

/// The sandwich of independent rows, p × p. Rows of frequency weights are to be expanded, not weighted.
///
/// # Errors
/// E002 where the correction has nothing left to divide by.
pub fn robust(fitted: &Likelihood, correction: Correction) -> Result<Vec<Vec<f64>>, Refusal> {
    let factor = factor(fitted, fitted.scores.len(), correction)?;
    Ok(sandwich(&fitted.bread, &fitted.scores, factor))
}

/// The sandwich of scores summed within clusters, p × p. `clusters`: one number a row.
///
/// # Errors
/// E012 for fewer than two clusters or rows without one; E002 as for [`robust`].
pub fn clustered(
    fitted: &Likelihood,
    clusters: &[u32],
    correction: Correction,
) -> Result<Vec<Vec<f64>>, Refusal> {
    if clusters.len() != fitted.scores.len() {
        let message = format!("{} rows have {} clusters", fitted.scores.len(), clusters.len());
        return Err(Refusal::new(codes::FEW_CLUSTERS, message));
    }
    let mut sums: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (score, cluster) in fitted.scores.iter().zip(clusters) {
        let sum = sums.entry(*cluster).or_insert_with(|| vec![0.0; score.len()]);
        sum.iter_mut().zip(score).for_each(|(s, v)| *s += v);
    }
    if sums.len() < 2 {
        return Err(Refusal::new(codes::FEW_CLUSTERS, "all rows are in one cluster"));
    }
    let factor = factor(fitted, sums.len(), correction)?;
    Ok(sandwich(
        &fitted.bread,
        &sums.into_values().collect::<Vec<_>>(),
        factor,
    ))
}

fn factor(fitted: &Likelihood, units: usize, correction: Correction) -> Result<f64, Refusal> {
    let (m, n, p) = (
        units as f64,
        fitted.scores.len() as f64,
        fitted.coefficients.len() as f64,
    );
    let (left, factor) = match correction {
        Correction::None => (1.0, 1.0),
        Correction::Units => (m - 1.0, m / (m - 1.0)),
        Correction::Parameters => (n - p, n / (n - p)),
        Correction::Both => ((m - 1.0).min(n - p), m / (m - 1.0) * (n - 1.0) / (n - p)),
    };
    if left <= 0.0 {
        let message = format!("{n} rows leave nothing to estimate the errors of {p} coefficients from");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    Ok(factor)
}

/// factor · B (Σ ss′) B, as the outer products of Bs.
fn sandwich(bread: &[Vec<f64>], scores: &[Vec<f64>], factor: f64) -> Vec<Vec<f64>> {
    let p = bread.len();
    let mut total = vec![vec![0.0; p]; p];
    for score in scores {
        let influence: Vec<f64> = bread
            .iter()
            .map(|row| row.iter().zip(score).map(|(a, b)| a * b).sum())
            .collect();
        for (target, a) in total.iter_mut().zip(&influence) {
            target.iter_mut().zip(&influence).for_each(|(t, b)| *t += a * b);
        }
    }
    total.iter_mut().flatten().for_each(|v| *v *= factor);
    total
}
