//! A least-squares contrast fitted again under another allocation, fast.
//!
//! Rows that share every covariate are one cell for each level of the redrawn factor, so that a draw costs a pass over
//! the rows and a fit over the cells. Normal equations by Cholesky on a centred outcome, in the orthonormal basis of the
//! observed design where it has numbers, so that one far from zero is no collinear column: these are replicates that
//! are ranked, the reported estimate comes from the QR.

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
    columns: Vec<Column>,
    /// For each row, which pattern of the other columns' values it has.
    pattern: Vec<usize>,
    /// A row of each pattern.
    sample: Vec<usize>,
    levels: usize,
    /// Centred.
    y: Vec<f64>,
    /// The contrast, in the basis if there is one.
    row: Vec<f64>,
    /// From coefficients of the basis to those of the columns.
    from_basis: Option<Vec<Vec<f64>>>,
    vcov: Vcov,
    statistic: RandomizationStatistic,
}

/// One replicate: the level of every row, how often it stands in it, and what its estimate is measured from.
pub(super) struct Draw<'a> {
    pub codes: &'a dyn Fn(usize) -> u32,
    pub times: Option<&'a [f64]>,
    pub centre: f64,
}

/// Reusable memory of one thread.
#[derive(Default)]
pub(super) struct Workspace {
    counts: Vec<f64>,
    sums: Vec<f64>,
    squares: Vec<f64>,
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
        let mut known: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut sample = Vec::new();
        let pattern = (0..design.rows())
            .map(|i| {
                let key: Vec<u64> = columns.iter().map(|c| c.rest[i].to_bits()).collect();
                *known.entry(key).or_insert_with(|| {
                    sample.push(i);
                    sample.len() - 1
                })
            })
            .collect();
        let mean = design.y.iter().sum::<f64>() / design.y.len() as f64;
        Some(Replicate {
            columns,
            pattern,
            sample,
            levels: names.len(),
            y: design.y.iter().map(|y| y - mean).collect(),
            row: in_basis(row, from_basis.as_deref()),
            from_basis,
            vcov,
            statistic,
        })
    }

    /// The statistic under these levels of the rows; nothing where the model cannot be fitted to them.
    pub fn statistic(&self, draw: &Draw<'_>, work: &mut Workspace) -> Option<f64> {
        self.gather(draw, work);
        let k = self.columns.len();
        let cells: Vec<(usize, Vec<f64>)> = (0..work.counts.len())
            .filter(|cell| work.counts[*cell] > 0.0)
            .map(|cell| (cell, self.values(cell)))
            .collect();
        let mut normal = vec![vec![0.0; k]; k];
        let mut right = vec![0.0; k];
        for (cell, x) in &cells {
            let (n, sum) = (work.counts[*cell], work.sums[*cell]);
            for a in 0..k {
                if x[a] == 0.0 {
                    continue;
                }
                right[a] += x[a] * sum;
                for b in 0..=a {
                    normal[a][b] += n * x[a] * x[b];
                }
            }
        }
        cholesky(&mut normal)?;
        let beta = solve(&normal, right);
        let estimate = beta.iter().zip(&self.row).map(|(b, l)| b * l).sum::<f64>() - draw.centre;
        if self.statistic == RandomizationStatistic::Estimate {
            return Some(estimate);
        }
        let direction = solve(&normal, self.row.clone());
        let n: f64 = work.counts.iter().sum();
        let (mut variance, mut rss) = (0.0, 0.0);
        for (cell, x) in &cells {
            let fit: f64 = x.iter().zip(&beta).map(|(x, b)| x * b).sum();
            let (count, sum) = (work.counts[*cell], work.sums[*cell]);
            let errors = (work.squares[*cell] - 2.0 * fit * sum + count * fit * fit).max(0.0);
            rss += errors;
            let lean: f64 = x.iter().zip(&direction).map(|(x, d)| x * d).sum();
            let omega = match self.vcov {
                Vcov::HC2 => 1.0 / (1.0 - leverage(&normal, x)),
                Vcov::HC3 => 1.0 / (1.0 - leverage(&normal, x)).powi(2),
                _ => 1.0,
            };
            variance += lean * lean * errors * omega;
        }
        let k = k as f64;
        let variance = match self.vcov {
            Vcov::Classical => {
                rss / (n - k) * self.row.iter().zip(&direction).map(|(l, d)| l * d).sum::<f64>()
            }
            Vcov::HC1 => variance * n / (n - k),
            _ => variance,
        };
        (variance > 0.0 && variance.is_finite()).then(|| estimate / variance.sqrt())
    }

    fn gather(&self, draw: &Draw<'_>, work: &mut Workspace) {
        let cells = self.levels * self.sample.len();
        for part in [&mut work.counts, &mut work.sums, &mut work.squares] {
            part.clear();
            part.resize(cells, 0.0);
        }
        for (i, (y, pattern)) in self.y.iter().zip(&self.pattern).enumerate() {
            let cell = pattern * self.levels + (draw.codes)(i) as usize;
            let times = draw.times.map_or(1.0, |t| t[i]);
            work.counts[cell] += times;
            work.sums[cell] += times * y;
            work.squares[cell] += times * y * y;
        }
    }

    /// The design row of a cell.
    fn values(&self, cell: usize) -> Vec<f64> {
        let (pattern, code) = (cell / self.levels, (cell % self.levels) as u32);
        let row = self.sample[pattern];
        let one = |c: &Column| {
            if c.level.is_none_or(|l| l == code) {
                c.rest[row]
            } else {
                0.0
            }
        };
        let values: Vec<f64> = self.columns.iter().map(one).collect();
        in_basis(&values, self.from_basis.as_deref())
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
