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
pub fn fit(design: &Design, link: Link, information: Information) -> Result<Likelihood, Refusal> {
    possible(design, link)?;
    Factored::new(&design.x).map_err(|columns| design.dependent(&columns))?;
    let ones = vec![1.0; design.rows()];
    let weights = if design.weights.is_empty() {
        &ones
    } else {
        &design.weights
    };
    let mut eta: Vec<f64> = design.y.iter().map(|y| start(link, *y)).collect();
    let mut beta = vec![0.0; design.columns.len()];
    let mut height = f64::NEG_INFINITY;
    let mut direction = beta.clone();
    let mut suspected = None;
    for iteration in 1..=MAX_ITERATIONS {
        let Some(proposal) = step(design, link, weights, &eta) else {
            // The columns are independent, so that it is the rows' information that vanished.
            separated(design, link, &direction)?;
            if let Some(refusal) = suspected {
                return Err(refusal);
            }
            let message = format!("the information became singular in step {iteration}");
            return Err(Refusal::new(codes::NO_CONVERGENCE, message));
        };
        let first = iteration == 1;
        let mut share = 1.0;
        let (next, next_eta, next_height) = loop {
            let next: Vec<f64> = beta
                .iter()
                .zip(&proposal)
                .map(|(b, p)| if first { *p } else { b + share * (p - b) })
                .collect();
            let next_eta = predictor(design, &next);
            let next_height = log_likelihood(design, link, weights, &next_eta);
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
            && let Err(refusal) = separated(design, link, &direction)
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
            return finish(design, link, weights, information, beta, eta, iteration)
                .map_err(|refusal| suspected.unwrap_or(refusal));
        }
    }
    separated(design, link, &direction)?;
    if let Some(refusal) = suspected {
        return Err(refusal);
    }
    let message = format!("the iterations did not settle in {MAX_ITERATIONS} steps");
    Err(Refusal::new(codes::NO_CONVERGENCE, message))
}

fn possible(design: &Design, link: Link) -> Result<(), Refusal> {
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

/// Where the iterations begin, as R's `glm` does.
fn start(link: Link, y: f64) -> f64 {
    let middle = (y + 0.5) / 2.0;
    match link {
        Link::Identity => y,
        Link::Logit => (middle / (1.0 - middle)).ln(),
        // The normal quantile of 1/4 and 3/4.
        Link::Probit => 0.674_489_750_196_081_7 * (2.0 * y - 1.0),
        Link::Cloglog => (-(1.0 - middle).ln()).ln(),
        Link::Log => (y + 0.1).ln(),
    }
}

/// The least squares of one iteration, on the working response.
fn step(design: &Design, link: Link, weights: &[f64], eta: &[f64]) -> Option<Vec<f64>> {
    let (roots, response): (Vec<f64>, Vec<f64>) = design
        .y
        .iter()
        .zip(weights)
        .zip(eta)
        .map(|((y, w), eta)| {
            let working = expected(link, *eta).max(f64::MIN_POSITIVE.sqrt());
            let root = (w * working).sqrt();
            (root, root * (eta + score(link, *y, *eta) / working))
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
fn score(link: Link, y: f64, eta: f64) -> f64 {
    match link {
        Link::Identity => y - eta,
        Link::Log => y - link.mean(eta),
        // Without cancellation: a row whose score is rounded to zero would end the iterations under separation.
        Link::Logit if y == 1.0 => link.mean(-eta),
        Link::Logit => -link.mean(eta),
        Link::Probit if y == 1.0 => normal_density(eta) / tails::normal_sf(-eta),
        Link::Probit => -normal_density(eta) / tails::normal_sf(eta),
        Link::Cloglog if y == 1.0 => eta.exp() / eta.exp().exp_m1(),
        Link::Cloglog => -eta.exp(),
    }
}

/// −E ∂²ℓ/∂η²
fn expected(link: Link, eta: f64) -> f64 {
    match link {
        Link::Identity => 1.0,
        Link::Logit | Link::Log => link.slope(eta),
        Link::Probit => normal_density(eta).powi(2) / (tails::normal_sf(eta) * tails::normal_sf(-eta)),
        Link::Cloglog => (2.0 * eta).exp() / eta.exp().exp_m1(),
    }
}

/// −∂²ℓ/∂η² of one row.
fn observed(link: Link, y: f64, eta: f64) -> f64 {
    match link {
        Link::Identity | Link::Logit | Link::Log => expected(link, eta),
        Link::Probit => {
            let s = score(link, y, eta);
            s * (s + eta)
        }
        Link::Cloglog if y == 1.0 => {
            let s = score(link, y, eta);
            let rate = eta.exp();
            // s = r/(eʳ − 1); ds/dη = s(1 − r − s)
            -s * (1.0 - rate - s)
        }
        Link::Cloglog => eta.exp(),
    }
}

fn log_likelihood(design: &Design, link: Link, weights: &[f64], eta: &[f64]) -> f64 {
    let one = |y: f64, eta: f64| match link {
        Link::Identity => -0.5 * (y - eta).powi(2),
        Link::Logit => {
            y * eta
                - if eta > 0.0 {
                    eta + (-eta).exp().ln_1p()
                } else {
                    eta.exp().ln_1p()
                }
        }
        Link::Probit => tails::normal_sf(if y == 1.0 { -eta } else { eta }).ln(),
        Link::Cloglog if y == 1.0 => (-(-eta.exp()).exp_m1()).ln(),
        Link::Cloglog => -eta.exp(),
        Link::Log => y * eta - eta.exp() - libm::lgamma(y + 1.0),
    };
    let rows = design.y.iter().zip(weights).zip(eta);
    rows.map(|((y, w), eta)| w * one(*y, *eta)).sum()
}

/// Whether moving on in this direction raises every row's likelihood and lowers none: then no maximum exists. Asked of
/// iterations that found none: near a maximum, rows far out move so much more than others that these seem to rest.
fn separated(design: &Design, link: Link, direction: &[f64]) -> Result<(), Refusal> {
    let moves = predictor(design, direction);
    let largest = moves.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    if largest < 1e-3 {
        return Ok(());
    }
    let slack = 1e-5 * largest;
    let only_gains = design.y.iter().zip(&moves).all(|(y, m)| match link {
        Link::Log if *y > 0.0 => m.abs() <= slack,
        Link::Log => *m <= slack,
        _ if *y == 1.0 => *m >= -slack,
        _ => *m <= slack,
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
    link: Link,
    weights: &[f64],
    information: Information,
    beta: Vec<f64>,
    eta: Vec<f64>,
    iterations: u32,
) -> Result<Likelihood, Refusal> {
    let roots: Vec<f64> = design
        .y
        .iter()
        .zip(weights)
        .zip(&eta)
        .map(|((y, w), eta)| {
            let curvature = match information {
                Information::Observed => observed(link, *y, *eta),
                Information::Expected => expected(link, *eta),
            };
            (w * curvature).max(0.0).sqrt()
        })
        .collect();
    let factored = weighted(design, &roots)?;
    let bread = factored.bread(&factored.inverse());
    let scores: Vec<Vec<f64>> = (0..design.rows())
        .map(|row| {
            let s = weights[row] * score(link, design.y[row], eta[row]);
            design.x.iter().map(|column| s * column[row]).collect()
        })
        .collect();
    let gradient = (0..beta.len())
        .map(|j| scores.iter().map(|s| s[j]).sum::<f64>().abs() * bread[j][j].sqrt())
        .fold(0.0, f64::max);
    Ok(Likelihood {
        log_likelihood: log_likelihood(design, link, weights, &eta),
        coefficients: beta,
        bread,
        scores,
        iterations,
        gradient,
    })
}
