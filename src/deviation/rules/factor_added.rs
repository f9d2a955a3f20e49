//! # A factor is analysed that is not registered
//!
//! What it detects: a variable with the role `factor` in the plan as requested that the registration does not have.
//!
//! Why it matters: a condition that the registration does not mention was either not planned or is told apart because of what it shows.
//!
//! Example that fires:
//!
//!     analysis:
//!       variables: {framing: {role: factor, levels: {gain: Gain, loss: Loss}, reference: gain}}
//!
//! What to do: analyse the registered factors; describe what else was varied in a disclosure.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; CONSORT 2025 item 10

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D025",
    slug: "factor-added",
    category: Category::Design,
    source: include_str!("factor_added.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "variables" && change.is_added() && change.executed.as_deref() == Some("factor")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the factor {} is not registered", change.key())
    })
}
