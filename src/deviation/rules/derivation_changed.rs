//! # A derived variable is computed in another way than registered
//!
//! What it detects: a derived variable with other items, minimum of items or condition, or one that was added or taken out. The same items with other ones reversed are `reverse-coding-changed`.
//!
//! Why it matters: a scale score is a decision about measurement that can be made for the result.
//!
//! Example that fires:
//!
//!     analysis:
//!       derived: {hawkishness: {at_least: 1}}
//!
//! What to do: compute it as registered.
//!
//! References: Flake & Fried (2020), doi:10.1177/2515245920952393

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D041",
    slug: "derivation-changed",
    category: Category::Variables,
    source: include_str!("derivation_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "derived" && !(super::reverse_coding_changed::RULE.claims)(change)
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let mut found = super::changed(evidence, claims, |change| {
        format!(
            "the derived variable {} is not computed as registered",
            change.key()
        )
    });
    found.extend(super::analysed::of_cells(evidence, observed, true));
    found
}
