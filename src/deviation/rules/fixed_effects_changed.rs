//! # A model absorbs other fixed effects than registered
//!
//! What it detects: other columns after the `|` of a formula than registered. The same factor written out as a term and then absorbed is told here, once.
//!
//! Why it matters: which effects are held constant decides which variation identifies the estimate.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {panel: {formula: y ~ x | firm}}      # registered: y ~ x | firm + year
//!
//! What to do: absorb what was registered, or disclose why not.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D038",
    slug: "fixed-effects-changed",
    category: Category::Model,
    source: include_str!("fixed_effects_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.part == Some(Part::FixedEffects)
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} absorbs other fixed effects than registered",
            change.key()
        )
    })
}
