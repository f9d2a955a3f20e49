//! # A registered exclusion has another condition
//!
//! What it detects: an exclusion whose expression means something else than the registered one. Another name, another spelling and another order are none: the order decides under which rule a row is counted, never who leaves.
//!
//! Why it matters: moving a cut-off moves rows in or out.
//!
//! Example that fires:
//!
//!     exclusions: [{id: speeders, drop_if: duration < 90}]      # registered: duration < 60
//!
//! What to do: use the registered condition, or disclose the change.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D014",
    slug: "exclusion-changed",
    category: Category::Exclusions,
    source: include_str!("exclusion_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "exclusions" && change.path.len() == 3
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the exclusion `{}` has another condition than registered",
            change.key()
        )
    })
}
