//! # A registered exclusion has another condition
//!
//! What it detects: an exclusion whose expression means something else than the registered one. Another name and another spelling are none, and so is another order of conditions, which decides under which of them a row is counted, never who leaves. Duplicates and outliers are told among the rows that stay so far: for them, other exclusions before them are a change.
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
        let what = if change.field() == "after" {
            "looks at other rows than registered: the order of the exclusions was changed"
        } else {
            "has another condition than registered"
        };
        format!("the exclusion `{}` {what}", change.key())
    })
}
