//! # A family is corrected in another way than registered
//!
//! What it detects: a family whose `adjust` is not the registered one, or that was taken out or added.
//!
//! Why it matters: a weaker correction makes every test of the family easier to reject.
//!
//! Example that fires:
//!
//!     analysis:
//!       families: {arms: {adjust: none}}
//!
//! What to do: correct as registered.
//!
//! References: Holm (1979), jstor 4615733; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D035",
    slug: "correction-changed",
    category: Category::Inference,
    source: include_str!("correction_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "families" && matches!(change.field(), "adjust" | "gate" | "draws")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the family {} is not corrected as registered", change.key())
    })
}
