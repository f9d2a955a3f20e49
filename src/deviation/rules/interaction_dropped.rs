//! # A registered interaction was dropped from a model
//!
//! What it detects: a product of variables that the registered formula of a model has and the requested one has not, with the main effects that went with it.
//!
//! Why it matters: a registered moderator that is not reported is most often one that did not come out.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {moderation: {formula: approval ~ us_response}}      # registered: approval ~ us_response * regime
//!
//! What to do: run and report the registered interaction, whatever it shows.
//!
//! References: Franco, Malhotra & Simonovits (2014), doi:10.1126/science.1255484; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D073",
    slug: "interaction-dropped",
    category: Category::Model,
    source: include_str!("interaction_dropped.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.part, Some(Part::InteractionDropped(_)))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} lacks registered interactions: {}",
            change.key(),
            change.terms()
        )
    })
}
