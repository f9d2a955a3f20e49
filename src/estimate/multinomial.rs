//! Multinomial logit: ln P(y = j)/P(y = 0) = xβⱼ, the first category the base.
//!
//! β maximises Σ wᵢ ln pᵢ(yᵢ), pᵢ(j) = exp(xᵢβⱼ)/Σ_h exp(xᵢβ_h), β₀ = 0 (McFadden 1974, in Zarembka, Frontiers in
//! Econometrics), by Newton with the analytic Hessian Σ wᵢ pᵢ(j) (1{j = h} − pᵢ(h)) xᵢxᵢ′, whose inverse is the
//! variance. Held to nnet::multinom and statsmodels' MNLogit (`tests/multinomial.rs`), slopes of probabilities to
//! numerical derivatives of nnet's (`tests/slopes.rs`).

use super::likelihood::Likelihood;
use super::newton::{self, Evaluation, Failure};
use super::predictors::{Predictors, Standardised, carried, standardise, weights as checked};
use crate::design::Refusal;
use crate::diagnostic::codes;

/// Rows whose log-odds move by less than this share of the largest move stand still.
const STILL: f64 = 1e-3;
/// A coefficient that takes this share in the largest move is named.
const NAMED: f64 = 0.05;

/// A model's rows while it iterates.
struct Rows<'a> {
    columns: &'a [Vec<f64>],
    y: &'a [u32],
    weights: &'a [f64],
    categories: usize,
}

/// Fits the model to outcomes `y` in 0..`categories` (n) and k columns, the intercept's among them if there is one.
///
/// Coefficients are (β₁, …, β_{J−1}), each of k: by category, then column; `weights` (n) multiply the
/// log-likelihood.
///
/// # Errors
/// E014 for an outcome beyond the categories or fewer than two of them; E005 naming a category that no row of
/// positive weight has; E006 and E013 for values and weights that are not finite; E001 naming dependent columns;
/// E002 where n ≤ k (J − 1); E010 naming the columns that separate the categories; E011 without a maximum.
pub fn fit(
    predictors: Predictors<'_>,
    y: &[u32],
    categories: usize,
    weights: Option<&[f64]>,
) -> Result<Likelihood, Refusal> {
    predictors.finite(y.len())?;
    let weights = checked(weights, y.len())?;
    super::ordered::shares(y, categories, &weights)?;
    let k = predictors.columns.len();
    let p = k * (categories - 1);
    let n = weights.iter().filter(|w| **w > 0.0).count();
    if n <= p || k == 0 {
        let message = format!("{n} rows cannot determine {p} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let standard = standardise(predictors, &weights, false)?;
    let rows = Rows {
        columns: &standard.columns,
        y,
        weights: &weights,
        categories,
    };
    let maximum =
        newton::maximise(vec![0.0; p], &|point| rows.evaluate(point)).map_err(|failure| match failure {
            Failure::Refused(refusal) => refusal,
            Failure::Diverges(direction) => rows.diverges(predictors, &direction),
        })?;
    let back = back(&standard, p);
    let coefficients = back
        .iter()
        .map(|row| row.iter().zip(&maximum.point).map(|(t, v)| t * v).sum())
        .collect();
    Ok(Likelihood {
        coefficients,
        bread: carried(&back, &maximum.inverse_information),
        scores: rows.scores(&maximum.point, predictors.columns),
        log_likelihood: maximum.value,
        iterations: maximum.iterations,
        gradient: maximum.gradient,
    })
}

/// The p × p matrix from standardised parameters to those of the columns as given: the constant takes up the means.
fn back(standard: &Standardised, p: usize) -> Vec<Vec<f64>> {
    let k = standard.scales.len();
    (0..p)
        .map(|a| {
            let (first, column) = (a - a % k, a % k);
            let mut row = vec![0.0; p];
            row[a] = 1.0 / standard.scales[column];
            if standard.constant == Some(column) {
                for c in (0..k).filter(|c| *c != column) {
                    row[first + c] = -standard.means[c] / standard.scales[c] / standard.scales[column];
                }
            }
            row
        })
        .collect()
}

/// The J probabilities of a row `x` (k) under parameters by category, then column (k (J − 1)).
pub fn probabilities(x: &[f64], parameters: &[f64]) -> Vec<f64> {
    softmax(&log_odds(x, parameters)).0
}

/// ∂pⱼ/∂β_h = pⱼ (1{j = h} − p_h) x, J × k (J − 1).
pub fn gradients(x: &[f64], parameters: &[f64]) -> Vec<Vec<f64>> {
    let shares = probabilities(x, parameters);
    (0..shares.len())
        .map(|j| {
            let others = shares.iter().enumerate().skip(1);
            others
                .flat_map(|(h, p)| {
                    let slope = shares[j] * (f64::from(u8::from(h == j)) - p);
                    x.iter().map(move |v| slope * v)
                })
                .collect()
        })
        .collect()
}

/// ∂pⱼ/∂z where the number z moves the row `x` by `change` a unit: pⱼ (rⱼ − r̄), r_h = change β_h, r̄ = Σ p_h r_h; and its
/// gradient by the parameters. J of each.
pub fn slopes(x: &[f64], change: &[f64], parameters: &[f64]) -> Vec<(f64, Vec<f64>)> {
    let (shares, rises) = (probabilities(x, parameters), log_odds(change, parameters));
    let mean: f64 = shares.iter().zip(&rises).map(|(p, r)| p * r).sum();
    let each = shares.iter().zip(&rises).enumerate();
    each.map(|(j, (share, rise))| {
        let others = shares.iter().zip(&rises).enumerate().skip(1);
        let gradient = others.flat_map(|(m, (p, r))| {
            let own = f64::from(u8::from(j == m)) - p;
            let curve = own * (rise - mean) - p * (r - mean);
            x.iter()
                .zip(change)
                .map(move |(x, d)| share * (curve * x + own * d))
        });
        (share * (rise - mean), gradient.collect())
    })
    .collect()
}

/// 0, xβ₁, …, xβ_{J−1}
fn log_odds(x: &[f64], parameters: &[f64]) -> Vec<f64> {
    let mut odds = vec![0.0];
    let each = parameters.chunks(x.len().max(1));
    odds.extend(each.map(|beta| x.iter().zip(beta).map(|(x, b)| x * b).sum::<f64>()));
    odds
}

/// Shares proportional to the exponentials, and the logarithm of their sum.
fn softmax(odds: &[f64]) -> (Vec<f64>, f64) {
    let highest = odds.iter().fold(f64::NEG_INFINITY, |m, v| m.max(*v));
    let powers: Vec<f64> = odds.iter().map(|v| (v - highest).exp()).collect();
    let sum: f64 = powers.iter().sum();
    (powers.iter().map(|v| v / sum).collect(), highest + sum.ln())
}

/// 1 − p of each share, as the sum of the others.
fn complements(shares: &[f64]) -> Vec<f64> {
    (0..shares.len())
        .map(|j| {
            let others = shares.iter().enumerate().filter(|(h, _)| *h != j);
            others.map(|(_, p)| p).sum()
        })
        .collect()
}

impl Rows<'_> {
    fn row(&self, row: usize) -> Vec<f64> {
        self.columns.iter().map(|c| c[row]).collect()
    }

    /// 1{y = j} − pⱼ of each category, without cancellation.
    fn residuals(&self, row: usize, shares: &[f64]) -> Vec<f64> {
        let mut residuals: Vec<f64> = shares.iter().map(|p| -p).collect();
        let own = self.y[row] as usize;
        residuals[own] = complements(shares)[own];
        residuals
    }

    fn evaluate(&self, point: &[f64]) -> Option<Evaluation> {
        let (k, p) = (self.columns.len(), point.len());
        let mut total = Evaluation {
            value: 0.0,
            gradient: vec![0.0; p],
            information: vec![vec![0.0; p]; p],
        };
        for row in (0..self.y.len()).filter(|row| self.weights[*row] > 0.0) {
            let (x, w) = (self.row(row), self.weights[row]);
            let odds = log_odds(&x, point);
            let (shares, log_sum) = softmax(&odds);
            let (rest, residuals) = (complements(&shares), self.residuals(row, &shares));
            total.value += w * (odds[self.y[row] as usize] - log_sum);
            for j in 1..self.categories {
                for (c, x_c) in x.iter().enumerate() {
                    let a = (j - 1) * k + c;
                    total.gradient[a] += w * residuals[j] * x_c;
                    for h in 1..=j {
                        let curvature = if h == j { rest[j] } else { -shares[h] };
                        let both = w * shares[j] * curvature * x_c;
                        let target = total.information[a].iter_mut().skip((h - 1) * k);
                        target.zip(&x).for_each(|(t, x)| *t += both * x);
                    }
                }
            }
        }
        for a in 0..p {
            for b in 0..a {
                total.information[b][a] = total.information[a][b];
            }
        }
        total.value.is_finite().then_some(total)
    }

    /// wᵢ ∂ℓᵢ by the parameters of the columns `x` as given.
    fn scores(&self, point: &[f64], x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        (0..self.y.len())
            .map(|row| {
                let shares = softmax(&log_odds(&self.row(row), point)).0;
                let residuals = self.residuals(row, &shares);
                let slopes = residuals.iter().skip(1).map(|r| self.weights[row] * r);
                slopes
                    .flat_map(|slope| x.iter().map(move |column| slope * column[row]))
                    .collect()
            })
            .collect()
    }

    /// Names the columns that separate the categories, if moving on in this direction lowers no row's likelihood.
    fn diverges(&self, predictors: Predictors<'_>, direction: &[f64]) -> Refusal {
        let moves: Vec<Vec<f64>> = (0..self.y.len())
            .filter(|row| self.weights[*row] > 0.0)
            .map(|row| {
                let odds = log_odds(&self.row(row), direction);
                let own = odds[self.y[row] as usize];
                odds.iter().map(|o| own - o).collect()
            })
            .collect();
        let largest = moves.iter().flatten().fold(0.0f64, |m, v| m.max(v.abs()));
        let only_gains = moves.iter().flatten().all(|m| *m >= -STILL * largest);
        let k = self.columns.len();
        let varying = (0..k).filter(|c| self.columns[*c].windows(2).any(|w| w[0] != w[1]));
        let named: Vec<usize> = varying
            .filter(|c| {
                let reach = self.columns[*c].iter().fold(0.0f64, |m, v| m.max(v.abs()));
                let steepest = direction.iter().skip(*c).step_by(k);
                reach * steepest.fold(0.0f64, |m, d| m.max(d.abs())) > NAMED * largest
            })
            .collect();
        let names = predictors.list(&named);
        if only_gains && !named.is_empty() {
            let message = format!("the outcome's categories are predicted perfectly by {names}");
            return Refusal::new(codes::SEPARATION, message);
        }
        let message = format!("the coefficients grow without bound: {names}");
        Refusal::new(codes::NO_CONVERGENCE, message)
    }
}
