//! The order of exclusions, where it decides who leaves: repeated and outlying rows are told among those that stay.

use crate::plan::{ExclusionPlan, Plan};

/// The exclusions that look at other rows and come after others than registered. What only one plan has is seen by itself.
pub(super) fn reordered(promised: &Plan, requested: &Plan) -> Vec<Vec<String>> {
    let same = |other: &Plan, e: &ExclusionPlan| other.exclusions.iter().any(|o| o.rule == e.rule);
    let before = |plan: &Plan, other: &Plan, id: &str| -> Option<Vec<ExclusionPlan>> {
        let at = plan.exclusions.iter().position(|e| e.id == id)?;
        let earlier = plan.exclusions.iter().take(at);
        Some(earlier.filter(|e| same(other, e)).cloned().collect())
    };
    let moved = |e: &&ExclusionPlan| {
        let (Some(old), Some(new)) = (
            before(promised, requested, &e.id),
            before(requested, promised, &e.id),
        ) else {
            return false;
        };
        let within = |a: &[ExclusionPlan], b: &[ExclusionPlan]| {
            a.iter().all(|e| b.iter().any(|other| other.rule == e.rule))
        };
        !within(&old, &new) || !within(&new, &old)
    };
    requested
        .exclusions
        .iter()
        .filter(|e| e.rule.condition().is_none() && same(promised, e))
        .filter(moved)
        .map(|e| ["exclusions", &e.id, "after"].map(str::to_owned).to_vec())
        .collect()
}

/// What stands before an exclusion.
pub(super) fn before(plan: &Plan, id: &str) -> String {
    let ids = plan.exclusions.iter().map(|e| e.id.as_str());
    let earlier: Vec<&str> = ids.take_while(|other| *other != id).collect();
    match earlier.as_slice() {
        [] => String::from("before all others"),
        ids => format!("after {}", ids.join(", ")),
    }
}
