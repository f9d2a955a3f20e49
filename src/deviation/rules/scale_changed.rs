//! # A variable has another scale than registered
//!
//! What it detects: another `scale` (least and greatest value) of a registered variable, or one where none is registered. Another label is none.
//!
//! Why it matters: a scale that is cut or stretched after the fact decides what counts as out of range, and what a reversed item is turned into.
//!
//! Example that fires:
//!
//!     analysis:
//!       variables: {approval: {scale: {min: 0, max: 10}}}      # registered: 1 to 7
//!
//! What to do: measure and analyse on the registered scale; disclose another instrument.
//!
//! References: Flake & Fried (2020), doi:10.1177/2515245920952393

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D039",
    slug: "scale-changed",
    category: Category::Variables,
    source: include_str!("scale_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "variables" && change.field() == "scale"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} has another scale than registered", change.key())
    })
}
