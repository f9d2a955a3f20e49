//! # Something else in the plan is not as registered
//!
//! What it detects: every difference between the registered and the requested plan that no other rule accounts for: a hypothesis's statement, a confidence level.
//!
//! Why it matters: nothing that changes meaning may pass unseen.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {conf_level: 0.9}}
//!
//! What to do: keep to the registered plan, or disclose the change.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D049",
    slug: "plan-changed",
    category: Category::Tests,
    source: include_str!("plan_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    !super::RULES
        .iter()
        .any(|rule| rule.code != RULE.code && (rule.claims)(change))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} is not as registered", change.of())
    })
}
