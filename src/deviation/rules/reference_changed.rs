//! # A factor has another reference level than registered
//!
//! What it detects: another `reference` of a registered variable. Contrasts of levels are the same whatever the reference; coefficients named by a level are not.
//!
//! Why it matters: a coefficient compares with the reference: with another one it answers another question under the same name.
//!
//! Example that fires:
//!
//!     analysis:
//!       variables: {us_response: {reference: denounce}}      # registered: status_quo
//!
//! What to do: use the registered reference, or ask for the comparison by `contrast:`.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D037",
    slug: "reference-changed",
    category: Category::Model,
    source: include_str!("reference_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "variables" && change.field() == "reference"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} has another reference level than registered", change.key())
    })
}
