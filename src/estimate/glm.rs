//! Logit, probit, complementary log-log and Poisson regression by iteratively reweighted least squares.
//!
//! β maximises Σ wᵢ ℓ(yᵢ; μ(xᵢ′β)); each step is a weighted least squares by QR, halved while the likelihood falls
//! (McCullagh & Nelder 1989, ISBN 9780412317606). Separation is recognised by its certificate: a direction in which
//! every row's likelihood can only rise (Albert & Anderson 1984, doi:10.1093/biomet/71.1.1).
//! Held to R's `glm`, survey's `svyglm` and statsmodels (`tests/likelihood.rs`).

use super::likelihood::Likelihood;
use super::link::normal_density;
use super::ols::Factored;
use super::{Link, tails};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::Information;

const MAX_ITERATIONS: u32 = 100;
/// Steps of the linear predictor below this share of its size are rounding.
const SETTLED: f64 = 1e-11;
/// Linear predictors beyond this are looked at for separation. It is held against a fit that does not settle.
const EXTREME: f64 = 5.0;
/// A step that has not settled by the last iteration but is below this is accepted.
const ACCEPTED: f64 = 1e-7;

/// Fits the model. Weights multiply the likelihood.
///
/// # Errors
/// E014 for an outcome that the family cannot have, E004 for one that is always the same; E001 naming dependent columns; E010 naming the columns that
/// separate the outcome; E011 with iterations and step where the iterations do not settle.
pub fn fit(
    design: &Design,
    link: Link,
    information: Information,
    from: Option<&[f64]>,
) -> Result<Likelihood, Refusal> {
    possible(design, link)?;
    Factored::new(&design.x).map_err(|columns| design.dependent(&columns))?;
    let ones = vec![1.0; design.rows()];
    let weights = if design.weights.is_empty() {
        &ones
    } else {
        &design.weights
    };
    let counts = counts(design);
    let mut eta: Vec<f64> = counts.iter().map(|c| start(link, *c)).collect();
    let mut beta = vec![0.0; design.columns.len()];
    let mut height = f64::NEG_INFINITY;
    if let Some(near) = from {
        (beta, eta) = (near.to_vec(), predictor(design, near));
        height = log_likelihood(&counts, link, weights, &eta);
    }
    let mut direction = beta.clone();
    let mut suspected = None;
    for iteration in 1..=MAX_ITERATIONS {
        let Some(proposal) = step(design, &counts, link, weights, &eta) else {
            // The columns are independent, so that it is the rows' information that vanished.
            separated(design, &counts, link, &direction)?;
            if let Some(refusal) = suspected {
                return Err(refusal);
            }
            let message = format!("the information became singular in step {iteration}");
            return Err(Refusal::new(codes::NO_CONVERGENCE, message));
        };
        let first = iteration == 1 && from.is_none();
        let mut share = 1.0;
        let (next, next_eta, next_height) = loop {
            let next: Vec<f64> = beta
                .iter()
                .zip(&proposal)
                .map(|(b, p)| if first { *p } else { b + share * (p - b) })
                .collect();
            let next_eta = predictor(design, &next);
            let next_height = log_likelihood(&counts, link, weights, &next_eta);
            let falls = next_height < height - 1e-10 * height.abs() || next_height.is_nan();
            if !falls || share < 1e-3 {
                break (next, next_eta, next_height);
            }
            share /= 2.0;
        };
        let size = next_eta.iter().fold(1.0f64, |m, e| m.max(e.abs()));
        let moved = eta
            .iter()
            .zip(&next_eta)
            .fold(0.0f64, |m, (a, b)| m.max((a - b).abs()));
        direction = next.iter().zip(&beta).map(|(a, b)| a - b).collect();
        if size > EXTREME
            && !first
            && let Err(refusal) = separated(design, &counts, link, &direction)
        {
            // Its scores vanish altogether, so that iterations would seem to settle.
            if link == Link::Cloglog {
                return Err(refusal);
            }
            suspected = Some(refusal);
        }
        (beta, eta, height) = (next, next_eta, next_height);
        let done = !first && moved <= SETTLED * size;
        if done || (iteration == MAX_ITERATIONS && moved <= ACCEPTED * size) {
            return finish(
                design,
                &counts,
                link,
                weights,
                information,
                (beta, eta),
                iteration,
            )
            .map_err(|refusal| suspected.unwrap_or(refusal));
        }
    }
    separated(design, &counts, link, &direction)?;
    if let Some(refusal) = suspected {
        return Err(refusal);
    }
    let message = format!("the iterations did not settle in {MAX_ITERATIONS} steps");
    Err(Refusal::new(codes::NO_CONVERGENCE, message))
}

fn possible(design: &Design, link: Link) -> Result<(), Refusal> {
    if !design.trials.is_empty() {
        return Ok(());
    }
    let allowed = |y: f64| match link {
        Link::Log => y >= 0.0 && y.fract() == 0.0,
        _ => y == 0.0 || y == 1.0,
    };
    let Some(row) = design.y.iter().position(|y| !allowed(*y)) else {
        return varies(design, link);
    };
    let expected = if link == Link::Log {
        "a count: 0, 1, 2, …"
    } else {
        "0 or 1"
    };
    let (line, value) = (design.lines.get(row), design.y.get(row));
    let message = format!(
        "the outcome on line {} is {}, and this model needs {expected}",
        line.copied().unwrap_or(0),
        value.copied().unwrap_or(f64::NAN)
    );
    Err(Refusal::new(codes::BAD_OUTCOME, message))
}

/// Counts may all be alike, but not all zero; a choice must be made both ways.
fn varies(design: &Design, link: Link) -> Result<(), Refusal> {
    let first = design.y.first().copied().unwrap_or(0.0);
    if (link == Link::Log && first != 0.0) || design.y.iter().any(|y| *y != first) {
        return Ok(());
    }
    let message = format!("the outcome is {first} in every row");
    Err(Refusal::new(codes::CONSTANT_OUTCOME, message))
}

/// For each row what counts as 1 and what as 0: one of them, or successes and failures; of a count or a number itself.
type Counts = Vec<(f64, f64)>;

fn counts(design: &Design) -> Counts {
    let failures = |(row, y): (usize, &f64)| design.trials.get(row).copied().unwrap_or(1.0) - y;
    let rows = design.y.iter().enumerate();
    rows.map(|(row, y)| (*y, failures((row, y)))).collect()
}

/// Where the iterations begin, as R's `glm` does.
fn start(link: Link, (ones, zeros): (f64, f64)) -> f64 {
    let middle = (ones + 0.5) / (ones + zeros + 1.0);
    match link {
        Link::Identity => ones,
        Link::Logit => (middle / (1.0 - middle)).ln(),
        // Near the normal quantile, and it of 1/4 and 3/4.
        Link::Probit => 0.613_950_7 * (middle / (1.0 - middle)).ln(),
        Link::Cloglog => (-(1.0 - middle).ln()).ln(),
        Link::Log => (ones + 0.1).ln(),
    }
}

/// The least squares of one iteration, on the working response.
fn step(design: &Design, counts: &Counts, link: Link, weights: &[f64], eta: &[f64]) -> Option<Vec<f64>> {
    let (roots, response): (Vec<f64>, Vec<f64>) = counts
        .iter()
        .zip(weights)
        .zip(eta)
        .map(|((count, w), eta)| {
            let working = expected(link, *count, *eta).max(f64::MIN_POSITIVE.sqrt());
            let root = (w * working).sqrt();
            (root, root * (eta + score(link, *count, *eta) / working))
        })
        .unzip();
    Some(weighted(design, &roots).ok()?.coefficients(&response))
}

fn weighted(design: &Design, roots: &[f64]) -> Result<Factored, Refusal> {
    let x: Vec<Vec<f64>> = design
        .x
        .iter()
        .map(|column| column.iter().zip(roots).map(|(v, r)| v * r).collect())
        .collect();
    Factored::new(&x).map_err(|columns| design.dependent(&columns))
}

fn predictor(design: &Design, beta: &[f64]) -> Vec<f64> {
    (0..design.rows())
        .map(|row| design.x.iter().zip(beta).map(|(column, b)| column[row] * b).sum())
        .collect()
}

/// ∂ℓ/∂η of one row.
fn score(link: Link, (ones, zeros): (f64, f64), eta: f64) -> f64 {
    match link {
        Link::Identity => ones - eta,
        Link::Log => ones - link.mean(eta),
        // Without cancellation: a row whose score is rounded to zero would end the iterations under separation.
        Link::Logit => ones * link.mean(-eta) - zeros * link.mean(eta),
        Link::Probit => {
            times(ones, || normal_density(eta) / tails::normal_sf(-eta))
                - times(zeros, || normal_density(eta) / tails::normal_sf(eta))
        }
        Link::Cloglog => times(ones, || eta.exp() / eta.exp().exp_m1()) - times(zeros, || eta.exp()),
    }
}

/// A share of a row's likelihood that may have no part in it.
fn times(count: f64, value: impl Fn() -> f64) -> f64 {
    if count == 0.0 { 0.0 } else { count * value() }
}

/// −E ∂²ℓ/∂η²
fn expected(link: Link, (ones, zeros): (f64, f64), eta: f64) -> f64 {
    let one = match link {
        Link::Identity => return 1.0,
        Link::Log => return link.slope(eta),
        Link::Logit => link.slope(eta),
        Link::Probit => normal_density(eta).powi(2) / (tails::normal_sf(eta) * tails::normal_sf(-eta)),
        Link::Cloglog => (2.0 * eta).exp() / eta.exp().exp_m1(),
    };
    (ones + zeros) * one
}

/// −∂²ℓ/∂η² of one row.
fn observed(link: Link, (ones, zeros): (f64, f64), eta: f64) -> f64 {
    match link {
        Link::Identity | Link::Logit | Link::Log => expected(link, (ones, zeros), eta),
        Link::Probit => {
            let curve = |s: f64| s * (s + eta);
            times(ones, || curve(score(link, (1.0, 0.0), eta)))
                + times(zeros, || curve(score(link, (0.0, 1.0), eta)))
        }
        Link::Cloglog => {
            let success = || {
                let (s, rate) = (score(link, (1.0, 0.0), eta), eta.exp());
                // s = r/(eʳ − 1); ds/dη = s(1 − r − s)
                -s * (1.0 - rate - s)
            };
            times(ones, success) + times(zeros, || eta.exp())
        }
    }
}

fn log_likelihood(counts: &Counts, link: Link, weights: &[f64], eta: &[f64]) -> f64 {
    let one = |(ones, zeros): (f64, f64), eta: f64| match link {
        Link::Identity => -0.5 * (ones - eta).powi(2),
        Link::Log => ones * eta - eta.exp() - libm::lgamma(ones + 1.0),
        _ => {
            let (success, failure) = (
                || log_probability(link, true, eta),
                || log_probability(link, false, eta),
            );
            times(ones, success) + times(zeros, failure) + ln_choose(ones, zeros)
        }
    };
    let rows = counts.iter().zip(weights).zip(eta);
    rows.map(|((count, w), eta)| w * one(*count, *eta)).sum()
}

/// ln P(y = 1) or ln P(y = 0).
fn log_probability(link: Link, success: bool, eta: f64) -> f64 {
    match (link, success) {
        (Link::Probit, _) => tails::normal_sf(if success { -eta } else { eta }).ln(),
        (Link::Cloglog, true) => (-(-eta.exp()).exp_m1()).ln(),
        (Link::Cloglog, false) => -eta.exp(),
        (_, success) => {
            let turned = if success { -eta } else { eta };
            -(turned.max(0.0) + (-turned.abs()).exp().ln_1p())
        }
    }
}

/// In how many orders the successes may come.
fn ln_choose(ones: f64, zeros: f64) -> f64 {
    if ones == 0.0 || zeros == 0.0 {
        return 0.0;
    }
    libm::lgamma(ones + zeros + 1.0) - libm::lgamma(ones + 1.0) - libm::lgamma(zeros + 1.0)
}

/// Whether moving on in this direction raises every row's likelihood and lowers none: then no maximum exists. Asked of
/// iterations that found none: near a maximum, rows far out move so much more than others that these seem to rest.
fn separated(design: &Design, counts: &Counts, link: Link, direction: &[f64]) -> Result<(), Refusal> {
    let moves = predictor(design, direction);
    let largest = moves.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest < 1e-3 {
        return Ok(());
    }
    let slack = 1e-5 * largest;
    let only_gains = counts.iter().zip(&moves).all(|((ones, zeros), m)| match link {
        Link::Log if *ones > 0.0 => m.abs() <= slack,
        Link::Log => *m <= slack,
        _ => (*ones == 0.0 || *m >= -slack) && (*zeros == 0.0 || *m <= slack),
    });
    if !only_gains {
        return Ok(());
    }
    let reach: Vec<f64> = design
        .x
        .iter()
        .zip(direction)
        .map(|(column, d)| d.abs() * column.iter().fold(0.0f64, |m, v| m.max(v.abs())))
        .collect();
    let furthest = reach.iter().fold(0.0f64, |m, v| m.max(*v));
    let names: Vec<&str> = design
        .columns
        .iter()
        .zip(&reach)
        .filter(|(column, reach)| !column.parts.is_empty() && **reach > 0.05 * furthest)
        .map(|(column, _)| column.name.as_str())
        .collect();
    let message = format!("the outcome is predicted perfectly by {}", names.join(", "));
    Err(Refusal::new(codes::SEPARATION, message))
}

fn finish(
    design: &Design,
    counts: &Counts,
    link: Link,
    weights: &[f64],
    information: Information,
    (beta, eta): (Vec<f64>, Vec<f64>),
    iterations: u32,
) -> Result<Likelihood, Refusal> {
    let roots: Vec<f64> = counts
        .iter()
        .zip(weights)
        .zip(&eta)
        .map(|((count, w), eta)| {
            let curvature = match information {
                Information::Observed => observed(link, *count, *eta),
                Information::Expected => expected(link, *count, *eta),
            };
            (w * curvature).max(0.0).sqrt()
        })
        .collect();
    let factored = weighted(design, &roots)?;
    let bread = factored.bread(&factored.inverse());
    let scores: Vec<Vec<f64>> = (0..design.rows())
        .map(|row| {
            let s = weights[row] * score(link, counts[row], eta[row]);
            design.x.iter().map(|column| s * column[row]).collect()
        })
        .collect();
    let gradient = (0..beta.len())
        .map(|j| scores.iter().map(|s| s[j]).sum::<f64>().abs() * bread[j][j].sqrt())
        .fold(0.0, f64::max);
    Ok(Likelihood {
        log_likelihood: log_likelihood(counts, link, weights, &eta),
        coefficients: beta,
        bread,
        scores,
        iterations,
        gradient,
    })
}
