//! Tests of nested likelihoods, and contrasts by arm sizes: whether a model has what they need.

use super::Lowering;
use crate::diagnostic::codes;
use crate::plan::{Estimator, JointStatistic, Likelihood, ModelPlan, Vcov, Weighing, WeightKind};
use crate::spec::model::TestSpec;

/// The statistic of a joint test: Wald's unless written.
pub(super) fn statistic(
    path: &str,
    spec: &TestSpec,
    model: Option<&ModelPlan>,
    low: &mut Lowering<'_>,
) -> Option<JointStatistic> {
    let Some(written) = &spec.statistic else {
        return Some(JointStatistic::Wald);
    };
    let path = format!("{path}.statistic");
    let chosen = low.word(&path, &spec.statistic, &JointStatistic::ALL, &[])?;
    let problem = match (chosen, model) {
        (JointStatistic::Wald, Some(model)) if model.estimator.is_direct() => Some((
            "a test without a model has a statistic of its own",
            "remove `statistic`",
        )),
        (JointStatistic::LikelihoodRatio, Some(model)) => without_ratio(model),
        _ => None,
    };
    let Some((problem, help)) = problem else {
        return Some(chosen);
    };
    low.found.error(
        codes::INCOMPATIBLE,
        &written.at,
        format!("{path}: {problem}"),
        help,
    );
    None
}

/// Why two nested models' likelihoods cannot be compared.
fn without_ratio(model: &ModelPlan) -> Option<(&'static str, &'static str)> {
    let weighted = model.weights.as_ref();
    if model.estimator == Estimator::Mixed && model.likelihood == Some(Likelihood::Reml) {
        let help = "write `likelihood: ml`: restricted likelihoods of models with other fixed effects are of other contrasts";
        Some(("REML likelihoods cannot be compared between fixed effects", help))
    } else if !model.estimator.is_likelihood() && model.estimator != Estimator::Mixed {
        let help = "leave `statistic` out: its F is exact under normal errors; or write `anova:`";
        Some(("the model is not fitted by maximum likelihood", help))
    } else if model.vcov != Vcov::Classical || !model.clusters.is_empty() {
        let help =
            "write `vcov: classical`, or leave `statistic` out for Wald's test with the registered variance";
        Some((
            "a likelihood ratio takes the rows as independent and the model as true",
            help,
        ))
    } else if weighted.is_some_and(|w| w.kind != WeightKind::Frequency) {
        let help = "leave `statistic` out: Wald's test takes the weights into its variance";
        Some(("under these weights there is no likelihood to compare", help))
    } else {
        None
    }
}

/// Whether a model has several cutpoints at which its coefficients can be compared by likelihood.
pub(super) fn has_cutpoints(
    path: &str,
    spec: &TestSpec,
    model: Option<&ModelPlan>,
    low: &Lowering<'_>,
) -> Option<()> {
    let model = model?;
    let problem = if !model.estimator.is_ordered() {
        ("it is of an ordered model", "use ordered_logit or ordered_probit")
    } else if model
        .weights
        .as_ref()
        .is_some_and(|w| w.kind != WeightKind::Frequency)
    {
        (
            "under these weights there is no likelihood to compare",
            "test a model without `weights`",
        )
    } else if model.vcov != Vcov::Classical || !model.clusters.is_empty() {
        (
            "a likelihood ratio takes the rows as independent",
            "write `vcov: classical` in a model of its own for this test",
        )
    } else {
        return Some(());
    };
    let message = format!("{path}.proportional_odds: {}", problem.0);
    low.found.error(codes::INCOMPATIBLE, &spec.at, message, problem.1);
    None
}

/// By what the levels of each side of a contrast weigh.
pub(super) fn weighing(
    path: &str,
    spec: &TestSpec,
    model: Option<&ModelPlan>,
    low: &mut Lowering<'_>,
) -> Option<Weighing> {
    let Some(written) = &spec.weigh else {
        return Some(Weighing::Levels);
    };
    let path = format!("{path}.weigh");
    let chosen = low.word(&path, &spec.weigh, &Weighing::ALL, &[])?;
    let kind = model.and_then(|m| m.weights.as_ref()).map(|w| w.kind);
    let problem = if chosen == Weighing::Levels {
        return Some(chosen);
    } else if spec.randomization.is_some() {
        (
            "an allocation that is drawn again has other numbers of rows",
            "write the weights into the contrast: 0.3 a + 0.7 b - c",
        )
    } else if model.is_some_and(|m| m.estimator.is_conjoint() || m.estimator.is_direct()) {
        (
            "it is of a model's levels, each with its rows",
            "write the weights into the contrast: 0.3 a + 0.7 b - c",
        )
    } else if kind.is_some_and(|k| k == WeightKind::Probability || k == WeightKind::InverseProbability) {
        (
            "under probability weights, shares of the sample or of the population could be meant",
            "write the shares into the contrast: 0.3 a + 0.7 b - c",
        )
    } else {
        return Some(chosen);
    };
    low.found.error(
        codes::INCOMPATIBLE,
        &written.at,
        format!("{path}: {}", problem.0),
        problem.1,
    );
    None
}
