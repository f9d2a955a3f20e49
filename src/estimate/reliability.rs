//! How well the sum of several items tells people apart: Cronbach's alpha and McDonald's omega of one factor.

use super::newton::{self, Evaluation};
use super::normal::{cholesky, solve};
use crate::design::Refusal;
use crate::diagnostic::codes;

/// A uniqueness below this share of its item's variance is taken for zero, as R's `factanal` does.
const HEYWOOD: f64 = 0.005;

/// α = k/(k − 1) · (1 − Σ sᵢᵢ / Σ sᵢⱼ) of the items' covariance matrix.
///
/// Cronbach (1951), doi:10.1007/BF02310555. Reference: `psych::alpha`, raw (tests/oracle/reliability.R).
///
/// # Errors
/// E015 for fewer than two items, and where their sum does not vary.
pub fn alpha(covariance: &[Vec<f64>]) -> Result<f64, Refusal> {
    let k = covariance.len() as f64;
    let total: f64 = covariance.iter().flatten().sum();
    let own: f64 = covariance.iter().enumerate().map(|(i, row)| row[i]).sum();
    if covariance.len() < 2 {
        return Err(refused("one item has no reliability of this kind"));
    }
    if total <= 1e-12 * own || own <= 0.0 {
        return Err(refused("the sum of the items does not vary"));
    }
    Ok(k / (k - 1.0) * (1.0 - own / total))
}

/// ω = (Σλ)² / ((Σλ)² + Σψ), where Σ = λλ′ + Ψ has the greatest normal likelihood: omega total of one factor, in the
/// units of the items.
///
/// McDonald (1999), Test Theory, doi:10.4324/9781410601087; the fit is Jöreskog's (1967), doi:10.1007/BF02289658.
/// Reference: R `factanal(factors = 1)` with the items' standard deviations (tests/oracle/reliability.R).
///
/// # Errors
/// E015 for fewer than three items, an item that does not vary, and where an item has nothing of its own (a Heywood
/// case); E011 where the iterations do not settle.
pub fn omega(covariance: &[Vec<f64>]) -> Result<f64, Refusal> {
    let p = covariance.len();
    if p < 3 {
        return Err(refused("a factor of fewer than three items is not determined"));
    }
    let sds: Vec<f64> = covariance
        .iter()
        .enumerate()
        .map(|(i, row)| row[i].sqrt())
        .collect();
    if sds.iter().any(|sd| *sd <= 0.0) {
        return Err(refused("an item does not vary"));
    }
    let correlation: Vec<Vec<f64>> = (0..p)
        .map(|i| (0..p).map(|j| covariance[i][j] / (sds[i] * sds[j])).collect())
        .collect();
    if cholesky(&mut correlation.clone()).is_none() {
        return Err(refused("an item is a linear combination of the others"));
    }
    let start = start(&correlation);
    let found = newton::maximise(start, &|theta| evaluate(theta, &correlation)).map_err(|_| {
        refused("one factor cannot be fitted: an item has nothing of its own, or the items have nothing in common")
    })?;
    let (loadings, own) = found.point.split_at(p);
    if own.iter().any(|psi| *psi <= 1.01 * HEYWOOD) {
        return Err(refused("an item has nothing of its own (a Heywood case)"));
    }
    let shared: f64 = loadings.iter().zip(&sds).map(|(l, sd)| l * sd).sum();
    let unique: f64 = own.iter().zip(&sds).map(|(psi, sd)| psi * sd * sd).sum();
    Ok(shared * shared / (shared * shared + unique))
}

fn refused(message: &str) -> Refusal {
    Refusal::new(codes::NOT_DEFINED, message)
}

/// Loadings of √½ with the sign of the item's correlations, and uniquenesses of ½.
fn start(correlation: &[Vec<f64>]) -> Vec<f64> {
    let sign = |row: &Vec<f64>| if row.iter().sum::<f64>() < 0.0 { -1.0 } else { 1.0 };
    let loadings = correlation.iter().map(|row| sign(row) * 0.5f64.sqrt());
    loadings.chain(correlation.iter().map(|_| 0.5)).collect()
}

/// ℓ = −½(ln|Σ| + tr(SΣ⁻¹)) a row, with its expected information: Fisher's scoring. Nothing in a Heywood case.
fn evaluate(theta: &[f64], s: &[Vec<f64>]) -> Option<Evaluation> {
    let p = s.len();
    let (loadings, own) = theta.split_at(p);
    if own.iter().any(|psi| *psi < HEYWOOD) {
        return None;
    }
    let sigma: Vec<Vec<f64>> = (0..p)
        .map(|i| {
            (0..p)
                .map(|j| loadings[i] * loadings[j] + if i == j { own[i] } else { 0.0 })
                .collect()
        })
        .collect();
    let mut factor = sigma.clone();
    cholesky(&mut factor)?;
    let w: Vec<Vec<f64>> = (0..p)
        .map(|j| solve(&factor, (0..p).map(|i| if i == j { 1.0 } else { 0.0 }).collect()))
        .collect();
    let ln_det: f64 = factor.iter().enumerate().map(|(i, row)| 2.0 * row[i].ln()).sum();
    let trace: f64 = (0..p)
        .map(|i| (0..p).map(|j| s[i][j] * w[j][i]).sum::<f64>())
        .sum();
    // W(S − Σ)W, half of whose products with ∂Σ are the gradient.
    let rest: Vec<Vec<f64>> = (0..p)
        .map(|i| (0..p).map(|j| s[i][j] - sigma[i][j]).collect())
        .collect();
    let g = times(&times(&w, &rest), &w);
    let row = |m: &[Vec<f64>], i: usize| -> f64 { m[i].iter().zip(loadings).map(|(a, l)| a * l).sum() };
    let gradient = (0..p).map(|i| row(&g, i)).chain((0..p).map(|i| 0.5 * g[i][i]));
    let u: Vec<f64> = (0..p).map(|i| row(&w, i)).collect();
    let c: f64 = u.iter().zip(loadings).map(|(u, l)| u * l).sum();
    let mut information = vec![vec![0.0; 2 * p]; 2 * p];
    for i in 0..p {
        for j in 0..p {
            information[i][j] = u[i] * u[j] + w[i][j] * c;
            information[i][p + j] = w[i][j] * u[j];
            information[p + j][i] = information[i][p + j];
            information[p + i][p + j] = 0.5 * w[i][j] * w[i][j];
        }
    }
    Some(Evaluation {
        value: -0.5 * (ln_det + trace),
        gradient: gradient.collect(),
        information,
    })
}

fn times(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let cell = |row: &Vec<f64>, j: usize| row.iter().zip(b).map(|(x, other)| x * other[j]).sum();
    a.iter()
        .map(|row| (0..b.len()).map(|j| cell(row, j)).collect())
        .collect()
}
