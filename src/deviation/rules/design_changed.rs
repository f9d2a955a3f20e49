//! # The design is not the registered one
//!
//! What it detects: another kind of design, unit, sample size, window, stopping rule or allocation than registered, or another study id, timing or registration date.
//!
//! Why it matters: a design described after the fact fits whatever happened.
//!
//! Example that fires:
//!
//!     design: {sample: {minimum: 1000}}      # registered: 1500
//!
//! What to do: describe the design as registered; disclose what was different.
//!
//! References: CONSORT 2025 item 10; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D052",
    slug: "design-changed",
    category: Category::Design,
    source: include_str!("design_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.section(), "design" | "study")
        && !(super::population_or_provider_changed::RULE.claims)(change)
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} is not the registered one", change.of())
    })
}
