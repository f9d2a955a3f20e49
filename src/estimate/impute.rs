//! Chained equations: each incomplete column in turn from all others, by predictive mean matching.
//!
//! For one column: β̂ and RSS of its observed rows by least squares; σ* = √(RSS/χ²ᵥ), β* = β̂ + σ*L⁻ᵀz with X′X = LL′;
//! for each missing row one of the donors whose x′β̂ is nearest to its x′β* gives its value (Little 1988,
//! doi:10.1080/07350015.1988.10509663; van Buuren 2018, doi:10.1201/9780429492259, algorithm 3.3, matching of type 1).
//! mice's `pmm`; held to it by its estimates at many draws, `tests/imputation.rs`.

use super::normal::{cholesky, solve};
use crate::design::Refusal;
use crate::diagnostic::codes;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

/// Columns of the same rows.
#[derive(Clone, Debug)]
pub struct Incomplete {
    /// Without the constant.
    pub complete: Vec<Vec<f64>>,
    /// The columns to impute, by name.
    pub partial: Vec<(String, Vec<Option<f64>>)>,
    pub iterations: u64,
    pub donors: usize,
}

impl Incomplete {
    /// The partial columns completed, in the `number`th stream of the seed. The first values are drawn from those
    /// observed.
    ///
    /// # Errors
    /// E001 where the other columns do not determine a regression; E002 where too few rows are observed.
    pub fn completed(&self, seed: [u8; 32], number: u64) -> Result<Vec<Vec<f64>>, Refusal> {
        let mut random = ChaCha8Rng::from_seed(seed);
        random.set_stream(number);
        let mut columns: Vec<Vec<f64>> = Vec::new();
        for (_, cells) in &self.partial {
            let observed: Vec<f64> = cells.iter().flatten().copied().collect();
            let fill =
                |cell: &Option<f64>| cell.unwrap_or_else(|| observed[below(observed.len(), &mut random)]);
            columns.push(cells.iter().map(fill).collect());
        }
        for _ in 0..self.iterations {
            for at in 0..columns.len() {
                let (name, cells) = &self.partial[at];
                let others = self.complete.iter().chain(
                    columns
                        .iter()
                        .enumerate()
                        .filter(|(other, _)| *other != at)
                        .map(|(_, c)| c),
                );
                let x = rows(others, cells.len());
                columns[at] = matched(name, cells, &x, self.donors, &mut random)?;
            }
        }
        Ok(columns)
    }
}

/// Rows of a constant and the standardised columns that vary: what a regression predicts does not depend on units.
fn rows<'a>(columns: impl Iterator<Item = &'a Vec<f64>>, n: usize) -> Vec<Vec<f64>> {
    let mut rows = vec![vec![1.0]; n];
    for column in columns {
        let mean = column.iter().sum::<f64>() / n as f64;
        let sd = (column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        if sd > 1e-12 * mean.abs() {
            for (row, value) in rows.iter_mut().zip(column) {
                row.push((value - mean) / sd);
            }
        }
    }
    rows
}

fn matched(
    name: &str,
    cells: &[Option<f64>],
    x: &[Vec<f64>],
    donors: usize,
    random: &mut ChaCha8Rng,
) -> Result<Vec<f64>, Refusal> {
    let mut observed: Vec<(&Vec<f64>, f64)> = x
        .iter()
        .zip(cells)
        .filter_map(|(x, c)| Some((x, (*c)?)))
        .collect();
    let k = x.first().map_or(1, Vec::len);
    if observed.len() <= k.max(donors) {
        let message = format!("`{name}` cannot be imputed: too few rows have it");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let (factor, coefficients) = least_squares(&observed, k).ok_or_else(|| {
        let message =
            format!("`{name}` cannot be imputed: the model's other columns depend linearly on each other");
        Refusal::new(codes::RANK_DEFICIENT, message)
    })?;
    let rss: f64 = observed
        .iter()
        .map(|(x, y)| (y - dot(x, &coefficients)).powi(2))
        .sum();
    let chi: f64 = (k..observed.len()).map(|_| normal(random).powi(2)).sum();
    let sigma = (rss / chi).sqrt();
    let mut drawn: Vec<f64> = (0..k).map(|_| normal(random)).collect();
    for i in (0..k).rev() {
        let known: f64 = (i + 1..k).map(|c| factor[c][i] * drawn[c]).sum();
        drawn[i] = (drawn[i] - known) / factor[i][i];
    }
    let drawn: Vec<f64> = drawn
        .iter()
        .zip(&coefficients)
        .map(|(z, b)| b + sigma * z)
        .collect();
    // In random order, so that among equally near donors none is preferred.
    for last in (1..observed.len()).rev() {
        observed.swap(last, below(last + 1, random));
    }
    let predicted: Vec<f64> = observed.iter().map(|(x, _)| dot(x, &coefficients)).collect();
    let mut values = Vec::with_capacity(cells.len());
    for (x, cell) in x.iter().zip(cells) {
        values.push(match cell {
            Some(value) => *value,
            None => {
                let own = dot(x, &drawn);
                let mut near: Vec<(f64, usize)> = predicted
                    .iter()
                    .enumerate()
                    .map(|(at, p)| ((p - own).abs(), at))
                    .collect();
                let by_distance =
                    |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
                near.select_nth_unstable_by(donors - 1, by_distance);
                near.truncate(donors);
                near.sort_by(by_distance);
                observed[near[below(donors, random)].1].1
            }
        });
    }
    Ok(values)
}

/// The factor of X′X, and β̂.
fn least_squares(rows: &[(&Vec<f64>, f64)], k: usize) -> Option<(Vec<Vec<f64>>, Vec<f64>)> {
    let mut cross = vec![vec![0.0; k]; k];
    let mut products = vec![0.0; k];
    for (x, y) in rows {
        for i in 0..k {
            products[i] += x[i] * y;
            for j in 0..=i {
                cross[i][j] += x[i] * x[j];
            }
        }
    }
    cholesky(&mut cross)?;
    let coefficients = solve(&cross, products);
    Some((cross, coefficients))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn normal(random: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(random)
}

/// A whole number below `n`, each alike.
fn below(n: usize, random: &mut ChaCha8Rng) -> usize {
    let uniform: f64 = StandardUniform.sample(random);
    ((uniform * n as f64) as usize).min(n - 1)
}
