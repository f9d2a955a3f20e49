//! `randomization:` of a test, and whether it is defined there.

use super::Lowering;
use crate::diagnostic::codes;
use crate::plan::{
    Alternative, Estimator, ModelPlan, Quantity, Randomization, RandomizationStatistic, VariablePlan, Vcov,
    WeightKind,
};
use crate::spec::model::TestSpec;
use crate::spec::randomization::RandomizationSpec;
use std::collections::BTreeMap;

/// More draws than this decide nothing that fewer would not.
const DRAW_LIMIT: u64 = 10_000_000;

/// What the test is otherwise, which decides whether it can be redrawn.
pub(super) struct Around<'a> {
    pub quantity: &'a Quantity,
    pub alternative: Option<Alternative>,
    pub model: Option<&'a ModelPlan>,
    pub variables: &'a BTreeMap<String, VariablePlan>,
}

/// Nothing is registered, or what; no answer at all where it is not defined.
pub(super) fn randomization(
    path: &str,
    spec: &TestSpec,
    around: &Around<'_>,
    low: &mut Lowering<'_>,
) -> Option<Option<Randomization>> {
    let Some(written) = &spec.randomization else {
        return Some(None);
    };
    let path = format!("{path}.randomization");
    low.place(&path, &written.at);
    let words = &RandomizationStatistic::ALL;
    let statistic = low.word(&format!("{path}.statistic"), &written.statistic, words, &[])?;
    let draws = low.keep(format!("{path}.draws"), &written.draws)?;
    if !(100..=DRAW_LIMIT).contains(&draws) {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &written.at,
            format!("{path}: {draws} draws"),
            "write 100 to 10,000,000 draws",
        );
        return None;
    }
    if let Some((problem, help)) = undefined(spec, around, statistic) {
        low.found.error(
            codes::INCOMPATIBLE,
            at(written),
            format!("{path}: {problem}"),
            help,
        );
        return None;
    }
    Some(Some(Randomization { draws, statistic }))
}

fn at(written: &RandomizationSpec) -> &crate::diagnostic::Place {
    &written.at
}

fn undefined(
    spec: &TestSpec,
    around: &Around<'_>,
    statistic: RandomizationStatistic,
) -> Option<(&'static str, &'static str)> {
    let Quantity::Contrast { of, .. } = around.quantity else {
        return Some((
            "only a contrast can be redrawn",
            "give the test a `contrast` of the assigned factor",
        ));
    };
    let assigned = around.variables.get(of).is_some_and(|v| v.probability.is_some());
    let sided = matches!(
        around.alternative,
        None | Some(Alternative::TwoSided | Alternative::Greater | Alternative::Less)
    );
    let model = around.model?;
    if !assigned {
        return Some((
            "its factor has no registered `probability`",
            "write how the factor was assigned",
        ));
    }
    if spec.null.as_ref().is_some_and(|n| n.value != 0.0) || !sided {
        return Some(("the sharp null is that of no effect", "remove `null` and margins"));
    }
    let linear = matches!(model.estimator, Estimator::Ols | Estimator::DifferenceInMeans);
    if !linear || !model.formula.absorbed.is_empty() {
        let help = "use least squares or a difference in means, without absorbed fixed effects";
        return Some(("it is defined for least squares", help));
    }
    if model
        .weights
        .as_ref()
        .is_some_and(|w| w.kind == WeightKind::Frequency)
    {
        let help = "give every unit its own row: each was assigned by itself";
        return Some((
            "a row that stands for several units cannot be assigned again",
            help,
        ));
    }
    if model
        .weights
        .as_ref()
        .is_some_and(|w| w.kind == WeightKind::InverseProbability)
    {
        let help = "test the same hypothesis with `estimator: ols` or `difference_in_means`";
        return Some((
            "the weights of ipw would change with every allocation, which is not computed here",
            help,
        ));
    }
    let drawn = matches!(
        model.vcov,
        Vcov::CR2 | Vcov::CR3 | Vcov::Bootstrap | Vcov::Jackknife
    );
    if statistic == RandomizationStatistic::T && (drawn || model.clusters.len() > 1) {
        let help =
            "use `statistic: estimate`, or an error that is summed: classical, HC0 to HC4, CR0, CR1, CR1S";
        return Some((
            "the error of t would have to be drawn or adjusted in every allocation",
            help,
        ));
    }
    None
}
