//! Satterthwaite's degrees of freedom for linear contrasts of the fixed effects, as lmerTest computes them.
//!
//! df = 2(ℓ′Vℓ)²/(g′Ag): g the gradient of ℓ′Vℓ in (θ, σ), A = 2H⁻¹ of the deviance's Hessian there
//! (Kuznetsova, Brockhoff & Christensen 2017, doi:10.18637/jss.v082.i13; Satterthwaite 1946, doi:10.2307/3002019).

use super::Fit;
use super::derivative::{derivatives, jacobian};
use super::matrix::{dot, eigen, quadratic};
use super::problem::Problem;
use super::profile::Profile;
use super::search::Minimum;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::tails::f_sf;

/// Eigenvalues of the Hessian below this share of the largest are directions without information.
const FLAT: f64 = 1e-7;

/// How the variance of the fixed effects varies, and the variance parameters with it.
#[derive(Clone, Debug)]
pub(super) struct Curvature {
    /// 2H⁻¹ for (θ, σ), scaled; nothing where the deviance is not at a minimum in both.
    variance: Option<Vec<Vec<f64>>>,
    /// For each variance parameter the derivative of V, k × k by rows.
    gradients: Vec<Vec<Vec<f64>>>,
}

impl Curvature {
    /// The derivatives in σ are exact, those in θ extrapolated.
    pub fn new(problem: &Problem, found: &Minimum, profile: &Profile) -> Option<Curvature> {
        let (k, df, variance) = (problem.k, problem.df(), profile.sigma * profile.sigma);
        // With σ held: the deviance, its profiled part of r² replaced by r²/σ².
        let held = |t: &[f64]| {
            let p = problem.profile(t)?;
            Some(p.deviance - df * (p.pwrss / profile.pwrss).ln() + (p.pwrss / variance - df))
        };
        let in_theta = derivatives(&held, &found.theta, profile.deviance, 4)?;
        let residual = |t: &[f64]| Some(vec![problem.profile(t)?.pwrss / variance]);
        let slopes = jacobian(&residual, &found.theta, 4)?;
        let mut hessian = in_theta.hessian;
        let mut last = Vec::new();
        for (row, slope) in hessian.iter_mut().zip(&slopes) {
            let mixed = -2.0 * slope.first()?;
            row.push(mixed);
            last.push(mixed);
        }
        last.push(4.0 * df);
        hessian.push(last);
        let vcov = |t: &[f64]| {
            let unscaled = problem.unscaled_vcov(&problem.profile(t)?);
            Some(unscaled.iter().map(|v| v * variance).collect())
        };
        let mut flat = jacobian(&vcov, &found.theta, 4)?;
        let own = problem.unscaled_vcov(profile);
        flat.push(own.iter().map(|v| 2.0 * variance * v).collect());
        let rows = |m: Vec<f64>| m.chunks(k).map(<[f64]>::to_vec).collect();
        // σ is in units of itself, and so is each entry of θ that is not small beside it.
        let units: Vec<f64> = found
            .theta
            .iter()
            .map(|t| t.abs().max(1.0))
            .chain([1.0])
            .collect();
        Some(Curvature {
            variance: twice_inverse(&hessian, &units),
            gradients: flat.into_iter().map(rows).collect(),
        })
    }

    /// 2v²/(g′Ag) for ℓ'Vℓ = v.
    fn df(&self, l: &[f64], v: f64) -> Result<f64, Refusal> {
        let Some(variance) = &self.variance else {
            let message =
                "the likelihood is not at a maximum in the variance parameters: no Satterthwaite df";
            return Err(Refusal::new(codes::NO_CONVERGENCE, message));
        };
        let gradient: Vec<f64> = self.gradients.iter().map(|m| quadratic(l, m) / v).collect();
        let df = 2.0 / quadratic(&gradient, variance);
        if df.is_finite() && df > 0.0 {
            Ok(df)
        } else {
            let message = "Satterthwaite's degrees of freedom are not a finite number";
            Err(Refusal::new(codes::NOT_FINITE, message))
        }
    }
}

/// 2H⁻¹ over the directions with information, told in these units of the parameters: in others a variance far larger
/// than the residual one, whose curvature is small, would count as flat.
fn twice_inverse(hessian: &[Vec<f64>], units: &[f64]) -> Option<Vec<Vec<f64>>> {
    let scaled = |(row, unit): (&Vec<f64>, &f64)| row.iter().zip(units).map(|(h, u)| h * u * unit).collect();
    let scaled: Vec<Vec<f64>> = hessian.iter().zip(units).map(scaled).collect();
    let pairs = eigen(&scaled)?;
    let top = pairs.iter().fold(0.0f64, |m, (value, _)| m.max(value.abs()));
    if pairs.iter().any(|(value, _)| *value < -FLAT * top) {
        return None;
    }
    let entry = |i: usize, j: usize| -> f64 {
        let known = pairs.iter().filter(|(value, _)| *value > FLAT * top);
        let inverse: f64 = known.map(|(value, v)| 2.0 * v[i] * v[j] / value).sum();
        inverse * units[i] * units[j]
    };
    let size = hessian.len();
    Some(
        (0..size)
            .map(|i| (0..size).map(|j| entry(i, j)).collect())
            .collect(),
    )
}

/// ℓ′Vℓ of a contrast, positive.
fn contrast_variance(fit: &Fit, l: &[f64]) -> Result<f64, Refusal> {
    if l.len() != fit.coefficients.len() || l.iter().any(|v| !v.is_finite()) {
        let message = format!(
            "a contrast of {} finite weights is needed, one a coefficient; this has {}",
            fit.coefficients.len(),
            l.len()
        );
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    }
    let variance = quadratic(l, &fit.vcov);
    if variance > 0.0 && variance.is_finite() {
        Ok(variance)
    } else {
        let message = "the contrast has no variance: all its weights are zero";
        Err(Refusal::new(codes::NO_VARIATION, message))
    }
}

/// The degrees of freedom of t for ℓ′β: lmerTest's `contest1D`.
///
/// `l`: k weights. Held to lmerTest 3.1-3 at 1e-4 relative (`tests/mixed.rs`).
///
/// # Errors
/// E008 where `l` has not one finite weight a coefficient; E009 where its variance is zero; NO_CONVERGENCE where the
/// Hessian has a negative eigenvalue; E006 where df is not finite.
pub fn satterthwaite(fit: &Fit, l: &[f64]) -> Result<f64, Refusal> {
    fit.curvature.df(l, contrast_variance(fit, l)?)
}

/// An F test of several contrasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FTest {
    pub f: f64,
    /// The contrasts' rank.
    pub df1: f64,
    pub df2: f64,
    pub p: f64,
}

/// F for Lβ = 0: lmerTest's `contestMD`, on the eigenvectors of LVL′; df2 = 2E/(E − q), E = Σ νₘ/(νₘ − 2), and 2
/// where some νₘ ≤ 2 (Fai & Cornelius 1996, doi:10.1080/00949659608811740).
///
/// `l`: rows of k weights. Held to lmerTest 3.1-3 (`tests/mixed.rs`).
///
/// # Errors
/// As [`satterthwaite`], for every row.
pub fn contest(fit: &Fit, l: &[Vec<f64>]) -> Result<FTest, Refusal> {
    let mut variances = Vec::new();
    for row in l {
        contrast_variance(fit, row)?;
        let half: Vec<f64> = fit.vcov.iter().map(|v| dot(v, row)).collect();
        variances.push(l.iter().map(|other| dot(other, &half)).collect::<Vec<f64>>());
    }
    let none = || Refusal::new(codes::ESTIMAND_ABSENT, "an F test needs at least one contrast");
    let mut pairs = eigen(&variances).ok_or_else(none)?;
    pairs.reverse();
    let top = pairs.first().ok_or_else(none)?.0;
    pairs.retain(|(value, _)| *value > top * f64::EPSILON.sqrt());
    let (mut squares, mut nu) = (0.0, Vec::new());
    for (value, vector) in &pairs {
        let mut rotated = vec![0.0; fit.coefficients.len()];
        for (share, row) in vector.iter().zip(l) {
            rotated.iter_mut().zip(row).for_each(|(r, v)| *r += share * v);
        }
        squares += dot(&rotated, &fit.coefficients).powi(2) / value;
        nu.push(fit.curvature.df(&rotated, *value)?);
    }
    let df1 = pairs.len() as f64;
    let (f, df2) = (squares / df1, pooled(&nu));
    Ok(FTest {
        f,
        df1,
        df2,
        p: f_sf(f, df1, df2),
    })
}

/// lmerTest's degrees of freedom for a sum of squared t with ν of their own.
fn pooled(nu: &[f64]) -> f64 {
    let count = nu.len() as f64;
    if nu.windows(2).all(|w| (w[1] - w[0]).abs() < 1e-8) {
        return nu.iter().sum::<f64>() / count;
    }
    if nu.iter().any(|v| *v <= 2.0) {
        return 2.0;
    }
    // E − q = Σ 2/(νₘ − 2), without the cancellation.
    let e: f64 = nu.iter().map(|v| v / (v - 2.0)).sum();
    let excess: f64 = nu.iter().map(|v| 2.0 / (v - 2.0)).sum();
    2.0 * e / excess
}
