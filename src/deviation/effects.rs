//! Which tests a change touches, and what all departures together did to them.

use super::diff::{FieldChange, key};
use super::{Evidence, Finding, Rule};
use crate::plan::{Adjust, ContingencyPlan, Estimator, MissingRule, Plan, Role};
use crate::record::{Deviation, Effect, Numbers, Observed, TestResult, TestState};
use std::collections::BTreeSet;

/// The tests of either plan whose numbers a change can move, itself or through a shared correction.
pub(super) fn touched(change: &FieldChange, promised: &Plan, requested: &Plan) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for plan in [promised, requested] {
        let hit = plan
            .tests
            .keys()
            .filter(|id| hits(change, plan, id, promised, requested));
        found.extend(hit.cloned());
    }
    let of_one = ["alpha", "conf_level", "effect_size", "bayes_factor", "decide"];
    if !of_one.contains(&change.field()) {
        for family in promised.families.values().chain(requested.families.values()) {
            if family.adjust != Adjust::None && family.tests.iter().any(|t| found.contains(t)) {
                found.extend(family.tests.iter().cloned());
            }
        }
    }
    through_gates(&mut found, promised);
    through_gates(&mut found, requested);
    found.into_iter().collect()
}

/// A family that waits for another is touched by whatever touches that one.
fn through_gates(found: &mut BTreeSet<String>, plan: &Plan) {
    for _ in 0..plan.families.len() {
        for family in plan.families.values() {
            let gate = family.gate.as_ref().and_then(|g| plan.families.get(&g.family));
            if gate.is_some_and(|g| g.tests.iter().any(|t| found.contains(t))) {
                found.extend(family.tests.iter().cloned());
            }
        }
    }
}

fn hits(change: &FieldChange, plan: &Plan, id: &str, promised: &Plan, requested: &Plan) -> bool {
    let Some(test) = plan.tests.get(id) else {
        return false;
    };
    match change.section() {
        "models" => test.model == change.key(),
        "design" => {
            let model = plan.models.get(&test.model);
            let averages = model.is_some_and(|m| m.estimator == Estimator::Amce);
            matches!(change.key(), "forbidden" | "allocation") && (averages || test.randomization.is_some())
        }
        "tests" => id == change.key(),
        "families" => plan
            .families
            .get(change.key())
            .is_some_and(|f| f.tests.iter().any(|t| t == id)),
        "exclusions" => true,
        "contingencies" => contingency(plan, change.key()).is_some_and(|c| c.bears_on(plan, id)),
        "imputation" => uses_role(plan, &test.model, Role::Covariate.word()),
        "missing" => {
            let study = |plan: &Plan| {
                plan.missing
                    .iter()
                    .any(|(role, rule)| role.word() == change.key() && *rule == MissingRule::DropFromStudy)
            };
            study(promised) || study(requested) || uses_role(plan, &test.model, change.key())
        }
        "variables" | "derived" => {
            uses(plan, &test.model, change.key())
                || plan.missing.values().any(|r| *r == MissingRule::DropFromStudy)
        }
        _ => false,
    }
}

/// The contingency that a change is about.
pub(super) fn contingency<'p>(plan: &'p Plan, of: &str) -> Option<&'p ContingencyPlan> {
    let position = (0..plan.contingencies.len()).find(|position| key(plan, *position) == of)?;
    plan.contingencies.get(position)
}

/// Whether a model has a column whose missing values are handled by a role's rule.
fn uses_role(plan: &Plan, model: &str, role: &str) -> bool {
    let found = plan.models.get(model);
    found.is_some_and(|model| {
        model
            .columns()
            .iter()
            .any(|column| plan.role_in(model, column).word() == role)
    })
}

/// Whether a model's numbers depend on a column: by its formula, its subset, a derivation or an exclusion.
fn uses(plan: &Plan, model: &str, column: &str) -> bool {
    let mut columns: BTreeSet<String> = BTreeSet::new();
    if let Some(model) = plan.models.get(model) {
        columns.extend(model.columns().into_iter().map(str::to_owned));
        columns.extend(model.subset.iter().flat_map(crate::plan::Expr::columns));
    }
    columns.extend(plan.exclusions.iter().flat_map(|e| e.rule.columns()));
    for derived in plan.derived.iter().rev() {
        if !columns.contains(&derived.name) {
            continue;
        }
        columns.extend(derived.rule.columns());
    }
    columns.contains(column)
}

/// A rule's finding as a deviation, with the hypotheses it bears on and its effects.
pub(super) fn deviation(
    rule: &Rule,
    finding: Finding,
    evidence: &Evidence<'_>,
    observed: &Observed,
) -> Option<Deviation> {
    let Finding::Deviation {
        of,
        message,
        executed_at,
        registered_at,
        registered,
        executed,
        tests,
        hypotheses,
    } = finding
    else {
        return None;
    };
    let mut bearing: BTreeSet<String> = hypotheses.into_iter().collect();
    for plan in [evidence.promised, evidence.requested] {
        for (id, hypothesis) in &plan.hypotheses {
            let mut named = hypothesis.corroborated_if.tests(&plan.families);
            named.extend(
                hypothesis
                    .contradicted_if
                    .iter()
                    .flat_map(|r| r.tests(&plan.families)),
            );
            if tests.iter().any(|t| named.contains(t)) {
                bearing.insert(id.clone());
            }
        }
    }
    let effects = tests.iter().filter_map(|id| effect(id, observed)).collect();
    let alone = evidence.twins.alone(rule.code, &of);
    Some(Deviation {
        code: rule.code.to_owned(),
        slug: rule.slug.to_owned(),
        category: rule.category.word().to_owned(),
        of,
        message,
        disclosed: false,
        disclosure: None,
        at: executed_at.into_iter().collect(),
        registered_at,
        registered,
        executed,
        tests,
        hypotheses: bearing.into_iter().collect(),
        effects,
        alone,
    })
}

fn effect(id: &str, observed: &Observed) -> Option<Effect> {
    let test = observed.tests.iter().find(|t| t.id == id)?;
    let registered = match (&test.as_registered, test.state) {
        (Some(registered), _) => registered,
        // The departure changed no number of it, which is worth saying too.
        (None, TestState::Deviated) => &test.result,
        (None, _) => return None,
    };
    let flips = observed.hypotheses.iter().any(|h| {
        h.registered
            && h.tests.iter().any(|t| t == id)
            && h.verdict_as_requested
                .is_some_and(|requested| requested != h.verdict)
    });
    Some(Effect {
        test: id.to_owned(),
        as_registered: numbers(registered),
        as_requested: numbers(&test.result),
        verdict_flips: flips,
    })
}

pub(super) fn numbers(result: &TestResult) -> Numbers {
    Numbers {
        estimate: result.estimate,
        std_error: result.std_error,
        p_value: result.p_value,
        rejects: result.rejects,
        effect_size: result.effect_size.as_ref().and_then(|e| e.estimate),
        log_bf10: result.bayes_factor.as_ref().and_then(|b| b.log_bf10),
    }
}
