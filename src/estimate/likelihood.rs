//! Variances of maximum likelihood: the inverse information, and sandwiches of scores around it.
//!
//! HC0: B (Σ sᵢsᵢ′) B with bread B = I⁻¹ and scores sᵢ = wᵢ ∂ℓᵢ/∂β (White 1982, doi:10.2307/1912526) ·
//! HC1: n/(n − k) (sandwich) · robust: n/(n − 1) (Stata, survey) · CR0: scores summed in clusters first
//! (Liang & Zeger 1986, doi:10.1093/biomet/73.1.13) · CR1: G/(G − 1) · CR1S: G/(G − 1) · (n − 1)/(n − k).
//! Held to sandwich, survey and statsmodels (`tests/likelihood.rs`).

use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::Vcov;
use std::collections::BTreeMap;

/// A model fitted by maximum likelihood.
#[derive(Clone, Debug)]
pub struct Likelihood {
    /// p
    pub coefficients: Vec<f64>,
    /// p × p, inverse of the information.
    pub bread: Vec<Vec<f64>>,
    /// n × p, weighted: row i is wᵢ ∂ℓᵢ/∂β.
    pub scores: Vec<Vec<f64>>,
    pub log_likelihood: f64,
    pub iterations: u32,
    /// The largest score, in units of its coefficient's standard error.
    pub gradient: f64,
}

impl Likelihood {
    /// The p × p variance. `clusters` hold none, one or two groupings of the rows.
    ///
    /// # Errors
    /// E012 for fewer than two clusters; E015 for a variance that likelihoods do not have.
    pub fn vcov(&self, kind: Vcov, clusters: &[Vec<u32>]) -> Result<Vec<Vec<f64>>, Refusal> {
        let (n, k) = (self.scores.len() as f64, self.coefficients.len() as f64);
        let factor = match kind {
            Vcov::Classical => return Ok(self.bread.clone()),
            Vcov::HC0 | Vcov::CR0 | Vcov::CR1 | Vcov::CR1S => 1.0,
            Vcov::HC1 => n / (n - k),
            Vcov::Robust => n / (n - 1.0),
            _ => {
                let message = format!("{} is not defined outside linear models", kind.word());
                return Err(Refusal::new(codes::NOT_DEFINED, message));
            }
        };
        let influence: Vec<Vec<f64>> = self.scores.iter().map(|s| product(&self.bread, s)).collect();
        if !kind.is_clustered() {
            return Ok(scaled(outer(&influence), factor));
        }
        clustered(&influence, kind, clusters, n, k)
    }
}

/// Σ over clusters of outer products of the influences summed in them; two groupings by inclusion and exclusion
/// (Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136), each with its own correction. Where no two rows
/// share both groups, what is taken off is White's HC0, as Petersen (2009, doi:10.1093/rfs/hhn053) and Thompson
/// (2011, doi:10.1016/j.jfineco.2010.08.016) do and sandwich's `multi0 = TRUE`.
pub fn clustered(
    influence: &[Vec<f64>],
    kind: Vcov,
    clusters: &[Vec<u32>],
    n: f64,
    k: f64,
) -> Result<Vec<Vec<f64>>, Refusal> {
    let one = |groups: &[u32]| -> Result<Vec<Vec<f64>>, Refusal> {
        let count = distinct(groups) as f64;
        if count < 2.0 {
            return Err(Refusal::new(codes::FEW_CLUSTERS, "all rows are in one cluster"));
        }
        let factor = match kind {
            Vcov::CR1 => count / (count - 1.0),
            Vcov::CR1S => count / (count - 1.0) * (n - 1.0) / (n - k),
            _ => 1.0,
        };
        Ok(scaled(outer(&summed(influence, groups)), factor))
    };
    match clusters {
        [only] => one(only),
        [first, second] => {
            let mut total = one(first)?;
            add(&mut total, &one(second)?, 1.0);
            let both = crossed(first, second);
            if distinct(&both) == both.len() {
                add(&mut total, &outer(influence), -1.0);
            } else {
                add(&mut total, &one(&both)?, -1.0);
            }
            if (0..total.len()).any(|j| total[j][j] <= 0.0) {
                return Err(Refusal::new(
                    codes::NOT_DEFINED,
                    "the two-way clustered variance is not positive",
                ));
            }
            Ok(total)
        }
        _ => Err(Refusal::new(codes::FEW_CLUSTERS, "the rows have no clusters")),
    }
}

/// How many clusters there are.
pub fn distinct(groups: &[u32]) -> usize {
    groups.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// Both memberships as one.
pub fn crossed(first: &[u32], second: &[u32]) -> Vec<u32> {
    let mut codes: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    first
        .iter()
        .zip(second)
        .map(|pair| {
            let next = codes.len() as u32;
            *codes.entry((*pair.0, *pair.1)).or_insert(next)
        })
        .collect()
}

fn summed(rows: &[Vec<f64>], groups: &[u32]) -> Vec<Vec<f64>> {
    let mut sums: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for (row, group) in rows.iter().zip(groups) {
        let sum = sums.entry(*group).or_insert_with(|| vec![0.0; row.len()]);
        sum.iter_mut().zip(row).for_each(|(s, v)| *s += v);
    }
    sums.into_values().collect()
}

fn product(matrix: &[Vec<f64>], vector: &[f64]) -> Vec<f64> {
    matrix
        .iter()
        .map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
        .collect()
}

/// Σ rᵢrᵢ′
pub fn outer(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let k = rows.first().map_or(0, Vec::len);
    let mut total = vec![vec![0.0; k]; k];
    for row in rows {
        for (target, a) in total.iter_mut().zip(row) {
            target.iter_mut().zip(row).for_each(|(t, b)| *t += a * b);
        }
    }
    total
}

fn scaled(mut matrix: Vec<Vec<f64>>, factor: f64) -> Vec<Vec<f64>> {
    matrix.iter_mut().flatten().for_each(|v| *v *= factor);
    matrix
}

fn add(total: &mut [Vec<f64>], more: &[Vec<f64>], sign: f64) {
    for (target, row) in total.iter_mut().zip(more) {
        target.iter_mut().zip(row).for_each(|(t, v)| *t += sign * v);
    }
}
