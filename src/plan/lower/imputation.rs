//! `missing: {covariate: multiple_imputation}` and its `imputation:`, and what does not go with them.

use super::Lowering;
use crate::diagnostic::{Place, codes};
use crate::plan::{
    Estimator, ImputationPlan, MissingRule, ModelPlan, Plan, PlannedTest, Quantity, Role, Vcov,
};
use crate::spec::registration::Registration;

const MOST: u64 = 1000;

pub(super) fn imputation(written: &Registration, low: &mut Lowering<'_>) -> Option<ImputationPlan> {
    let spec = written.imputation.as_ref()?;
    low.place("imputation", &spec.at);
    let draws = low.keep("imputation.draws", &spec.draws)?;
    let iterations = low.keep("imputation.iterations", &spec.iterations)?;
    for (name, number, least) in [("draws", draws, 2), ("iterations", iterations, 1)] {
        if !(least..=MOST).contains(&number) {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                low.places.get(&format!("imputation.{name}")).unwrap_or(&spec.at),
                format!("imputation.{name}: {number} is too few or too many"),
                format!("write a number from {least} to {MOST}"),
            );
        }
    }
    Some(ImputationPlan { draws, iterations })
}

/// The rule and its numbers stand together, and every model that it bears on can be pooled.
pub(super) fn supported(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let asked = plan.missing.get(&Role::Covariate) == Some(&MissingRule::MultipleImputation);
    let rule = low.places.get("missing.covariate").unwrap_or(&written.at);
    match &written.imputation {
        None if asked => low.found.error(
            codes::MISSING_KEY,
            rule,
            "multiple imputation needs the number of its draws",
            "write imputation: {draws: 20, iterations: 10}",
        ),
        Some(spec) if !asked => low.found.error(
            codes::INCOMPATIBLE,
            &spec.at,
            "nothing is imputed: no rule for missing values says so",
            "write missing: {covariate: multiple_imputation}, or remove `imputation`",
        ),
        _ => {}
    }
    let covariate = |model: &ModelPlan| {
        let mut columns = model.columns().into_iter();
        columns.any(|c| plan.role_in(model, c) == Role::Covariate)
    };
    for (id, model) in plan.models.iter().filter(|(_, m)| asked && covariate(m)) {
        let place = place(&format!("models.{id}"), written, low);
        if let Some(problem) = unsuited(model) {
            refuse(low, &place, &format!("models.{id}: {problem}"));
        }
        for (test, planned) in plan.tests.iter().filter(|(_, t)| t.model == *id) {
            let resampled = plan.family_of(test).is_some_and(|(_, f)| f.adjust.resamples());
            if let Some(problem) = unpooled(planned, resampled) {
                let place = self::place(&format!("tests.{test}"), written, low);
                refuse(low, &place, &format!("tests.{test}: {problem}"));
            }
        }
    }
}

fn place(path: &str, written: &Registration, low: &Lowering<'_>) -> Place {
    low.places.get(path).unwrap_or(&written.at).clone()
}

fn refuse(low: &Lowering<'_>, at: &Place, message: &str) {
    low.found.error(
        codes::INCOMPATIBLE,
        at,
        format!("{message} after multiple imputation"),
        "use another rule for missing covariates, or register another analysis",
    );
}

fn unsuited(model: &ModelPlan) -> Option<&'static str> {
    let estimator = matches!(
        model.estimator,
        Estimator::Ols | Estimator::Logit | Estimator::Probit | Estimator::Cloglog | Estimator::Poisson
    );
    let vcov = matches!(
        model.vcov,
        Vcov::Classical | Vcov::HC0 | Vcov::HC1 | Vcov::HC2 | Vcov::HC3 | Vcov::HC4
    );
    if !estimator {
        Some("only least squares and generalised linear models are pooled")
    } else if model.weights.is_some() || !model.clusters.is_empty() || model.trials.is_some() {
        Some("weights, clusters and trials are not pooled")
    } else if !model.formula.absorbed.is_empty() || !model.formula.random.is_empty() {
        Some("fixed effects that are absorbed and random effects are not pooled")
    } else if !vcov {
        Some("only classical and HC errors are pooled")
    } else {
        None
    }
}

fn unpooled(test: &PlannedTest, resampled: bool) -> Option<&'static str> {
    let single = matches!(
        test.quantity,
        Quantity::Contrast { .. }
            | Quantity::Coefficient { .. }
            | Quantity::Margin { .. }
            | Quantity::Slope { .. }
    );
    if !single {
        Some("only tests of one estimate are pooled")
    } else if test.randomization.is_some() || resampled {
        Some("redrawn allocations and resampled corrections are not computed")
    } else if test.effect_size.is_some() || test.bayes_factor.is_some() {
        Some("effect sizes and Bayes factors are not computed")
    } else {
        None
    }
}
