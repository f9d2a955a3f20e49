//! 7 DECISIONS: registered tests on fitted models, corrections, verdicts.

mod allocation;
mod anova;
mod attrition;
mod balance;
mod bayes_factor;
mod contingency;
mod contrast;
mod decide;
mod direct;
mod effect_size;
mod figures;
mod imputed;
mod mixed;
mod models;
mod multiplicity;
mod nested;
mod randomization;
mod redraw;
mod reliability;
mod replicate;
mod resampled;
mod wald;

pub use allocation::allocation;
pub use attrition::attrition;
pub use balance::balance;
pub use contingency::{Decision, KnownFact, settle};
pub use decide::verdicts;
pub use figures::figures;
pub use multiplicity::adjusted;
pub use reliability::reliability;
pub use resampled::step_down;

use crate::data::Sample;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::{Adjust, FamilyPlan, Plan, PlannedTest, Quantity};
use crate::record::{HypothesisVerdict, ModelRecord, TestResult};
use models::Fitted;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that a plan's tests gave on a sample.
#[derive(Clone, Debug)]
pub struct Outcomes {
    pub models: BTreeMap<String, ModelRecord>,
    pub tests: BTreeMap<String, TestResult>,
    /// The verdict, and which tests it lacks, if any.
    pub hypotheses: BTreeMap<String, (HypothesisVerdict, Option<String>)>,
    /// What the figures are drawn from, too.
    fits: Arc<BTreeMap<String, Result<Fitted, Refusal>>>,
}

/// Fits each model once and runs every test; a refusal leaves all others running. `seed` is the registered plan's,
/// whichever plan is run: what was not changed stays the same.
pub fn analyse(plan: &Plan, sample: &Sample, seed: [u8; 32]) -> Outcomes {
    let fits: BTreeMap<String, Result<Fitted, Refusal>> = plan
        .models
        .iter()
        .map(|(id, model)| {
            (
                id.clone(),
                models::fitted(plan, model, sample, randomization::seed(seed, id)),
            )
        })
        .collect();
    let mut tests: BTreeMap<String, TestResult> = plan
        .tests
        .iter()
        .map(|(id, test)| {
            let seed = randomization::seed(seed, id);
            (
                id.clone(),
                result(plan, sample, test, fits.get(&test.model), seed),
            )
        })
        .collect();
    for family in plan.families.values() {
        if family.adjust.resamples() {
            let p = resampled::adjusted(plan, sample, &fits, family, seed);
            resample(&mut tests, &family.tests, p);
        } else {
            correct(&mut tests, &family.tests, family.adjust);
        }
    }
    gates(plan, &mut tests);
    for (id, test) in &mut tests {
        let corrected = plan
            .family_of(id)
            .is_some_and(|(_, f)| f.adjust != Adjust::None || f.gate.is_some());
        let p = if corrected { test.p_adjusted } else { test.p_value };
        test.rejects = match plan.tests.get(id).and_then(|t| t.decide) {
            Some(_) => bayes_factor::rejects(test),
            None => p.map(|p| p <= test.alpha),
        };
    }
    let models = plan
        .models
        .iter()
        .filter_map(|(id, model)| Some((id.clone(), models::record(id, model, fits.get(id)?))))
        .collect();
    let hypotheses = verdicts(plan, &|test| tests.get(test).and_then(|t| t.rejects));
    Outcomes {
        models,
        tests,
        hypotheses,
        fits: Arc::new(fits),
    }
}

fn result(
    plan: &Plan,
    sample: &Sample,
    test: &PlannedTest,
    fit: Option<&Result<Fitted, Refusal>>,
    seed: [u8; 32],
) -> TestResult {
    let mut result = blank(plan, test);
    let outcome = match fit {
        Some(Ok(fitted)) => {
            result.n = Some(fitted.design.rows() as u64);
            result.dropped_missing = Some(fitted.design.dropped_missing);
            let model = plan.models.get(&test.model);
            match (&test.quantity, model) {
                _ if fitted.imputed.is_some() => pooled(fitted, test, &mut result),
                (_, Some(model)) if model.estimator.is_direct() => {
                    direct::run(fitted, model.estimator, test, &mut result)
                }
                (Quantity::Joint { terms, statistic }, Some(model)) if !statistic.is_wald() => {
                    nested::ratio(fitted, model, terms, &mut result)
                }
                (Quantity::ProportionalOdds { terms }, Some(model)) => {
                    nested::proportional(fitted, model, terms, &mut result)
                }
                (Quantity::Joint { terms, .. }, _) => wald::joint(fitted, terms, &mut result),
                (Quantity::Anova { term, kind, after }, _) => {
                    anova::run(fitted, term, *kind, after, &mut result)
                }
                _ => single(plan, sample, fitted, test, seed, &mut result),
            }
            .and_then(|()| whole(fitted, &test.quantity))
            .map(|()| beside(plan, fitted, test, &mut result))
        }
        Some(Err(refusal)) => Err(refusal.clone()),
        None => Ok(()),
    };
    if let Some(Ok(fitted)) = fit
        && mixed::of(fitted).is_some_and(|m| m.singular)
        && result.method.is_none()
    {
        result.method = Some(String::from(
            "Satterthwaite's degrees of freedom on a singular fit, as the model's note says",
        ));
    }
    if let Err(refusal) = outcome {
        let n = (result.n, result.dropped_missing);
        result = blank(plan, test);
        (result.n, result.dropped_missing) = n;
        result.note = Some(refusal.to_string());
    }
    result
}

/// Whether a test of all levels of a factor has rows of all of them: of fewer it is another test.
fn whole(fitted: &Fitted, quantity: &Quantity) -> Result<(), Refusal> {
    let terms = match quantity {
        Quantity::Joint { terms, .. } | Quantity::ProportionalOdds { terms } => terms.as_slice(),
        Quantity::Anova { term, .. } => std::slice::from_ref(term),
        _ => return Ok(()),
    };
    let empty = &fitted.design.empty_levels;
    let mut factors = terms.iter().flat_map(|term| term.columns());
    let Some((factor, levels)) = factors.find_map(|factor| empty.get_key_value(factor)) else {
        return Ok(());
    };
    let message = format!(
        "no analysed row of `{factor}` has the level `{}`",
        levels.join("`, `")
    );
    Err(Refusal::new(codes::LEVEL_EMPTY, message))
}

/// What is registered beside the p-value of a test that was run.
fn beside(plan: &Plan, fitted: &Fitted, test: &PlannedTest, result: &mut TestResult) {
    let Some(model) = plan.models.get(&test.model).filter(|_| fitted.imputed.is_none()) else {
        return;
    };
    result.effect_size = test
        .effect_size
        .map(|size| effect_size::sized(size, fitted, model, test, result));
    result.bayes_factor = test
        .bayes_factor
        .map(|prior| bayes_factor::weighed(prior, fitted, model, test, result));
}

/// # Errors
/// E015 for what is not computed after multiple imputation.
fn pooled(fitted: &Fitted, test: &PlannedTest, result: &mut TestResult) -> Result<(), Refusal> {
    let one = !matches!(
        test.quantity,
        Quantity::Joint { .. }
            | Quantity::Anova { .. }
            | Quantity::Parameter { .. }
            | Quantity::ProportionalOdds { .. }
    );
    match &fitted.imputed {
        Some(imputed) if one && test.randomization.is_none() => imputed::single(imputed, test, result),
        _ => Err(Refusal::new(
            codes::NOT_DEFINED,
            "it is not computed after multiple imputation",
        )),
    }
}

fn single(
    plan: &Plan,
    sample: &Sample,
    fitted: &Fitted,
    test: &PlannedTest,
    seed: [u8; 32],
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let estimand = contrast::estimand(fitted, test)?;
    wald::single(fitted, &estimand, test, result)?;
    drawn(fitted, &estimand, test, result)?;
    if let Some(asked) = &test.randomization {
        let redrawn = randomization::redrawn(plan, sample, fitted, test, asked, &estimand.gradient, seed)?;
        result.p_value = Some(redrawn.p_value);
        result.method = Some(redrawn.method);
    }
    Ok(())
}

/// The interval by the bootstrap's own quantiles, where that is registered.
fn drawn(
    fitted: &Fitted,
    estimand: &contrast::Estimand,
    test: &PlannedTest,
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let linear = |b: &[f64]| b.iter().zip(&estimand.gradient).map(|(b, g)| b * g).sum();
    let interval = if matches!(test.quantity, Quantity::Coefficient { .. }) {
        fitted.fit.drawn(&linear, test.conf_level)?
    } else {
        let averaged = contrast::averaged(fitted, test)?;
        let value = |b: &[f64]| averaged.at(fitted, b).value;
        fitted.fit.drawn(&value, test.conf_level)?
    };
    if let (Some((low, high)), Some(draws)) = (interval, &fitted.fit.draws) {
        (result.conf_low, result.conf_high) = (Some(low), Some(high));
        let corrected = if draws.without.is_some() { "corrected " } else { "" };
        result.interval = Some(format!(
            "{corrected}percentiles of {} draws",
            draws.coefficients.len()
        ));
    }
    Ok(())
}

fn blank(plan: &Plan, test: &PlannedTest) -> TestResult {
    let model = plan.models.get(&test.model);
    TestResult {
        estimate: None,
        std_error: None,
        statistic: None,
        statistic_name: None,
        df: None,
        p_value: None,
        p_adjusted: None,
        conf_level: test.conf_level,
        conf_low: None,
        conf_high: None,
        n: None,
        dropped_missing: None,
        alternative: test.alternative.word().to_owned(),
        null: test.null,
        alpha: test.alpha,
        rejects: None,
        vcov: model.map(|m| m.vcov.word().to_owned()).unwrap_or_default(),
        formula: model.map(|m| m.formula.to_string()).unwrap_or_default(),
        method: None,
        effect_size: None,
        bayes_factor: None,
        missing_information: None,
        interval: None,
        note: None,
    }
}

/// Fills the adjusted p-values that were drawn, or says why there are none.
fn resample(tests: &mut BTreeMap<String, TestResult>, family: &[String], p: Result<Vec<f64>, Refusal>) {
    for (position, id) in family.iter().enumerate() {
        let Some(test) = tests.get_mut(id) else { continue };
        match &p {
            Ok(p) => test.p_adjusted = test.p_value.and(p.get(position).copied()),
            Err(refusal) if test.note.is_none() => test.note = Some(refusal.to_string()),
            Err(_) => {}
        }
    }
}

/// Raises the adjusted p-values of gated families to those of their gate, the first gates first.
fn gates(plan: &Plan, tests: &mut BTreeMap<String, TestResult>) {
    let depth = |name: &String| {
        let next = |f: &String| plan.families.get(f)?.gate.as_ref().map(|g| g.family.clone());
        std::iter::successors(next(name), next)
            .take(plan.families.len())
            .count()
    };
    let mut order: Vec<(&String, &FamilyPlan)> = plan.families.iter().collect();
    order.sort_by_key(|(name, _)| depth(name));
    for (_, family) in order {
        let Some(gate) = &family.gate else { continue };
        let before = plan.families.get(&gate.family).map_or(&[][..], |f| &f.tests);
        let p: Vec<Option<f64>> = before
            .iter()
            .map(|id| tests.get(id).and_then(|t| t.p_adjusted))
            .collect();
        let opened = multiplicity::gate(&p, gate.open_if);
        for id in &family.tests {
            if let Some(test) = tests.get_mut(id) {
                test.p_adjusted = match (test.p_adjusted, opened) {
                    (Some(own), Some(gate)) => Some(own.max(gate)),
                    _ => None,
                };
            }
        }
    }
}

/// Fills the adjusted p-values of a family. A member that could not be run still counts in its size.
fn correct(tests: &mut BTreeMap<String, TestResult>, family: &[String], adjust: Adjust) {
    let raw: Vec<Option<f64>> = family
        .iter()
        .map(|id| tests.get(id).and_then(|t| t.p_value))
        .collect();
    // A two-stage correction is refused where they differ.
    let alpha = family
        .iter()
        .find_map(|id| tests.get(id))
        .map_or(0.0, |t| t.alpha);
    for (id, p) in family.iter().zip(adjusted(&raw, adjust, alpha)) {
        if let Some(test) = tests.get_mut(id) {
            test.p_adjusted = p;
        }
    }
}
