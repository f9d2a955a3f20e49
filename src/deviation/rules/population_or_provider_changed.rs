//! # The sample comes from elsewhere than registered
//!
//! What it detects: another `population` or `provider` of the sample than registered. Who was asked is not in the data: the request says it, under `analysis: {design: {sample: …}}`; a registered one that the request leaves alone is taken at its word.
//!
//! Why it matters: an effect that holds in one population need not hold in another, and a panel can be exchanged until it does.
//!
//! Example that fires:
//!
//!     analysis:
//!       design: {sample: {provider: MTurk}}      # registered: Prolific
//!
//! What to do: disclose the change and why it was made; compare the sample with the registered population.
//!
//! References: CONSORT 2025 item 12; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D021",
    slug: "population-or-provider-changed",
    category: Category::Sample,
    source: include_str!("population_or_provider_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "design" && matches!(change.key(), "population" | "provider")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the {} of the sample is not the registered one", change.key())
    })
}
