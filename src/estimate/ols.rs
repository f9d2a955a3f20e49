//! Ordinary least squares by a column-pivoted QR, never by the normal equations.
//!
//! β = argmin ‖y − Xβ‖², columns scaled by powers of two, then iterative refinement of coefficients and residuals
//! together (Björck 1967, doi:10.1007/BF01939321), whose sums are carried with their rounding errors
//! (Ogita, Rump & Oishi 2005, doi:10.1137/030601818), so that ill-conditioned polynomials keep their digits.
//! Held to estimatr, lm and statsmodels at 1e-9 (`tests/oracle.rs`) and to NIST's certified values.

use super::compressed::{self, Shared};
use super::{Fit, Link, Reference, Response, likelihood};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::{ModelPlan, Vcov};
use faer::Mat;

/// A diagonal of R below this share of the largest is a linear dependency.
const RANK_TOLERANCE: f64 = 1e-13;
/// A leverage nearer to 1 than this leaves nothing of the residual but rounding.
pub(super) const LEVERAGE_ONE: f64 = 1e-10;
/// Steps of refinement; each gains the digits that the condition number leaves.
pub(super) const REFINEMENTS: usize = 4;

/// What least squares gives before any variance is chosen.
#[derive(Clone, Debug)]
pub struct Solution {
    pub coefficients: Vec<f64>,
    pub residuals: Vec<f64>,
    /// n × k: row i is (X′X)⁻¹xᵢ, the influence of observation i.
    pub influence: Shared<Vec<f64>>,
    /// The hat matrix's diagonal.
    pub leverage: Shared<f64>,
    /// (X′X)⁻¹ by rows.
    pub bread: Vec<Vec<f64>>,
    /// n × k: the rows of an orthonormal basis Q of the columns, X = QT.
    pub basis: Shared<Vec<f64>>,
    /// T⁻¹, k × k: from coefficients of the basis to those of the columns.
    pub from_basis: Vec<Vec<f64>>,
}

/// Least squares on columns `x` (k of n values) and outcome `y` (n). Columns that depend on others are named by
/// their positions. A large design of few different rows is solved by these.
pub fn least_squares(x: &[Vec<f64>], y: &[f64]) -> Result<Solution, Vec<usize>> {
    match compressed::cells(x) {
        Some(cells) => compressed::solved(cells, y),
        None => by_rows(x, y),
    }
}

/// [`least_squares`] row by row.
pub(super) fn by_rows(x: &[Vec<f64>], y: &[f64]) -> Result<Solution, Vec<usize>> {
    let factored = Factored::new(x)?;
    let mut coefficients = factored.coefficients(y);
    let mut residuals = residuals_of(x, y, &coefficients, &vec![0.0; y.len()]);
    for _ in 0..REFINEMENTS {
        factored.refine(x, y, &mut coefficients, &mut residuals);
    }
    let inverse = factored.inverse();
    Ok(Solution {
        coefficients,
        residuals,
        influence: Shared::each(factored.influence(&inverse)),
        leverage: Shared::each(factored.leverage()),
        bread: factored.bread(&inverse),
        basis: Shared::each(factored.basis()),
        from_basis: factored.out_of_basis(&inverse),
    })
}

/// A column-pivoted QR of scaled columns.
pub(super) struct Factored {
    q: Mat<f64>,
    r: Mat<f64>,
    /// Position j of the factorisation holds column order[j] of the design.
    order: Vec<usize>,
    norms: Vec<f64>,
}

impl Factored {
    /// Factors k columns of n values each; columns that depend on others are named by their positions.
    pub fn new(x: &[Vec<f64>]) -> Result<Factored, Vec<usize>> {
        let (n, k) = (x.first().map_or(0, Vec::len), x.len());
        let norms: Vec<f64> = x.iter().map(|c| norm(c)).collect();
        let zero: Vec<usize> = (0..k).filter(|c| norms[*c] == 0.0).collect();
        if !zero.is_empty() || n < k {
            return Err(if zero.is_empty() { (0..k).collect() } else { zero });
        }
        let qr = Mat::from_fn(n, k, |i, j| x[j][i] / norms[j]).col_piv_qr();
        let factored = Factored {
            q: qr.compute_thin_Q(),
            r: qr.thin_R().to_owned(),
            order: qr.P().arrays().0.to_vec(),
            norms,
        };
        let r = &factored.r;
        let dependent: Vec<usize> = (0..k)
            .filter(|j| r[(*j, *j)].abs() <= RANK_TOLERANCE * r[(0, 0)].abs())
            .map(|j| factored.order[j])
            .collect();
        if dependent.is_empty() {
            Ok(factored)
        } else {
            Err(dependent)
        }
    }

    fn size(&self) -> usize {
        self.order.len()
    }

    /// The least squares of `y`, without refinement.
    pub fn coefficients(&self, y: &[f64]) -> Vec<f64> {
        self.back(self.project(y))
    }

    fn project(&self, v: &[f64]) -> Vec<f64> {
        let column = |j| (0..v.len()).map(|i| self.q[(i, j)] * v[i]).sum();
        (0..self.size()).map(column).collect()
    }

    /// R z = v, back to the design's columns and units.
    fn back(&self, mut z: Vec<f64>) -> Vec<f64> {
        let k = self.size();
        for j in (0..k).rev() {
            let known: f64 = (j + 1..k).map(|c| self.r[(j, c)] * z[c]).sum();
            z[j] = (z[j] - known) / self.r[(j, j)];
        }
        let mut out = vec![0.0; k];
        for (z, at) in z.into_iter().zip(&self.order) {
            out[*at] = z / self.norms[*at];
        }
        out
    }

    /// R′ z = v, from the design's columns.
    fn forward(&self, v: &[f64]) -> Vec<f64> {
        let mut z: Vec<f64> = self.order.iter().map(|at| v[*at] / self.norms[*at]).collect();
        for j in 0..z.len() {
            let known: f64 = (0..j).map(|c| self.r[(c, j)] * z[c]).sum();
            z[j] = (z[j] - known) / self.r[(j, j)];
        }
        z
    }

    /// (X′X)⁻¹ v
    pub fn normal(&self, v: &[f64]) -> Vec<f64> {
        self.back(self.forward(v))
    }

    /// One step of refinement of coefficients and residuals together.
    fn refine(&self, x: &[Vec<f64>], y: &[f64], coefficients: &mut [f64], residuals: &mut [f64]) {
        let open = residuals_of(x, y, coefficients, residuals);
        let lean: Vec<f64> = x.iter().map(|column| -dot(column, residuals)).collect();
        let step: Vec<f64> = self
            .project(&open)
            .iter()
            .zip(self.forward(&lean))
            .map(|(d, h)| d - h)
            .collect();
        for (i, residual) in residuals.iter_mut().enumerate() {
            *residual += open[i]
                - step
                    .iter()
                    .enumerate()
                    .map(|(j, s)| self.q[(i, j)] * s)
                    .sum::<f64>();
        }
        coefficients
            .iter_mut()
            .zip(self.back(step))
            .for_each(|(b, s)| *b += s);
    }

    /// R⁻¹
    pub fn inverse(&self) -> Vec<Vec<f64>> {
        invert_upper(self.size(), &|a, b| self.r[(a, b)])
    }

    pub fn influence(&self, inverse: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let k = self.size();
        let one = |i: usize| {
            let mut row = vec![0.0; k];
            for (a, at) in self.order.iter().enumerate() {
                let sum: f64 = (a..k).map(|c| inverse[a][c] * self.q[(i, c)]).sum();
                row[*at] = sum / self.norms[*at];
            }
            row
        };
        (0..self.q.nrows()).map(one).collect()
    }

    pub fn basis(&self) -> Vec<Vec<f64>> {
        let row = |i| (0..self.size()).map(|j| self.q[(i, j)]).collect();
        (0..self.q.nrows()).map(row).collect()
    }

    /// T⁻¹ of X = QT.
    pub fn out_of_basis(&self, inverse: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut rows = vec![Vec::new(); self.size()];
        for (row, at) in inverse.iter().zip(&self.order) {
            rows[*at] = row.iter().map(|v| v / self.norms[*at]).collect();
        }
        rows
    }

    pub fn leverage(&self) -> Vec<f64> {
        let one = |i: usize| (0..self.size()).map(|j| self.q[(i, j)] * self.q[(i, j)]).sum();
        (0..self.q.nrows()).map(one).collect()
    }

    /// (X′X)⁻¹
    pub fn bread(&self, inverse: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let k = self.size();
        let mut bread = vec![vec![0.0; k]; k];
        for (a, row) in self.order.iter().enumerate() {
            for (b, column) in self.order.iter().enumerate() {
                let sum: f64 = (a.max(b)..k).map(|c| inverse[a][c] * inverse[b][c]).sum();
                bread[*row][*column] = sum / self.norms[*row] / self.norms[*column];
            }
        }
        bread
    }
}

/// A power of two near the column's norm: dividing by it rounds nothing.
fn norm(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let norm = largest * values.iter().map(|v| (v / largest).powi(2)).sum::<f64>().sqrt();
    norm.log2().round().exp2()
}

/// R⁻¹ of an upper triangular R.
#[expect(clippy::needless_range_loop, reason = "the indices are the matrix's")]
fn invert_upper(k: usize, r: &dyn Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let mut inverse = vec![vec![0.0; k]; k];
    for column in 0..k {
        inverse[column][column] = 1.0 / r(column, column);
        for row in (0..column).rev() {
            let sum: f64 = (row + 1..=column).map(|c| r(row, c) * inverse[c][column]).sum();
            inverse[row][column] = -sum / r(row, row);
        }
    }
    inverse
}

/// y − r − Xβ, each sum carried with its rounding error.
fn residuals_of(x: &[Vec<f64>], y: &[f64], coefficients: &[f64], known: &[f64]) -> Vec<f64> {
    (0..y.len())
        .map(|i| {
            let mut sum = Sum {
                value: y[i],
                error: 0.0,
            };
            sum.add(-known[i], 1.0);
            for (column, b) in x.iter().zip(coefficients) {
                sum.add(-column[i], *b);
            }
            sum.total()
        })
        .collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = Sum::default();
    for (a, b) in a.iter().zip(b) {
        sum.add(*a, *b);
    }
    sum.total()
}

/// A sum with what rounding took from it.
#[derive(Clone, Default)]
pub(super) struct Sum {
    value: f64,
    error: f64,
}

impl Sum {
    pub fn total(&self) -> f64 {
        self.value + self.error
    }

    /// Adds a · b.
    pub fn add(&mut self, a: f64, b: f64) {
        let product = a * b;
        let product_error = a.mul_add(b, -product);
        let total = self.value + product;
        let part = total - self.value;
        self.error += (self.value - (total - part)) + (product - part) + product_error;
        self.value = total;
    }
}

/// The values times √w.
fn rooted(design: &Design, values: &[f64]) -> Vec<f64> {
    if design.weights.is_empty() {
        return values.to_vec();
    }
    values
        .iter()
        .zip(&design.weights)
        .map(|(v, w)| v * w.sqrt())
        .collect()
}

/// The hat matrix's diagonal, as R's `hatvalues`, exactly 1 where it is 1 but for rounding. Nothing if a column depends
/// on others.
pub fn leverage(design: &Design) -> Option<Vec<f64>> {
    let all = Factored::new(&weighted_columns(design)).ok()?.leverage();
    let whole = |h: f64| if 1.0 - h < LEVERAGE_ONE { 1.0 } else { h };
    Some(all.into_iter().map(whole).collect())
}

pub(super) fn weighted_columns(design: &Design) -> Vec<Vec<f64>> {
    design.x.iter().map(|column| rooted(design, column)).collect()
}

/// The (weighted) least squares of a design.
///
/// # Errors
/// E001 naming the columns that depend on others.
pub(super) fn solved(design: &Design) -> Result<Solution, Refusal> {
    let (x, y) = (weighted_columns(design), rooted(design, &design.y));
    least_squares(&x, &y).map_err(|columns| design.dependent(&columns))
}

/// Fits a design by ordinary or, where it has weights, weighted least squares: every row times √w.
///
/// # Errors
/// E004 for an outcome without variation; E001 naming the columns that depend on others; E003 for a leverage
/// of 1 where the variance divides by one minus it; E012 for fewer than two clusters.
pub fn fit(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    let kind = model.vcov;
    let (n, k) = (design.rows(), design.columns.len() + design.absorbed.df);
    let first = design.y.first().copied().unwrap_or(0.0);
    if design.y.iter().all(|v| *v == first) {
        return Err(Refusal::new(
            codes::CONSTANT_OUTCOME,
            format!("the outcome is {first} in every row"),
        ));
    }
    let weight = |row: usize| design.weights.get(row).copied().unwrap_or(1.0);
    let solution = solved(design)?;
    let y = rooted(design, &design.y);
    let rss: f64 = solution.residuals.iter().map(|e| e * e).sum();
    let df_residual = (n - k) as f64;
    let drawn = kind == Vcov::Bootstrap || kind == Vcov::Jackknife;
    let (vcov, moments) = super::vcov(design, &solution, if drawn { Vcov::Classical } else { kind })?;
    let total_weight: f64 = (0..n).map(weight).sum();
    let mean = (0..n).map(|i| weight(i) * design.y[i]).sum::<f64>() / total_weight;
    let centred: f64 = (0..n).map(|i| weight(i) * (design.y[i] - mean).powi(2)).sum();
    let size: f64 = y.iter().map(|v| v * v).sum();
    let total = if spans_constant(design) { centred } else { size };
    Ok(Fit {
        coefficients: solution.coefficients,
        vcov,
        reference: match moments {
            Some(moments) => Reference::BellMcCaffrey(Box::new(moments)),
            None => Reference::T(degrees(design, df_residual)),
        },
        response: Response::Mean(Link::Identity),
        names: design.columns.iter().map(|c| c.name.clone()).collect(),
        terms: design.columns.iter().map(|c| c.term).collect(),
        df_residual,
        sigma: Some((rss / df_residual).sqrt()),
        r_squared: (total > 0.0).then(|| 1.0 - rss / total),
        log_likelihood: None,
        draws: None,
        exact: rss <= 1e-24 * size,
    })
}

/// G − 1 under clusters (the smaller G of two groupings), else n − k.
fn degrees(design: &Design, df_residual: f64) -> f64 {
    let fewest = design
        .clusters
        .iter()
        .map(|groups| likelihood::distinct(groups))
        .min();
    match fewest {
        Some(count) => count as f64 - 1.0,
        None => df_residual,
    }
}

/// Whether R² is taken about the mean, as R does for a model with an intercept.
fn spans_constant(design: &Design) -> bool {
    design.columns.iter().any(|c| c.parts.is_empty())
}
