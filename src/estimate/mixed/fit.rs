//! From the data to a fitted mixed model.

use super::check;
use super::components::{canonical, components};
use super::problem::{Fixed, Part, Problem, factors};
use super::profile::Profile;
use super::satterthwaite::Curvature;
use super::search::Minimum;
use super::{Convergence, Fit, Term};
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::least_squares;
use crate::plan::Likelihood;

/// A diagonal entry of Λ this small is tried at zero; one below the second, or zero, makes the fit singular.
const NEAR_ZERO: f64 = 1e-3;
const SINGULAR: f64 = 1e-4;

/// Fits y = Xβ + Zb + ε by REML or ML: β, σ and θ of lme4's `lmer`.
///
/// `x`: k columns of n values; `y`: n; `terms`: the random terms, in any order.
/// Held to lme4 1.1-31 (`tests/mixed.rs`): log-likelihood at 1e-9, estimates and standard errors at 1e-6 relative.
///
/// # Errors
/// E006 for a value that is not finite; E002 where n ≤ k, or where a term has as many effects as rows; E004 for an
/// outcome without variation; E005 for a group code outside its range; E008 without columns; E001 naming columns that
/// depend on others by their positions from 1; E009 where X fits every row; TOO_FEW_GROUPS for a term with one group;
/// SYSTEM_TOO_LARGE above 1e8 multiplications an evaluation or 28 variance parameters; NO_CONVERGENCE with the
/// iterations and the largest gradient.
pub fn fit(x: &[Vec<f64>], y: &[f64], terms: &[Term], likelihood: Likelihood) -> Result<Fit, Refusal> {
    check::inputs(x, y, terms)?;
    let solution = least_squares(x, y).map_err(|columns| {
        let message = format!(
            "these columns of the fixed effects depend linearly on the others: {}",
            check::positions(&columns)
        );
        Refusal::new(codes::RANK_DEFICIENT, message)
    })?;
    let square = |values: &[f64]| values.iter().map(|v| v * v).sum::<f64>();
    if square(&solution.residuals) <= 1e-24 * square(y) {
        let message = "the fixed effects fit every row exactly: no variance is left";
        return Err(Refusal::new(codes::NO_VARIATION, message));
    }
    let factors = factors(terms);
    check::grouping(y.len(), terms, &factors)?;
    let fixed = Fixed::new(x, solution.coefficients, solution.residuals);
    let problem = Problem::new(likelihood, fixed, terms, factors);
    let mut found = problem.minimise().ok_or_else(lost)?;
    if !found.converged {
        return Err(Refusal::new(
            codes::NO_CONVERGENCE,
            format!(
                "the likelihood's maximum was not found in {} steps; the largest gradient is {:.3e}",
                found.iterations, found.largest_gradient
            ),
        ));
    }
    problem.settle(&mut found);
    let profile = problem.profile(&found.theta).ok_or_else(lost)?;
    problem.report(&found, &profile, terms)
}

fn lost() -> Refusal {
    let message = "the likelihood cannot be evaluated near its maximum: a variance is lost to rounding, or 200 steps \
                   did not reach it";
    Refusal::new(codes::NO_CONVERGENCE, message)
}

impl Problem {
    /// Variances that are zero up to rounding become zero, and no diagonal entry of Λ negative.
    fn settle(&self, found: &mut Minimum) {
        let room = 1e-12 * (1.0 + found.deviance.abs());
        for (place, on_diagonal) in self.diagonal().into_iter().enumerate() {
            let mut trial = found.theta.clone();
            let Some(entry) = trial
                .get_mut(place)
                .filter(|v| on_diagonal && v.abs() < NEAR_ZERO)
            else {
                continue;
            };
            *entry = 0.0;
            if self
                .profile(&trial)
                .is_some_and(|p| p.deviance <= found.deviance + room)
            {
                found.theta = trial;
            }
        }
        for factor in &self.factors {
            for part in &factor.parts {
                let settled = canonical(&part.lambda(&found.theta), part.q);
                for (offset, (i, j)) in part.places().into_iter().enumerate() {
                    found.theta[part.theta + offset] = settled[i * part.q + j];
                }
            }
        }
    }

    fn report(&self, found: &Minimum, profile: &Profile, terms: &[Term]) -> Result<Fit, Refusal> {
        let k = self.k;
        let variance = profile.sigma * profile.sigma;
        let unscaled = self.unscaled_vcov(profile);
        let vcov: Vec<Vec<f64>> = (0..k)
            .map(|i| (0..k).map(|j| variance * unscaled[i * k + j]).collect())
            .collect();
        let theta: Vec<f64> = found.theta.iter().zip(&self.scale).map(|(t, s)| t / s).collect();
        let mut parts: Vec<_> = self
            .factors
            .iter()
            .flat_map(|f| f.parts.iter().map(|p| (p, f.groups)))
            .collect();
        parts.sort_by_key(|(p, _)| p.term);
        let singular = |p: &Part| {
            let lambda = p.lambda(&found.theta);
            (0..p.q).any(|j| lambda[j * p.q + j].abs() < SINGULAR)
        };
        let fit = Fit {
            likelihood: self.likelihood,
            coefficients: self.coefficients(profile),
            vcov,
            theta: parts
                .iter()
                .map(|(p, _)| theta[p.theta..p.theta + p.places().len()].to_vec())
                .collect(),
            components: parts
                .iter()
                .map(|(p, _)| components(&p.lambda(&theta), p.q, profile.sigma, singular(p)))
                .collect(),
            sigma: profile.sigma,
            log_likelihood: -0.5 * profile.deviance,
            criterion: profile.deviance,
            observations: self.n,
            groups: parts
                .iter()
                .map(|(_, groups)| *groups)
                .take(terms.len())
                .collect(),
            singular: parts.iter().any(|(p, _)| singular(p)),
            convergence: Convergence {
                iterations: found.iterations,
                largest_gradient: found.largest_gradient,
            },
            curvature: Curvature::new(self, found, profile).ok_or_else(lost)?,
        };
        let numbers = fit.coefficients.iter().chain(fit.vcov.iter().flatten());
        if !numbers.chain(fit.theta.iter().flatten()).all(|v| v.is_finite()) {
            return Err(Refusal::new(
                codes::NOT_FINITE,
                "an estimate of the mixed model is not finite",
            ));
        }
        Ok(fit)
    }
}
