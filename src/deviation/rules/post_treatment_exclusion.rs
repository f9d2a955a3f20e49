//! # Rows are excluded by what treatment may have changed
//!
//! What it detects: an exclusion, added or changed by the request, whose expression reads an outcome of a randomised design or a variable whose `stage` is `post_treatment`, itself or through derived variables. A registered one is no deviation: `check` warns of it (S031).
//!
//! Why it matters: who passes a check that treatment influences differs between the arms: randomisation no longer makes them comparable.
//!
//! Example that fires:
//!
//!     analysis:
//!       exclusions: [{id: unmoved, drop_if: manipulation_check = 'failed'}]      # stage: post_treatment
//!
//! What to do: exclude by what was measured before treatment, and show the result with these rows kept. It is told beside `exclusion-added`, which says that the rule was not registered; each has its own disclosure.
//!
//! References: Montgomery, Nyhan & Torres (2018), doi:10.1111/ajps.12357; Aronow, Baron & Pinson (2019), doi:10.1017/pan.2018.45

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::plan::{ExclusionRule, Plan, Role, Stage};
use crate::record::Observed;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "D017",
    slug: "post-treatment-exclusion",
    category: Category::Exclusions,
    source: include_str!("post_treatment_exclusion.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    let requested = evidence.requested;
    let changes = evidence.changes.iter();
    changes
        .filter(|c| c.section() == "exclusions" && c.executed.is_some())
        .filter_map(|change| {
            let exclusion = requested.exclusions.iter().find(|e| e.id == change.key())?;
            let after = measured_after(requested, &exclusion.rule);
            let known = evidence.promised.exclusions.iter();
            let registered: BTreeSet<String> = known
                .filter(|e| e.id == change.key())
                .flat_map(|e| measured_after(evidence.promised, &e.rule))
                .collect();
            let new: Vec<String> = after.difference(&registered).cloned().collect();
            (!new.is_empty()).then(|| Finding::Deviation {
                of: change.of(),
                message: format!(
                    "the exclusion `{}` looks at {}, measured after treatment",
                    change.key(),
                    new.join(", ")
                ),
                executed_at: super::executed_at(evidence, change),
                registered_at: None,
                registered: None,
                executed: change.executed.clone(),
                tests: touched(change, evidence.promised, requested),
                hypotheses: Vec::new(),
            })
        })
        .collect()
}

/// The variables measured after treatment that a rule reads, itself or through derived ones.
fn measured_after(plan: &Plan, rule: &ExclusionRule) -> BTreeSet<String> {
    let mut columns = rule.columns();
    for derived in plan.derived.iter().rev() {
        if columns.contains(&derived.name) {
            columns.extend(derived.rule.columns());
        }
    }
    let randomised = plan.variables.values().any(|v| v.probability.is_some());
    columns.retain(|name| {
        plan.variables.get(name).is_some_and(|v| match v.stage {
            Some(stage) => stage == Stage::PostTreatment,
            None => v.role == Role::Outcome && randomised,
        })
    });
    columns
}
