//! Ordinary least squares by a column-pivoted QR, never by the normal equations.
//!
//! β = argmin ‖y − Xβ‖², columns scaled by powers of two, then iterative refinement of coefficients and residuals
//! together (Björck 1967, doi:10.1007/BF01939321), whose sums are carried with their rounding errors
//! (Ogita, Rump & Oishi 2005, doi:10.1137/030601818), so that ill-conditioned polynomials keep their digits.
//! Held to estimatr, lm and statsmodels at 1e-9 (`tests/oracle.rs`) and to NIST's certified values.

use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::Vcov;
use faer::Mat;

/// A diagonal of R below this share of the largest is a linear dependency.
const RANK_TOLERANCE: f64 = 1e-13;
/// Steps of refinement; each gains the digits that the condition number leaves.
const REFINEMENTS: usize = 4;

/// A fitted linear model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// k coefficients in the order of the design's columns.
    pub coefficients: Vec<f64>,
    /// k × k, by rows.
    pub vcov: Vec<Vec<f64>>,
    pub residuals: Vec<f64>,
    /// n − k.
    pub df_residual: f64,
    pub sigma: f64,
    /// Nothing if the model has no intercept's worth of variation to explain.
    pub r_squared: Option<f64>,
    /// The residuals are rounding: there is nothing to test against.
    pub exact: bool,
}

/// What least squares gives before any variance is chosen.
#[derive(Clone, Debug)]
pub struct Solution {
    pub coefficients: Vec<f64>,
    pub residuals: Vec<f64>,
    /// n × k: row i is (X′X)⁻¹xᵢ, the influence of observation i.
    pub influence: Vec<Vec<f64>>,
    /// The hat matrix's diagonal.
    pub leverage: Vec<f64>,
    /// (X′X)⁻¹ by rows.
    pub bread: Vec<Vec<f64>>,
}

/// Least squares on columns `x` (k of n values) and outcome `y` (n). Columns that depend on others are named by
/// their positions.
pub fn least_squares(x: &[Vec<f64>], y: &[f64]) -> Result<Solution, Vec<usize>> {
    let (n, k) = (y.len(), x.len());
    let norms: Vec<f64> = x.iter().map(|c| norm(c)).collect();
    let zero: Vec<usize> = (0..k).filter(|c| norms[*c] == 0.0).collect();
    if !zero.is_empty() || n < k {
        return Err(if zero.is_empty() { (0..k).collect() } else { zero });
    }
    let scaled = Mat::from_fn(n, k, |i, j| x[j][i] / norms[j]);
    let qr = scaled.col_piv_qr();
    let (q, r) = (qr.compute_thin_Q(), qr.thin_R());
    // Position j of the factorisation holds column order[j] of the design.
    let order: Vec<usize> = qr.P().arrays().0.to_vec();
    let dependent: Vec<usize> = (0..k)
        .filter(|j| r[(*j, *j)].abs() <= RANK_TOLERANCE * r[(0, 0)].abs())
        .map(|j| order[j])
        .collect();
    if !dependent.is_empty() {
        return Err(dependent);
    }
    let project =
        |v: &[f64]| -> Vec<f64> { (0..k).map(|j| (0..n).map(|i| q[(i, j)] * v[i]).sum()).collect() };
    // R z = v, back to the design's columns and units.
    let back = |mut z: Vec<f64>| -> Vec<f64> {
        for j in (0..k).rev() {
            let known: f64 = (j + 1..k).map(|c| r[(j, c)] * z[c]).sum();
            z[j] = (z[j] - known) / r[(j, j)];
        }
        let mut out = vec![0.0; k];
        for j in 0..k {
            out[order[j]] = z[j] / norms[order[j]];
        }
        out
    };
    // R′ z = v, from the design's columns.
    let forward = |v: &[f64]| -> Vec<f64> {
        let mut z: Vec<f64> = (0..k).map(|j| v[order[j]] / norms[order[j]]).collect();
        for j in 0..k {
            let known: f64 = (0..j).map(|c| r[(c, j)] * z[c]).sum();
            z[j] = (z[j] - known) / r[(j, j)];
        }
        z
    };
    let mut coefficients = back(project(y));
    let mut residuals = residuals_of(x, y, &coefficients, &vec![0.0; n]);
    for _ in 0..REFINEMENTS {
        let open = residuals_of(x, y, &coefficients, &residuals);
        let lean: Vec<f64> = x.iter().map(|column| -dot(column, &residuals)).collect();
        let step: Vec<f64> = project(&open)
            .iter()
            .zip(forward(&lean))
            .map(|(d, h)| d - h)
            .collect();
        for i in 0..n {
            residuals[i] += open[i] - (0..k).map(|j| q[(i, j)] * step[j]).sum::<f64>();
        }
        coefficients.iter_mut().zip(back(step)).for_each(|(b, s)| *b += s);
    }
    let inverse = invert_upper(k, &|a, b| r[(a, b)]);
    let influence = (0..n)
        .map(|i| {
            let mut row = vec![0.0; k];
            for a in 0..k {
                let sum: f64 = (a..k).map(|c| inverse[a][c] * q[(i, c)]).sum();
                row[order[a]] = sum / norms[order[a]];
            }
            row
        })
        .collect();
    let leverage = (0..n)
        .map(|i| (0..k).map(|j| q[(i, j)] * q[(i, j)]).sum())
        .collect();
    let mut bread = vec![vec![0.0; k]; k];
    for a in 0..k {
        for b in 0..k {
            let sum: f64 = (a.max(b)..k).map(|c| inverse[a][c] * inverse[b][c]).sum();
            bread[order[a]][order[b]] = sum / norms[order[a]] / norms[order[b]];
        }
    }
    Ok(Solution {
        coefficients,
        residuals,
        influence,
        leverage,
        bread,
    })
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
            sum.value + sum.error
        })
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = Sum {
        value: 0.0,
        error: 0.0,
    };
    for (a, b) in a.iter().zip(b) {
        sum.add(*a, *b);
    }
    sum.value + sum.error
}

/// A sum with what rounding took from it.
struct Sum {
    value: f64,
    error: f64,
}

impl Sum {
    /// Adds a · b.
    fn add(&mut self, a: f64, b: f64) {
        let product = a * b;
        let product_error = a.mul_add(b, -product);
        let total = self.value + product;
        let part = total - self.value;
        self.error += (self.value - (total - part)) + (product - part) + product_error;
        self.value = total;
    }
}

/// Fits a design by ordinary least squares.
///
/// # Errors
/// E006 for a value that is not finite; E002 where n ≤ k; E004 for an outcome without variation;
/// E001 naming the columns that depend on others; E003 for a leverage of 1 under HC2 or HC3.
pub fn fit(design: &Design, kind: Vcov) -> Result<Fit, Refusal> {
    let (n, k) = (design.rows(), design.columns.len());
    let finite = design
        .y
        .iter()
        .chain(design.x.iter().flatten())
        .all(|v| v.is_finite());
    if !finite || design.x.iter().any(|c| c.len() != n) || design.lines.len() != n {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "a value that enters the model is not a finite number",
        ));
    }
    if n <= k {
        let message = format!("{n} rows cannot determine {k} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let first = design.y.first().copied().unwrap_or(0.0);
    if design.y.iter().all(|v| *v == first) {
        return Err(Refusal::new(
            codes::CONSTANT_OUTCOME,
            format!("the outcome is {first} in every row"),
        ));
    }
    let solution = least_squares(&design.x, &design.y).map_err(|columns| {
        let names: Vec<&str> = columns
            .iter()
            .filter_map(|c| design.columns.get(*c))
            .map(|c| c.name.as_str())
            .collect();
        Refusal::new(
            codes::RANK_DEFICIENT,
            format!(
                "these columns depend linearly on the others: {}",
                names.join(", ")
            ),
        )
    })?;
    let rss: f64 = solution.residuals.iter().map(|e| e * e).sum();
    let df_residual = (n - k) as f64;
    let vcov = super::vcov(&solution, kind, &design.lines)?;
    let mean = design.y.iter().sum::<f64>() / n as f64;
    let centred: f64 = design.y.iter().map(|v| (v - mean).powi(2)).sum();
    let size: f64 = design.y.iter().map(|v| v * v).sum();
    let spans = spans_constant(design);
    let total = if spans { centred } else { size };
    Ok(Fit {
        coefficients: solution.coefficients,
        vcov,
        residuals: solution.residuals,
        df_residual,
        sigma: (rss / df_residual).sqrt(),
        r_squared: (total > 0.0).then(|| 1.0 - rss / total),
        exact: rss <= 1e-24 * size,
    })
}

/// Whether R² is taken about the mean, as R does for a model with an intercept.
fn spans_constant(design: &Design) -> bool {
    design.columns.iter().any(|c| c.parts.is_empty())
}
