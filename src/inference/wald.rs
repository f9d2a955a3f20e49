//! Wald tests of linear combinations: t(n − k) for one, F(q, n − k) for several.
//!
//! t = (Lβ − null) / √(L V L′); F = (Rβ)′ (R V R′)⁻¹ Rβ / q. car's `linearHypothesis`, marginaleffects'
//! `hypotheses`. Held to them and to statsmodels in `tests/oracle.rs`.

use super::models::Fitted;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::tails;
use crate::plan::{Alternative, PlannedTest, Term};
use crate::record::TestResult;

/// # Errors
/// E009 where the standard error is zero or the model fits every row exactly.
pub(super) fn linear(
    fitted: &Fitted,
    row: &[f64],
    test: &PlannedTest,
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let (estimate, variance) = combine(fitted, row);
    let std_error = variance.max(0.0).sqrt();
    let scale = fitted
        .fit
        .coefficients
        .iter()
        .fold(estimate.abs(), |m, b| m.max(b.abs()));
    if fitted.fit.exact || std_error.is_nan() || std_error <= 1e-14 * scale {
        return Err(nothing_to_test());
    }
    let df = fitted.fit.df_residual;
    let statistic = (estimate - test.null) / std_error;
    let width = tails::t_quantile((1.0 - test.conf_level) / 2.0, df) * std_error;
    result.estimate = Some(estimate);
    result.std_error = Some(std_error);
    result.statistic = Some(statistic);
    result.df = Some(vec![df]);
    result.p_value = Some(match test.alternative {
        Alternative::TwoSided => tails::t_two_sided(statistic, df),
        Alternative::Greater => tails::t_sf(statistic, df),
        Alternative::Less => tails::t_sf(-statistic, df),
    });
    result.conf_low = Some(estimate - width);
    result.conf_high = Some(estimate + width);
    Ok(())
}

/// Lβ and L V L′.
pub(super) fn combine(fitted: &Fitted, row: &[f64]) -> (f64, f64) {
    let estimate = row.iter().zip(&fitted.fit.coefficients).map(|(l, b)| l * b).sum();
    let variance = row
        .iter()
        .zip(&fitted.fit.vcov)
        .map(|(l, v)| l * row.iter().zip(v).map(|(m, c)| m * c).sum::<f64>())
        .sum();
    (estimate, variance)
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
    let chosen: Vec<usize> = fitted
        .design
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| {
            c.term
                .and_then(|t| fitted.terms.get(t))
                .is_some_and(|t| terms.contains(t))
        })
        .map(|(position, _)| position)
        .collect();
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
    let (q, df) = (chosen.len() as f64, fitted.fit.df_residual);
    let statistic = form / q;
    result.statistic = Some(statistic);
    result.df = Some(vec![q, df]);
    result.p_value = Some(tails::f_sf(statistic, q, df));
    Ok(())
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
