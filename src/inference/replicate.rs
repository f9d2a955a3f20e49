//! A least-squares contrast fitted again under another allocation, fast.
//!
//! Rows that share every covariate are one cell for each level of the redrawn factor, so that a draw costs a pass over
//! the rows and a fit over the cells. A t statistic takes a second pass, Σ (w λ e)² ω over rows or over clusters' sums,
//! λ the row's part in the contrast. Normal equations by Cholesky on a centred outcome, in the orthonormal basis of
//! the observed design where it has numbers, so that one far from zero is no collinear column: these are replicates that are
//! ranked, the reported estimate comes from the QR.

use super::models::Fitted;
use crate::design::{Input, Part};
use crate::estimate::least_squares;
use crate::estimate::normal::{cholesky, leverage, solve};
use crate::plan::{Atom, RandomizationStatistic, Vcov};
use std::collections::BTreeMap;

/// A column of the design: its value without the redrawn factor, and the level of it that it needs.
struct Column {
    rest: Vec<f64>,
    level: Option<u32>,
}

pub(super) struct Replicate {
    /// For each row, which pattern of the other columns' values it has.
    pattern: Vec<u32>,
    levels: usize,
    /// The design rows of the cells, pattern by pattern and in it level by level.
    cells: Vec<Vec<f64>>,
    /// Centred, where there is a constant to take it up.
    y: Vec<f64>,
    /// Empty where every row weighs the same.
    weights: Vec<f64>,
    /// Of a clustered variance.
    clusters: Vec<u32>,
    cluster_count: usize,
    /// The contrast, in the basis if there is one.
    row: Vec<f64>,
    vcov: Vcov,
    statistic: RandomizationStatistic,
}

/// One replicate: the level of every row, how often it stands in it, and what its estimate is measured from.
pub(super) struct Draw<'a, Codes> {
    pub codes: Codes,
    pub times: Option<&'a [f64]>,
    pub centre: f64,
}

/// Reusable memory of one thread.
#[derive(Default)]
pub(super) struct Workspace {
    /// By row.
    cell: Vec<u32>,
    /// By cell: Σ w, Σ wy.
    totals: Vec<[f64; 2]>,
    /// By cell: fitted value, part in the contrast, what the row's weight makes its leverage.
    fitted: Vec<[f64; 3]>,
    /// By cluster.
    scores: Vec<f64>,
    normal: Vec<Vec<f64>>,
}

impl Replicate {
    /// `row` is the contrast in the design's coefficients, which no draw of the factor `of` changes.
    pub fn new(
        fitted: &Fitted,
        of: &Atom,
        row: &[f64],
        vcov: Vcov,
        statistic: RandomizationStatistic,
    ) -> Option<Self> {
        let design = &fitted.design;
        let Some(Input::Levels { names, .. }) = design.inputs.get(of) else {
            return None;
        };
        let coded = |part: &Part| matches!(part, Part::Coded { atom, .. } if atom == of);
        if design.columns.iter().any(|c| c.parts.iter().any(coded)) {
            return None;
        }
        let columns: Vec<Column> = design
            .columns
            .iter()
            .map(|column| {
                let own = |part: &Part| matches!(part, Part::Level { atom, .. } if atom == of);
                let level = column.parts.iter().find_map(|part| match part {
                    Part::Level { atom, level } if atom == of => Some(*level),
                    _ => None,
                });
                let others: Vec<Part> = column.parts.iter().filter(|p| !own(p)).cloned().collect();
                Column {
                    rest: design.product(&others),
                    level,
                }
            })
            .collect();
        let numeric = |c: &Column| c.rest.iter().any(|v| *v != 0.0 && *v != 1.0);
        let from_basis = if columns.iter().any(numeric) {
            Some(least_squares(&design.x, &design.y).ok()?.from_basis)
        } else {
            None
        };
        let mut known: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
        let mut sample = Vec::new();
        let pattern = (0..design.rows())
            .map(|i| {
                let key: Vec<u64> = columns.iter().map(|c| c.rest[i].to_bits()).collect();
                *known.entry(key).or_insert_with(|| {
                    sample.push(i);
                    sample.len() as u32 - 1
                })
            })
            .collect();
        let cell = |row: usize, code: u32| -> Vec<f64> {
            let here = |c: &Column| c.level.is_none_or(|l| l == code);
            let value = |c: &Column| if here(c) { c.rest[row] } else { 0.0 };
            let values: Vec<f64> = columns.iter().map(value).collect();
            in_basis(&values, from_basis.as_deref())
        };
        let levels = names.len();
        let each = sample
            .iter()
            .flat_map(|row| (0..levels as u32).map(|code| cell(*row, code)));
        let constant = design.columns.iter().any(|c| c.parts.is_empty());
        let mean = if constant {
            design.y.iter().sum::<f64>() / design.y.len() as f64
        } else {
            0.0
        };
        let clusters = if vcov.is_clustered() {
            design.clusters.first()
        } else {
            None
        };
        let clusters = clusters.cloned().unwrap_or_default();
        Some(Replicate {
            cells: each.collect(),
            pattern,
            levels,
            y: design.y.iter().map(|y| y - mean).collect(),
            weights: design.weights.clone(),
            cluster_count: clusters.iter().max().map_or(0, |m| *m as usize + 1),
            clusters,
            row: in_basis(row, from_basis.as_deref()),
            vcov,
            statistic,
        })
    }

    /// The statistic under these levels of the rows; nothing where the model cannot be fitted to them.
    pub fn statistic<Codes: Fn(usize) -> u32>(
        &self,
        draw: &Draw<'_, Codes>,
        work: &mut Workspace,
    ) -> Option<f64> {
        self.gather(draw, work);
        let k = self.row.len();
        work.normal.resize_with(k, Vec::new);
        for row in &mut work.normal {
            row.clear();
            row.resize(k, 0.0);
        }
        let mut right = vec![0.0; k];
        for (x, [n, sum]) in self.cells.iter().zip(&work.totals) {
            if *n == 0.0 {
                continue;
            }
            for (a, target) in work.normal.iter_mut().enumerate() {
                if x[a] != 0.0 {
                    right[a] += x[a] * sum;
                    let scaled = n * x[a];
                    target
                        .iter_mut()
                        .zip(&x[..=a])
                        .for_each(|(t, x)| *t += scaled * x);
                }
            }
        }
        cholesky(&mut work.normal)?;
        let beta = solve(&work.normal, right);
        let estimate = beta.iter().zip(&self.row).map(|(b, l)| b * l).sum::<f64>() - draw.centre;
        if self.statistic == RandomizationStatistic::Estimate {
            return Some(estimate);
        }
        let variance = self.variance(draw.times, &beta, work);
        (variance > 0.0 && variance.is_finite()).then(|| estimate / variance.sqrt())
    }

    /// Of the contrast, under the model's variance.
    fn variance(&self, times: Option<&[f64]>, beta: &[f64], work: &mut Workspace) -> f64 {
        let direction = solve(&work.normal, self.row.clone());
        let product = |x: &[f64], b: &[f64]| x.iter().zip(b).map(|(x, b)| x * b).sum::<f64>();
        let needs_leverage = self.vcov.needs_leverage();
        work.fitted.clear();
        for (x, [n, _]) in self.cells.iter().zip(&work.totals) {
            work.fitted.push(if *n == 0.0 {
                [0.0; 3]
            } else {
                let lever = if needs_leverage {
                    leverage(&work.normal, x)
                } else {
                    0.0
                };
                [product(x, beta), product(x, &direction), lever]
            });
        }
        work.scores.clear();
        work.scores.resize(self.cluster_count, 0.0);
        let k = self.row.len() as f64;
        let n = times.map_or(self.y.len() as f64, |t| t.iter().sum());
        let (mut total, mut rss) = (0.0, 0.0);
        for (i, (y, cell)) in self.y.iter().zip(&work.cell).enumerate() {
            let [fit, lean, lever] = work.fitted[*cell as usize];
            let times = times.map_or(1.0, |t| t[i]);
            let weight = self.weights.get(i).copied().unwrap_or(1.0);
            let e = y - fit;
            let score = weight * lean * e;
            if let Some(cluster) = self.clusters.get(i) {
                work.scores[*cluster as usize] += times * score;
                continue;
            }
            let left = 1.0 - weight * lever;
            let omega = match self.vcov {
                Vcov::HC2 => 1.0 / left,
                Vcov::HC3 => 1.0 / (left * left),
                Vcov::HC4 => left.powf(-(n * weight * lever / k).min(4.0)),
                _ => 1.0,
            };
            rss += times * weight * e * e;
            total += times * score * score * omega;
        }
        let count = self.cluster_count as f64;
        let summed: f64 = work.scores.iter().map(|s| s * s).sum();
        match self.vcov {
            Vcov::Classical => rss / (n - k) * product(&self.row, &direction),
            Vcov::HC1 => total * n / (n - k),
            Vcov::Robust => total * n / (n - 1.0),
            Vcov::CR0 => summed,
            Vcov::CR1 => summed * count / (count - 1.0),
            Vcov::CR1S => summed * count / (count - 1.0) * (n - 1.0) / (n - k),
            _ => total,
        }
    }

    fn gather<Codes: Fn(usize) -> u32>(&self, draw: &Draw<'_, Codes>, work: &mut Workspace) {
        let levels = self.levels as u32;
        let cells = self.pattern.iter().enumerate();
        work.cell.clear();
        work.cell
            .extend(cells.map(|(i, pattern)| pattern * levels + (draw.codes)(i)));
        work.totals.clear();
        work.totals.resize(self.cells.len(), [0.0; 2]);
        match (draw.times, self.weights.as_slice()) {
            (None, []) => self.add(work, |_| 1.0),
            (None, weights) => self.add(work, |i| weights[i]),
            (Some(times), []) => self.add(work, |i| times[i]),
            (Some(times), weights) => self.add(work, |i| times[i] * weights[i]),
        }
    }

    fn add(&self, work: &mut Workspace, weight: impl Fn(usize) -> f64) {
        for (i, (y, cell)) in self.y.iter().zip(&work.cell).enumerate() {
            let [total, sum] = &mut work.totals[*cell as usize];
            *total += weight(i);
            *sum += weight(i) * y;
        }
    }
}

/// A row of the design, or a combination of coefficients, in the basis.
fn in_basis(row: &[f64], from_basis: Option<&[Vec<f64>]>) -> Vec<f64> {
    let Some(from_basis) = from_basis else {
        return row.to_vec();
    };
    let mut turned = vec![0.0; row.len()];
    for (value, weights) in row.iter().zip(from_basis) {
        turned.iter_mut().zip(weights).for_each(|(t, w)| *t += value * w);
    }
    turned
}
