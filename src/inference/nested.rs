//! Likelihood-ratio tests of nested models: coefficients that are left out, and slopes that differ by cutpoint.

use super::models::Fitted;
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::{self, Latent, tails};
use crate::plan::{Estimator, ModelPlan, Term};
use crate::record::TestResult;

/// 2(ℓ₁ − ℓ₀) against χ² with as many degrees of freedom as coefficients are left out, on the rows of the whole model
/// (Wilks 1938, doi:10.1214/aoms/1177732360). R's `anova(test = "LRT")` and `ordinal::anova`, lme4's `anova` between
/// fits by ML, Stata's `lrtest`. Held to these (`tests/nested.rs`).
///
/// # Errors
/// E008 where the model has no columns of the terms; E015 where nothing is left of an ordered or mixed model; what the
/// smaller model refuses.
pub(super) fn ratio(
    fitted: &Fitted,
    model: &ModelPlan,
    terms: &[Term],
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let (left, _) = parted(fitted, terms)?;
    let whole = fitted.fit.log_likelihood;
    let mut smaller = fitted.design.clone();
    smaller.columns = left
        .iter()
        .filter_map(|c| fitted.design.columns.get(*c).cloned())
        .collect();
    smaller.x = left
        .iter()
        .filter_map(|c| fitted.design.x.get(*c).cloned())
        .collect();
    let part = estimate::fit(&smaller, model, [0; 32])?;
    let (Some(whole), Some(part_of)) = (whole, part.log_likelihood) else {
        let message = "the model has no likelihood to compare";
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    };
    let df = (fitted.fit.coefficients.len() - part.coefficients.len()) as f64;
    write(
        2.0 * (whole - part_of),
        df,
        "likelihood ratio of nested models",
        result,
    )
}

/// The same slopes at every cutpoint.
///
/// # Errors
/// E008 where the model has no columns of the terms; as [`estimate::ordered::proportionality`].
pub(super) fn proportional(
    fitted: &Fitted,
    model: &ModelPlan,
    terms: &[Term],
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let (_, tested) = parted(fitted, terms)?;
    let latent = match model.estimator {
        Estimator::OrderedProbit => Latent::Normal,
        _ => Latent::Logistic,
    };
    let found = estimate::proportional(&fitted.design, latent, &tested)?;
    write(
        found.statistic,
        found.df,
        "likelihood ratio against slopes of each cutpoint",
        result,
    )
}

/// The positions of the columns that stay, and of those of the terms.
fn parted(fitted: &Fitted, terms: &[Term]) -> Result<(Vec<usize>, Vec<usize>), Refusal> {
    let design: &Design = &fitted.design;
    let of_terms = |column: &usize| {
        let term = design.columns.get(*column).and_then(|c| c.term);
        term.and_then(|t| fitted.terms.get(t))
            .is_some_and(|t| terms.contains(t))
    };
    let (out, left): (Vec<usize>, Vec<usize>) = (0..design.columns.len()).partition(of_terms);
    if out.is_empty() {
        let message = "the model has no coefficients of these terms";
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    }
    Ok((left, out))
}

fn write(statistic: f64, df: f64, method: &str, result: &mut TestResult) -> Result<(), Refusal> {
    if !statistic.is_finite() {
        let message = "the likelihood ratio is not a finite number";
        return Err(Refusal::new(codes::NOT_FINITE, message));
    }
    // Two maxima that are the same but for rounding.
    let statistic = statistic.max(0.0);
    result.statistic = Some(statistic);
    result.statistic_name = Some(String::from("χ²"));
    result.df = Some(vec![df]);
    result.p_value = Some(tails::chi2_sf(statistic, df));
    result.method = Some(method.to_owned());
    Ok(())
}
