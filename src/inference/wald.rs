//! Wald tests: of one quantity by t or z, of several coefficients by F, Hotelling's T² or χ².
//!
//! t = (g(β) − null) / √(∇g V ∇g′), with n − k degrees of freedom, G − 1 under clusters, Satterthwaite's under CR2,
//! and z for likelihoods. W = (Rβ)′ (R V R′)⁻¹ Rβ: F = W/q with q and the same; under CR2 Hotelling's T²
//! approximation; χ²(q) for likelihoods. car's `linearHypothesis`, marginaleffects' `hypotheses`, clubSandwich's
//! `Wald_test`. Held to them and to statsmodels in `tests/oracle.rs`.

use super::contrast::Estimand;
use super::models::Fitted;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::{self, Reference, mixed, tails};
use crate::plan::{PlannedTest, Term};
use crate::record::TestResult;

/// # Errors
/// E009 where the standard error is zero or the model fits every row exactly.
pub(super) fn single(
    fitted: &Fitted,
    of: &Estimand,
    test: &PlannedTest,
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let std_error = variance(fitted, &of.gradient).max(0.0).sqrt();
    if !of.value.is_finite() || std_error.is_infinite() {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "the estimate is not a finite number",
        ));
    }
    let scale = fitted
        .fit
        .coefficients
        .iter()
        .zip(&of.gradient)
        .fold(of.value.abs(), |m, (b, g)| m.max((b * g).abs()));
    if fitted.fit.exact || std_error.is_nan() || std_error <= 1e-14 * scale {
        return Err(nothing_to_test());
    }
    let df = fitted.fit.reference.df(&of.gradient);
    if df.is_nan() {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "the degrees of freedom are not a finite number",
        ));
    }
    let width = tails::t_quantile((1.0 - test.conf_level) / 2.0, df) * std_error;
    let (null, alternative) = (test.null, test.alternative);
    result.estimate = Some(of.value);
    result.std_error = Some(std_error);
    result.statistic = Some(estimate::statistic(of.value, std_error, null, alternative));
    result.df = df.is_finite().then(|| vec![df]);
    result.p_value = Some(estimate::p_value(of.value, std_error, df, null, alternative));
    result.conf_low = Some(of.value - width);
    result.conf_high = Some(of.value + width);
    Ok(())
}

/// ∇g V ∇g′
pub(super) fn variance(fitted: &Fitted, gradient: &[f64]) -> f64 {
    gradient
        .iter()
        .zip(&fitted.fit.vcov)
        .map(|(l, v)| l * gradient.iter().zip(v).map(|(m, c)| m * c).sum::<f64>())
        .sum()
}

fn nothing_to_test() -> Refusal {
    Refusal::new(
        codes::NO_VARIATION,
        "the standard error is zero: there is no variation to test against",
    )
}

/// Wald test that every coefficient of the terms is zero.
///
/// # Errors
/// E008 where the model has no such coefficients; E009 where their variance matrix is singular.
pub(super) fn joint(fitted: &Fitted, terms: &[Term], result: &mut TestResult) -> Result<(), Refusal> {
    let of_terms = |position: &Option<usize>| {
        let term = position.and_then(|t| fitted.terms.get(t));
        term.is_some_and(|t| terms.contains(t))
    };
    let positions = fitted.fit.terms.iter().enumerate();
    let chosen: Vec<usize> = positions.filter(|(_, t)| of_terms(t)).map(|(at, _)| at).collect();
    if chosen.is_empty() {
        return Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            "the model has no coefficients of these terms",
        ));
    }
    let pick = |values: &[f64]| chosen.iter().map(|c| values[*c]).collect::<Vec<f64>>();
    let beta = pick(&fitted.fit.coefficients);
    let matrix: Vec<Vec<f64>> = chosen.iter().map(|c| pick(&fitted.fit.vcov[*c])).collect();
    let form = if fitted.fit.exact {
        None
    } else {
        quadratic_form(matrix, &beta)
    };
    let Some(form) = form else {
        return Err(nothing_to_test());
    };
    let q = chosen.len() as f64;
    let (statistic, df, p) = match &fitted.fit.reference {
        Reference::Normal => (form, vec![q], tails::chi2_sf(form, q)),
        Reference::Welch(_) => {
            let df = fitted.fit.df_residual;
            (form / q, vec![q, df], tails::f_sf(form / q, q, df))
        }
        Reference::T(df) => (form / q, vec![q, *df], tails::f_sf(form / q, q, *df)),
        Reference::Satterthwaite(model) => {
            let test = mixed::contest(model, &units(fitted, &chosen))?;
            (test.f, vec![test.df1, test.df2], test.p)
        }
        Reference::BellMcCaffrey(moments) => {
            let eta = moments
                .eta(&units(fitted, &chosen))
                .filter(|eta| eta - q + 1.0 > 0.0);
            let eta = eta.ok_or_else(|| {
                let message = format!("there are too few clusters to test {q} coefficients jointly");
                Refusal::new(codes::FEW_CLUSTERS, message)
            })?;
            let df = eta - q + 1.0;
            let f = form * df / (eta * q);
            (f, vec![q, df], tails::f_sf(f, q, df))
        }
    };
    result.statistic = Some(statistic);
    result.df = Some(df);
    result.p_value = Some(p);
    Ok(())
}

/// The chosen coefficients, a row each.
fn units(fitted: &Fitted, chosen: &[usize]) -> Vec<Vec<f64>> {
    let k = fitted.fit.coefficients.len();
    let unit = |c: &usize| (0..k).map(|j| if j == *c { 1.0 } else { 0.0 }).collect();
    chosen.iter().map(unit).collect()
}

/// b′ V⁻¹ b by Cholesky on V scaled to unit diagonal; nothing if V is not positive definite.
fn quadratic_form(mut v: Vec<Vec<f64>>, b: &[f64]) -> Option<f64> {
    let q = b.len();
    let scale: Vec<f64> = (0..q).map(|i| v[i][i].sqrt()).collect();
    if scale.iter().any(|s| s.is_nan() || *s <= 0.0) {
        return None;
    }
    for i in 0..q {
        for j in 0..q {
            v[i][j] /= scale[i] * scale[j];
        }
    }
    let mut z: Vec<f64> = b.iter().zip(&scale).map(|(b, s)| b / s).collect();
    for i in 0..q {
        for j in 0..=i {
            let known: f64 = (0..j).map(|c| v[i][c] * v[j][c]).sum();
            let rest = v[i][j] - known;
            if i == j {
                if rest <= 1e-13 {
                    return None;
                }
                v[i][i] = rest.sqrt();
            } else {
                v[i][j] = rest / v[j][j];
            }
        }
        let known: f64 = (0..i).map(|c| v[i][c] * z[c]).sum();
        z[i] = (z[i] - known) / v[i][i];
    }
    Some(z.iter().map(|v| v * v).sum())
}
