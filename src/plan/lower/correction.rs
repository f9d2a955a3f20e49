//! Whether a family's correction goes together with its tests.

use super::Lowering;
use crate::diagnostic::codes;
use crate::plan::{Adjust, Alternative, Estimator, Plan, PlannedTest, Quantity, Weighing};
use crate::spec::registration::Registration;
use std::collections::BTreeSet;

/// A two-stage correction counts what is rejected at one level, and tests that wait for others need the level of those:
/// at a larger one they would be reached past a test that did not reject.
pub(super) fn at_one_level(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    for (name, spec) in &written.families {
        let Some(family) = plan.families.get(&name.value) else {
            continue;
        };
        let gate = family.gate.as_ref().and_then(|g| plan.families.get(&g.family));
        let help = match (family.adjust, gate) {
            (Adjust::BhTwoStage, _) => {
                "give them one `alpha`, or choose bh, whose p-values do not depend on it"
            }
            (Adjust::FixedSequence, _) => "give them one `alpha`: each waits for those before it",
            (_, Some(_)) => "give them and the tests of the gate one `alpha`: they wait for these",
            _ => continue,
        };
        let levels: BTreeSet<u64> = family
            .tests
            .iter()
            .chain(gate.iter().flat_map(|g| &g.tests))
            .filter_map(|t| plan.tests.get(t))
            .map(|t| t.alpha.to_bits())
            .collect();
        if levels.len() > 1 {
            low.found.error(
                codes::INCOMPATIBLE,
                spec.adjust.as_ref().map_or(&spec.at, |a| &a.at),
                format!("families.{}: its tests have different levels", name.value),
                help,
            );
        }
    }
}

/// A correction that resamples needs tests that can be drawn again together.
pub(super) fn resampled(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    for (name, spec) in &written.families {
        let Some(family) = plan.families.get(&name.value).filter(|f| f.adjust.resamples()) else {
            continue;
        };
        let tests: Vec<&PlannedTest> = family.tests.iter().filter_map(|t| plan.tests.get(t)).collect();
        let factor = |t: &PlannedTest| match &t.quantity {
            Quantity::Contrast {
                of,
                weigh: Weighing::Levels,
                ..
            } => Some(of.clone()),
            _ => None,
        };
        let factors: BTreeSet<Option<String>> = tests.iter().map(|t| factor(t)).collect();
        let plain = |t: &&PlannedTest| {
            let model = plan.models.get(&t.model);
            let model = model.is_none_or(|m| {
                m.estimator == Estimator::Ols
                    && m.weights.is_none()
                    && m.formula.absorbed.is_empty()
                    && m.vcov.is_redrawn()
            });
            let sided = matches!(
                t.alternative,
                Alternative::TwoSided | Alternative::Greater | Alternative::Less
            );
            model && sided && t.null == 0.0
        };
        let assigned = |f: &Option<String>| {
            let variable = f.as_ref().and_then(|f| plan.variables.get(f));
            variable.is_some_and(|v| v.probability.is_some())
        };
        let permutes = family.adjust == Adjust::WestfallYoung;
        let problem = if factors.contains(&None) || !tests.iter().all(plain) {
            "its tests must be contrasts in unweighted least squares with classical or HC0 to HC3 errors, against zero"
        } else if permutes && (factors.len() > 1 || !factors.iter().all(assigned)) {
            "its tests must be contrasts of one factor with a registered `probability`"
        } else {
            continue;
        };
        let at = spec.adjust.as_ref().map_or(&spec.at, |a| &a.at);
        let message = format!("families.{}: {problem}", name.value);
        low.found.error(
            codes::INCOMPATIBLE,
            at,
            message,
            "choose holm, which needs nothing",
        );
    }
}
