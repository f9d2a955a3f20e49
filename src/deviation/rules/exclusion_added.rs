//! # Rows were dropped by a rule that was not registered
//!
//! What it detects: an exclusion in the plan as requested that no registered exclusion says.
//!
//! Why it matters: who is left out can decide the result.
//!
//! Example that fires:
//!
//!     analysis:
//!       exclusions:                                                 # a list replaces the registered one
//!         - {id: inattentive, drop_if: passed_check = 'failed'}       # registered
//!         - {id: speeders, drop_if: duration < 60}                    # not registered
//!
//! What to do: remove the rule, or disclose it with a reason and when you decided.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D012",
    slug: "exclusion-added",
    category: Category::Exclusions,
    source: include_str!("exclusion_added.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "exclusions" && change.is_added()
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let facts = observed
            .exclusions
            .iter()
            .find(|e| e.requested && e.id == change.key());
        let rows = facts.map(|e| e.in_sequence).unwrap_or_default();
        format!(
            "{rows} rows were dropped by the rule `{}`, which is not registered",
            change.key()
        )
    })
}
