//! # An interaction was added to a model
//!
//! What it detects: a product of variables that the requested formula of a registered model has and the registered one has not, with the main effects that it brought along. `a*b` and `a + b + a:b` are the same.
//!
//! Why it matters: moderators that were looked for after the data are seen are found by chance one time in twenty each.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: approval ~ us_response * age}}      # registered: approval ~ us_response
//!
//! What to do: label the moderator exploratory (`exploratory:`), or disclose why the model was changed.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D072",
    slug: "interaction-added",
    category: Category::Model,
    source: include_str!("interaction_added.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.part, Some(Part::InteractionAdded(_)))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} has interactions that are not registered: {}",
            change.key(),
            change.terms()
        )
    })
}
