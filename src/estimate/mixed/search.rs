//! The minimum of the deviance in θ, by Newton steps.
//!
//! The deviance is even in each column of Λ, so that it is searched without bounds and the signs are set afterwards:
//! a variance of zero is a stationary point inside, and converges as any other. Eigenvalues of the Hessian enter by
//! their size, so that every step descends (Nocedal & Wright 2006, §3.4, doi:10.1007/978-0-387-40065-5).

use super::derivative::{Derivatives, derivatives};
use super::matrix::{dot, eigen};
use super::problem::Problem;

const ITERATIONS: usize = 200;
/// Starting scales of Λ = s·I.
const SCALES: [f64; 5] = [0.1, 0.3, 1.0, 3.0, 10.0];
/// Step relative to θ at which derivatives are taken with all digits, steps are no longer checked, and the
/// search ends.
const NEAR: f64 = 1e-2;
const CLOSE: f64 = 1e-5;
const DONE: f64 = 1e-10;
/// Of the largest curvature: below it a direction is flat.
const FLAT: f64 = 1e-8;
/// Beyond it the residual variance is nothing beside the groups'.
const FAR: f64 = 1e6;

/// Where the search stands.
pub(super) struct Minimum {
    pub theta: Vec<f64>,
    pub deviance: f64,
    pub iterations: usize,
    pub largest_gradient: f64,
    /// Half the deviance that a further step would gain is below 1e-12 of it.
    pub converged: bool,
}

/// What Newton's method would do next.
struct Step {
    step: Vec<f64>,
    /// Relative to θ.
    size: f64,
    /// The deviance that it should gain.
    gain: f64,
    /// The most negative curvature's direction, if any is negative.
    descent: Option<Vec<f64>>,
}

impl Problem {
    fn deviance(&self, theta: &[f64]) -> Option<f64> {
        self.profile(theta).map(|p| p.deviance)
    }

    /// The best of several scales of Λ = I.
    fn start(&self) -> Option<Vec<f64>> {
        let diagonal = self.diagonal();
        let scaled = |s: f64| -> Vec<f64> { diagonal.iter().map(|d| if *d { s } else { 0.0 }).collect() };
        let mut best: Option<(f64, Vec<f64>)> = None;
        for theta in SCALES.map(scaled) {
            if let Some(value) = self.deviance(&theta)
                && best.as_ref().is_none_or(|(known, _)| value < *known)
            {
                best = Some((value, theta));
            }
        }
        best.map(|(_, theta)| theta)
    }

    /// Which entries of θ stand on a diagonal.
    pub fn diagonal(&self) -> Vec<bool> {
        let mut out = vec![false; self.scale.len()];
        for part in self.factors.iter().flat_map(|f| &f.parts) {
            for (offset, (i, j)) in part.places().into_iter().enumerate() {
                out[part.theta + offset] = i == j;
            }
        }
        out
    }

    /// The minimum; a search that ends where a term's Λ made larger or smaller is better goes on from there.
    pub fn minimise(&self) -> Option<Minimum> {
        let mut found = self.descend(self.start()?)?;
        for _ in 0..4 {
            let Some(better) = self.better(&found) else { break };
            let iterations = found.iterations;
            found = self.descend(better)?;
            found.iterations += iterations;
        }
        Some(found)
    }

    /// A θ with a term's entries multiplied that has a smaller deviance.
    fn better(&self, found: &Minimum) -> Option<Vec<f64>> {
        let mut best = (found.deviance - 1e-7, None);
        for part in self.factors.iter().flat_map(|f| &f.parts) {
            for factor in [0.0, 0.1, 0.25, 0.5, 2.0, 4.0, 10.0] {
                let mut theta = found.theta.clone();
                let own = theta.iter_mut().skip(part.theta).take(part.places().len());
                own.for_each(|v| *v *= factor);
                if let Some(value) = self.deviance(&theta)
                    && value < best.0
                {
                    best = (value, Some(theta));
                }
            }
        }
        best.1
    }

    /// Newton's descent from `theta`.
    fn descend(&self, mut theta: Vec<f64>) -> Option<Minimum> {
        let mut deviance = self.deviance(&theta)?;
        let (mut fine, mut last) = (false, f64::INFINITY);
        for iterations in 0..ITERATIONS {
            let f = |t: &[f64]| self.deviance(t);
            let found = derivatives(&f, &theta, deviance, if fine { 4 } else { 2 })?;
            let next = newton(&found, &theta)?;
            let end = |converged: bool, theta: Vec<f64>| Minimum {
                theta,
                deviance,
                iterations,
                largest_gradient: found.gradient.iter().fold(0.0, |m, g| m.max(g.abs())),
                converged,
            };
            let small = next.gain <= 1e-12 * (1.0 + deviance.abs());
            if theta.iter().any(|t| t.abs() > FAR) {
                return Some(end(false, theta));
            }
            if next.size < NEAR && !fine {
                fine = true;
                continue;
            }
            if let (true, Some(direction)) = (next.size < CLOSE, &next.descent)
                && let Some((value, there)) = self.off_saddle(&theta, deviance, direction)
            {
                (theta, deviance, fine, last) = (there, value, false, f64::INFINITY);
                continue;
            }
            // The end, or what is left is rounding.
            if fine && small && (next.size <= DONE || (next.size < CLOSE && next.size > 0.5 * last)) {
                return Some(end(true, theta));
            }
            if fine && small && next.size < CLOSE {
                theta = moved(&theta, &next.step, 1.0);
                deviance = self.deviance(&theta)?;
                last = next.size;
                continue;
            }
            match self.line(&theta, deviance, &next) {
                Some((value, there)) => (theta, deviance) = (there, value),
                None if !fine => fine = true,
                None => return Some(end(small, theta)),
            }
        }
        None
    }

    /// The first of halved steps that descends enough (Armijo's rule).
    fn line(&self, theta: &[f64], deviance: f64, next: &Step) -> Option<(f64, Vec<f64>)> {
        let longest = (1.0 / next.size).min(1.0);
        (0..40).find_map(|halving| {
            let share = longest * 0.5f64.powi(halving);
            let there = moved(theta, &next.step, share);
            let value = self.deviance(&there)?;
            (value < deviance - 1e-4 * share * next.gain).then_some((value, there))
        })
    }

    fn off_saddle(&self, theta: &[f64], deviance: f64, direction: &[f64]) -> Option<(f64, Vec<f64>)> {
        [0.1, -0.1, 0.01, -0.01].into_iter().find_map(|share| {
            let there = moved(theta, direction, share);
            let value = self.deviance(&there)?;
            (value < deviance - 1e-9 * (1.0 + deviance.abs())).then_some((value, there))
        })
    }
}

fn moved(theta: &[f64], step: &[f64], share: f64) -> Vec<f64> {
    theta.iter().zip(step).map(|(t, s)| t + share * s).collect()
}

/// −Σ v(v′g)/|λ| over the Hessian's eigenvectors; flat directions without slope are left.
fn newton(found: &Derivatives, theta: &[f64]) -> Option<Step> {
    let pairs = eigen(&found.hessian)?;
    let top = pairs.iter().fold(0.0f64, |m, (value, _)| m.max(value.abs()));
    let mut out = Step {
        step: vec![0.0; theta.len()],
        size: 0.0,
        gain: 0.0,
        descent: None,
    };
    for (value, vector) in &pairs {
        let slope = dot(vector, &found.gradient);
        if slope.abs() <= 1e-6 * top.sqrt() && value.abs() <= FLAT * top || top == 0.0 {
            continue;
        }
        if *value < -1e-6 * top && out.descent.is_none() {
            out.descent = Some(vector.clone());
        }
        let curvature = value.abs().max(FLAT * top);
        out.gain += 0.5 * slope * slope / curvature;
        out.step
            .iter_mut()
            .zip(vector)
            .for_each(|(s, v)| *s -= v * slope / curvature);
    }
    let relative = |(s, t): (&f64, &f64)| s.abs() / t.abs().max(1.0);
    out.size = out.step.iter().zip(theta).map(relative).fold(0.0, f64::max);
    Some(out)
}
