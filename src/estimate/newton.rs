//! Newton's method for concave log-likelihoods, with divergence recognised.
//!
//! θ ← θ + I⁻¹ g, halved while the log-likelihood falls. A maximum at infinity shows itself in steps that do not
//! shrink while the information vanishes (Albert & Anderson 1984, doi:10.1093/biomet/71.1.1): the last step is then
//! the direction in which the coefficients grow.

use crate::design::Refusal;
use crate::diagnostic::codes;

const MAX_ITERATIONS: u32 = 100;
const MAX_HALVINGS: u32 = 40;
/// A step below this share of the coefficient, or of one standardised unit, is the last: its square is rounding.
const SETTLED: f64 = 1e-7;
/// What is left of a direction's information, as a share of the information at the start, when it has vanished.
const VANISHED: f64 = 1e-11;

/// A log-likelihood with its derivatives at one point.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub value: f64,
    /// p
    pub gradient: Vec<f64>,
    /// p × p, −∂²ℓ/∂θ∂θ′.
    pub information: Vec<Vec<f64>>,
}

/// Where the iterations came to rest.
#[derive(Clone, Debug)]
pub struct Maximum {
    pub point: Vec<f64>,
    pub value: f64,
    /// p × p
    pub inverse_information: Vec<Vec<f64>>,
    pub iterations: u32,
    /// The largest |gradient| in units of standard errors.
    pub gradient: f64,
}

/// Why there is no maximum.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The coefficients grow in this direction, and the information with respect to it vanishes.
    Diverges(Vec<f64>),
    Refused(Refusal),
}

/// Maximises from `start`. `evaluate` gives nothing where the log-likelihood is −∞ or not defined.
///
/// # Errors
/// The direction of divergence; E011 where the iterations do not settle.
pub fn maximise(
    start: Vec<f64>,
    evaluate: &dyn Fn(&[f64]) -> Option<Evaluation>,
) -> Result<Maximum, Failure> {
    let mut point = start;
    let Some(mut here) = evaluate(&point) else {
        return Err(unsettled(0, f64::NAN));
    };
    let first: Vec<f64> = (0..point.len()).map(|j| here.information[j][j]).collect();
    let mut direction = vec![0.0; point.len()];
    let mut size = f64::NAN;
    for iteration in 1..=MAX_ITERATIONS {
        let Some(lower) = cholesky(&here.information, &first) else {
            return Err(vanished(direction, iteration));
        };
        let step = solve(&lower, &here.gradient);
        size = step
            .iter()
            .zip(&point)
            .fold(0.0f64, |m, (s, p)| m.max(s.abs() / p.abs().max(1.0)));
        let Some((next, there)) = advance(&point, &step, &here, evaluate) else {
            return Err(unsettled(iteration, size));
        };
        (point, here, direction) = (next, there, step);
        if size <= SETTLED {
            return rest(point, &here, &first, iteration).ok_or_else(|| unsettled(iteration, size));
        }
    }
    let grows = direction
        .iter()
        .zip(&point)
        .any(|(d, p)| d * p > 0.0 && d.abs() > 1e-3);
    Err(if grows {
        Failure::Diverges(direction)
    } else {
        unsettled(MAX_ITERATIONS, size)
    })
}

fn vanished(direction: Vec<f64>, iteration: u32) -> Failure {
    if iteration > 1 {
        return Failure::Diverges(direction);
    }
    Failure::Refused(Refusal::new(
        codes::RANK_DEFICIENT,
        "the columns of the model determine its coefficients too weakly to be told apart",
    ))
}

fn unsettled(iterations: u32, size: f64) -> Failure {
    let message = format!("the iterations did not settle: step {iterations} still moved by {size:e}");
    Failure::Refused(Refusal::new(codes::NO_CONVERGENCE, message))
}

/// The whole step, or the first of its halves that does not lower the log-likelihood.
fn advance(
    point: &[f64],
    step: &[f64],
    here: &Evaluation,
    evaluate: &dyn Fn(&[f64]) -> Option<Evaluation>,
) -> Option<(Vec<f64>, Evaluation)> {
    let slack = 1e-12 * here.value.abs().max(1.0);
    let mut share = 1.0;
    for _ in 0..MAX_HALVINGS {
        let next: Vec<f64> = point.iter().zip(step).map(|(p, s)| p + share * s).collect();
        if let Some(there) = evaluate(&next)
            && there.value >= here.value - slack
        {
            return Some((next, there));
        }
        share /= 2.0;
    }
    None
}

fn rest(point: Vec<f64>, here: &Evaluation, first: &[f64], iterations: u32) -> Option<Maximum> {
    let lower = cholesky(&here.information, first)?;
    let p = point.len();
    let mut inverse_information = Vec::with_capacity(p);
    for j in 0..p {
        let mut unit = vec![0.0; p];
        unit[j] = 1.0;
        inverse_information.push(solve(&lower, &unit));
    }
    symmetrise(&mut inverse_information);
    let scaled = |j: usize| here.gradient[j].abs() * inverse_information[j][j].sqrt();
    let gradient = (0..p).map(scaled).fold(0.0, f64::max);
    let finite = inverse_information.iter().flatten().chain(&point);
    let finite = finite.chain([&here.value, &gradient]).all(|v| v.is_finite());
    finite.then_some(Maximum {
        point,
        value: here.value,
        inverse_information,
        iterations,
        gradient,
    })
}

/// Rounding makes the two triangles differ; both become their mean.
#[expect(clippy::needless_range_loop, reason = "the indices are the matrix's")]
fn symmetrise(matrix: &mut [Vec<f64>]) {
    for a in 0..matrix.len() {
        for b in 0..a {
            let mean = 0.5 * (matrix[a][b] + matrix[b][a]);
            matrix[a][b] = mean;
            matrix[b][a] = mean;
        }
    }
}

/// The lower factor of a positive definite matrix; nothing where a pivot is lost in comparison with `first`.
fn cholesky(matrix: &[Vec<f64>], first: &[f64]) -> Option<Vec<Vec<f64>>> {
    let p = matrix.len();
    let mut lower = vec![vec![0.0; p]; p];
    for j in 0..p {
        let known: f64 = (0..j).map(|c| lower[j][c] * lower[j][c]).sum();
        let pivot = matrix[j][j] - known;
        if !pivot.is_finite() || pivot <= VANISHED * first[j].max(matrix[j][j]) {
            return None;
        }
        lower[j][j] = pivot.sqrt();
        for i in j + 1..p {
            let known: f64 = (0..j).map(|c| lower[i][c] * lower[j][c]).sum();
            lower[i][j] = (matrix[i][j] - known) / lower[j][j];
        }
    }
    Some(lower)
}

/// x of L L′ x = v.
fn solve(lower: &[Vec<f64>], v: &[f64]) -> Vec<f64> {
    let p = v.len();
    let mut x = v.to_vec();
    for i in 0..p {
        let known: f64 = (0..i).map(|c| lower[i][c] * x[c]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    for i in (0..p).rev() {
        let known: f64 = (i + 1..p).map(|c| lower[c][i] * x[c]).sum();
        x[i] = (x[i] - known) / lower[i][i];
    }
    x
}
