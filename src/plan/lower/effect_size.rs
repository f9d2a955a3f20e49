//! `effect_size:` of a test, and whether it is defined there.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::codes;
use crate::plan::contrast::{Weights, sums_to_zero};
use crate::plan::{
    Alternative, EffectSize, Estimator, Formula, Frame, ModelPlan, PredictionScale, Quantity, SumOfSquares,
    Vcov,
};
use crate::spec::model::TestSpec;

/// What the test is otherwise, which decides what is defined for it.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub quantity: &'a Quantity,
    pub alternative: Option<Alternative>,
    pub null: f64,
    pub model: Option<&'a ModelPlan>,
    pub columns: &'a Columns<'a>,
}

/// Nothing is registered, or what; no answer at all where it is not defined.
pub(super) fn effect_size(
    path: &str,
    spec: &TestSpec,
    around: Around<'_>,
    low: &mut Lowering<'_>,
) -> Option<Option<EffectSize>> {
    let path = format!("{path}.effect_size");
    let Some(written) = &spec.effect_size else {
        return Some(None);
    };
    let size = low.word(&path, &spec.effect_size, &EffectSize::ALL, &[])?;
    let model = around.model?;
    let Some(problem) = undefined(size, around, model) else {
        return Some(Some(size));
    };
    let defined: Vec<&str> = EffectSize::ALL
        .iter()
        .filter(|(_, other)| undefined(*other, around, model).is_none())
        .map(|(word, _)| *word)
        .collect();
    let help = match defined.as_slice() {
        [] => String::from("none is defined for this test: remove `effect_size`"),
        some => format!("defined for this test: {}", some.join(", ")),
    };
    low.found.error(
        codes::INCOMPATIBLE,
        &written.at,
        format!("{path}: {problem}"),
        help,
    );
    None
}

fn undefined(size: EffectSize, around: Around<'_>, model: &ModelPlan) -> Option<&'static str> {
    match size {
        EffectSize::CohensD | EffectSize::HedgesG if model.estimator == Estimator::OneSampleT => None,
        EffectSize::DZ | EffectSize::DAv => of_pairs(model),
        _ if size.is_standardized() && model.estimator == Estimator::PairedT => Some(
            "pairs have two of them: d_z, in deviations of the differences, and d_av, in those of the two outcomes",
        ),
        EffectSize::CohensD | EffectSize::HedgesG | EffectSize::GlassDelta => standardized(around, model),
        EffectSize::R if model.estimator == Estimator::Pearson => None,
        EffectSize::R => correlation(around, model),
        EffectSize::EtaSquared
        | EffectSize::PartialEtaSquared
        | EffectSize::OmegaSquared
        | EffectSize::PartialOmegaSquared => shares(size, around, model),
        EffectSize::OddsRatio if model.estimator == Estimator::Logit => odds(around.quantity),
        EffectSize::RiskRatio if is_of_risks(model.estimator) => risks(around.quantity),
        EffectSize::RiskDifference if is_of_risks(model.estimator) => {
            Some("a contrast of probabilities is the risk difference already")
        }
        EffectSize::OddsRatio | EffectSize::RiskRatio | EffectSize::RiskDifference => {
            two_by_two(around, model)
        }
        EffectSize::CramersV => {
            let of_all = matches!(around.quantity, Quantity::Joint { .. });
            let fits = model.estimator.is_table() && of_all;
            (!fits).then_some("it is of a whole table of counts: chi_squared with `joint:`")
        }
    }
}

fn is_of_risks(estimator: Estimator) -> bool {
    matches!(
        estimator,
        Estimator::Logit | Estimator::Probit | Estimator::Cloglog
    )
}

/// Whether a contrast is `a - b`.
pub(super) fn is_pair(weights: &Weights) -> bool {
    weights.len() == 2 && weights.values().all(|w| w.abs() == 1.0) && sums_to_zero(weights)
}

/// `a - b`, with the frame in which it is taken.
fn two_levels(quantity: &Quantity) -> Option<&Frame> {
    match quantity {
        Quantity::Contrast {
            weights,
            across,
            frame,
            ..
        } if is_pair(weights) && across.is_empty() => Some(frame),
        _ => None,
    }
}

fn has_one_factor(formula: &Formula) -> bool {
    let one = matches!(formula.terms.as_slice(), [term] if term.0.len() == 1);
    one && formula.absorbed.is_empty() && formula.intercept
}

fn is_unweighted(model: &ModelPlan) -> bool {
    model.weights.is_none() && model.clusters.is_empty()
}

/// Whether errors are independent, of one variance, and estimated so.
pub(super) fn is_classical(model: &ModelPlan) -> bool {
    model.estimator == Estimator::Ols && model.vcov == Vcov::Classical && is_unweighted(model)
}

fn standardized(around: Around<'_>, model: &ModelPlan) -> Option<&'static str> {
    let of_means = matches!(
        model.estimator,
        Estimator::StudentT | Estimator::DifferenceInMeans | Estimator::Ols
    );
    if !of_means || !two_levels(around.quantity).is_some_and(Frame::is_plain) {
        Some("it is of two groups' means: a contrast a - b in ols, difference_in_means or student_t")
    } else if !has_one_factor(&model.formula) {
        Some("it is of two groups without covariates: what it is measured in would depend on them")
    } else if !is_unweighted(model) {
        Some("its interval is for independent rows of one weight")
    } else {
        None
    }
}

fn of_pairs(model: &ModelPlan) -> Option<&'static str> {
    (model.estimator != Estimator::PairedT).then_some("it is of pairs: use `estimator: paired_t`")
}

fn correlation(around: Around<'_>, model: &ModelPlan) -> Option<&'static str> {
    let of_one = matches!(
        around.quantity,
        Quantity::Contrast { .. } | Quantity::Coefficient { .. } | Quantity::Slope { .. }
    );
    if model.estimator != Estimator::StudentT && !is_classical(model) {
        Some("it follows from a t with classical errors: student_t, or ols with vcov: classical")
    } else if !of_one {
        Some("it is of one quantity: a contrast, a coefficient or a slope")
    } else if around.null != 0.0 {
        Some("it is measured against no effect: remove `null`")
    } else {
        None
    }
}

fn shares(size: EffectSize, around: Around<'_>, model: &ModelPlan) -> Option<&'static str> {
    let of_all = matches!(around.quantity, Quantity::Joint { terms, .. } if *terms == model.formula.terms);
    let partial = matches!(
        size,
        EffectSize::PartialEtaSquared | EffectSize::PartialOmegaSquared
    );
    if let Quantity::Anova { kind, .. } = around.quantity {
        let whole = partial || *kind == SumOfSquares::I || has_one_factor(&model.formula);
        return (!whole).then_some(
            "sums of squares of types II and III do not add up to a total: write partial_eta_squared or partial_omega_squared, or type I",
        );
    }
    if !matches!(around.quantity, Quantity::Joint { .. }) {
        Some("it is of a term of the model: write `joint:` or `anova:`")
    } else if !is_classical(model) {
        Some("it is a share of sums of squares: ols with vcov: classical, without weights and clusters")
    } else if !(partial || of_all && has_one_factor(&model.formula)) {
        Some(
            "beside other terms the shares depend on their order: partial ones do not, and `anova:` of type I says it",
        )
    } else {
        None
    }
}

fn odds(quantity: &Quantity) -> Option<&'static str> {
    let fits = match quantity {
        Quantity::Coefficient { term } => !term.contains(':') && term != "(Intercept)",
        other => two_levels(other).is_some_and(|f| f.scale == PredictionScale::Link),
    };
    (!fits).then_some("it is of two levels' log odds: a contrast a - b with `scale: link`, or a coefficient")
}

fn risks(quantity: &Quantity) -> Option<&'static str> {
    let fits = two_levels(quantity).is_some_and(|f| f.scale == PredictionScale::Response);
    (!fits).then_some("it is of two levels' probabilities: a contrast a - b with `scale: response`")
}

/// A table has to be one of two levels by two, and to say which of them are compared with which.
fn two_by_two(around: Around<'_>, model: &ModelPlan) -> Option<&'static str> {
    if !model.estimator.is_table() || !matches!(around.quantity, Quantity::Joint { .. }) {
        return Some("it is of a binary outcome: chi_squared or fisher_exact with `joint:`, or a logit");
    }
    let [term] = model.formula.terms.as_slice() else {
        return Some("it is of a table of two groups");
    };
    let factor = term.columns().next().and_then(|c| around.columns.variable(c));
    let compared = factor.is_some_and(|f| f.levels.names.len() == 2 && f.reference.is_some());
    // An outcome without levels is a number, whose larger value is the event.
    let outcome = around.columns.variable(&model.formula.outcome);
    let told = outcome.filter(|o| !o.levels.is_empty());
    if !compared {
        Some("its factor must have two levels, one of them its `reference`")
    } else if told.is_some_and(|o| o.levels.names.len() != 2 || o.reference.is_none()) {
        Some("its outcome must have two levels, the `reference` being no event")
    } else {
        None
    }
}
