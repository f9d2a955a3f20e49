//! # A registered exclusion was not applied
//!
//! What it detects: a registered exclusion that the plan as requested does not have.
//!
//! Why it matters: rows that were to be left out are in the analysis.
//!
//! Example that fires:
//!
//!     analysis:
//!       exclusions: []
//!
//! What to do: apply the registered exclusion, or disclose why not.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D013",
    slug: "exclusion-dropped",
    category: Category::Exclusions,
    source: include_str!("exclusion_dropped.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "exclusions" && change.is_removed()
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let facts = observed
            .exclusions
            .iter()
            .find(|e| e.registered && e.id == change.key());
        let rows = facts.map(|e| e.in_sequence).unwrap_or_default();
        format!(
            "the registered exclusion `{}`, which would drop {rows} rows, was not applied",
            change.key()
        )
    })
}
