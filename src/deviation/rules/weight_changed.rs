//! # Rows are weighted in another way than registered
//!
//! What it detects: a model whose weights come from another column, are of another kind, were added or left out.
//!
//! Why it matters: weights move estimates as well as errors, and the same column gives other errors as probability, analytic or frequency weights.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {weights: {column: weight, kind: probability}}}
//!
//! What to do: use the registered weights, or show both and say why.
//!
//! References: Solon, Haider & Wooldridge (2015), doi:10.3368/jhr.50.2.301

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D053",
    slug: "weight-changed",
    category: Category::Variables,
    source: include_str!("weight_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "models" && change.field() == "weights"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the model {} is not weighted as registered", change.key())
    })
}
