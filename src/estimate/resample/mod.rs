//! Coefficients fitted again on other rows: the bootstrap, and the jackknife where it has no closed form.
//!
//! pairs: rows, or whole clusters, drawn with replacement (Efron 1979, doi:10.1214/aos/1176344552), within arms for a
//! difference in means · wild: residuals of least squares times ±1 for each row or cluster (Wu 1986,
//! doi:10.1214/aos/1176350142; Cameron, Gelbach & Miller 2008, doi:10.1162/rest.90.3.414) · jackknife: without one row or
//! cluster each (Efron 1982, doi:10.1137/1.9781611970319). Draws come from the model's own seed, each from its own
//! stream. One that cannot be fitted is counted; more than 1 in 20 are refused.
//! Held to R's boot draw by draw, and to loops in R (`tests/resampling.rs`).

mod kernel;
mod percentile;
mod units;

pub use kernel::refit;
pub use percentile::{bca, percentile};

use super::Fit;
use super::ols::{self, Solution};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::{Bootstrap, BootstrapKind, Intervals, ModelPlan, Vcov};
use kernel::{Kernel, Work};
use units::Units;

/// More draws than one in this many that cannot be fitted make the spread meaningless.
const FAILURES: u64 = 20;

/// A bootstrap's draws.
#[derive(Clone, Debug)]
pub struct Draws {
    /// The coefficients of every draw that could be fitted, in the order of the draws.
    pub coefficients: Vec<Vec<f64>>,
    pub asked: u64,
    pub failed: u64,
    pub intervals: Intervals,
    /// Of corrected intervals.
    pub without: Option<Without>,
}

/// The coefficients without each unit, and the units that are drawn among each other.
#[derive(Clone, Debug)]
pub struct Without {
    coefficients: Vec<Vec<f64>>,
    strata: Vec<Vec<u32>>,
}

impl Without {
    /// Empirical influences on a function of the coefficients: (n − 1)(mean − value without the unit), by stratum.
    pub fn influences(&self, value: &dyn Fn(&[f64]) -> f64) -> Vec<f64> {
        let values: Vec<f64> = self.coefficients.iter().map(|b| value(b)).collect();
        let of_stratum = |stratum: &Vec<u32>| {
            let own: Vec<f64> = stratum
                .iter()
                .filter_map(|u| values.get(*u as usize).copied())
                .collect();
            let n = own.len() as f64;
            let mean = own.iter().sum::<f64>() / n;
            own.into_iter()
                .map(move |v| (n - 1.0) * (mean - v))
                .collect::<Vec<_>>()
        };
        self.strata.iter().flat_map(of_stratum).collect()
    }
}

/// The fit with the variance that is drawn in the place of the one that it has.
///
/// # Errors
/// E012 for fewer than two clusters; E015 where more than 1 in 20 draws, or a single fit without one, cannot be had.
pub(super) fn resampled(
    design: &Design,
    model: &ModelPlan,
    fit: Fit,
    seed: [u8; 32],
) -> Result<Fit, Refusal> {
    match (model.vcov, &model.bootstrap) {
        (Vcov::Bootstrap, Some(asked)) => {
            let draws = bootstrap(design, model, &fit, asked, seed)?;
            Ok(Fit {
                vcov: spread(&draws.coefficients),
                draws: Some(draws),
                ..fit
            })
        }
        (Vcov::Jackknife, _) => Ok(Fit {
            vcov: jackknife(design, model, &fit)?,
            ..fit
        }),
        _ => Ok(fit),
    }
}

fn bootstrap(
    design: &Design,
    model: &ModelPlan,
    fit: &Fit,
    asked: &Bootstrap,
    seed: [u8; 32],
) -> Result<Draws, Refusal> {
    let units = Units::new(design, model)?;
    let drawn: Vec<Result<Vec<f64>, Refusal>> = match asked.kind {
        BootstrapKind::Pairs => {
            let kernel = Kernel::new(design, model, fit)?;
            units::over_processors(asked.draws, &|number, work: &mut Work| {
                units.draw(seed, number, work);
                kernel.coefficients(work)
            })
        }
        BootstrapKind::Wild => {
            let solution = ols::solved(design)?;
            units::over_processors(asked.draws, &|number, work: &mut Work| {
                units.signs(seed, number, work);
                Ok(wild(&solution, work))
            })
        }
    };
    let failed = drawn.iter().filter(|d| d.is_err()).count() as u64;
    if failed > asked.draws / FAILURES {
        let first = drawn.iter().find_map(|d| d.as_ref().err());
        let message = format!(
            "{failed} of {} bootstrap draws cannot be fitted, the first because {}",
            asked.draws,
            first.map_or("", |f| &f.message)
        );
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    }
    Ok(Draws {
        coefficients: drawn.into_iter().filter_map(Result::ok).collect(),
        asked: asked.draws,
        failed,
        intervals: asked.intervals,
        without: match asked.intervals {
            Intervals::Bca => Some(Without {
                coefficients: each_without(&units, design, model, fit)?,
                strata: units.strata().to_vec(),
            }),
            _ => None,
        },
    })
}

/// β + (X′WX)⁻¹X′W(v ∘ e), v = ±1 for each unit.
fn wild(solution: &Solution, work: &Work) -> Vec<f64> {
    let mut beta = solution.coefficients.clone();
    for ((influence, e), sign) in solution
        .influence
        .iter()
        .zip(&solution.residuals)
        .zip(&work.times)
    {
        beta.iter_mut()
            .zip(influence)
            .for_each(|(b, a)| *b += a * sign * e);
    }
    beta
}

/// Σ over strata of (G − 1)/G Σ (β₍g₎ − β̄)(β₍g₎ − β̄)′.
fn jackknife(design: &Design, model: &ModelPlan, fit: &Fit) -> Result<Vec<Vec<f64>>, Refusal> {
    let units = Units::new(design, model)?;
    let fitted = each_without(&units, design, model, fit)?;
    let k = fit.coefficients.len();
    let mut total = vec![vec![0.0; k]; k];
    for stratum in units.strata() {
        let members: Vec<Vec<f64>> = stratum
            .iter()
            .filter_map(|u| fitted.get(*u as usize).cloned())
            .collect();
        let count = members.len() as f64;
        let scale = (count - 1.0) * (count - 1.0) / count;
        let own = spread(&members);
        for (row, own) in total.iter_mut().zip(own) {
            row.iter_mut().zip(own).for_each(|(t, v)| *t += scale * v);
        }
    }
    Ok(total)
}

/// The coefficients without each unit in turn.
fn each_without(
    units: &Units,
    design: &Design,
    model: &ModelPlan,
    fit: &Fit,
) -> Result<Vec<Vec<f64>>, Refusal> {
    let kernel = Kernel::new(design, model, fit)?;
    let fitted = units::over_processors(units.count() as u64, &|number, work: &mut Work| {
        units.without(number as usize, work);
        kernel.coefficients(work)
    });
    let named = |(unit, beta): (usize, Result<Vec<f64>, Refusal>)| {
        beta.map_err(|refusal| {
            let message = format!(
                "without the rows of line {} the model cannot be fitted: {}",
                units.line(unit, design),
                refusal.message
            );
            Refusal::new(codes::NOT_DEFINED, message)
        })
    };
    fitted.into_iter().enumerate().map(named).collect()
}

/// The covariance over draws, with m − 1.
fn spread(drawn: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let (m, k) = (drawn.len() as f64, drawn.first().map_or(0, Vec::len));
    let means: Vec<f64> = (0..k)
        .map(|j| drawn.iter().map(|d| d[j]).sum::<f64>() / m)
        .collect();
    let mut total = vec![vec![0.0; k]; k];
    for draw in drawn {
        for (a, row) in total.iter_mut().enumerate() {
            let left = draw[a] - means[a];
            let others = draw.iter().zip(&means);
            row.iter_mut()
                .zip(others)
                .for_each(|(t, (d, m))| *t += left * (d - m));
        }
    }
    total.iter_mut().flatten().for_each(|t| *t /= m - 1.0);
    total
}
