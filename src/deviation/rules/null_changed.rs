//! # A test has another null value than registered
//!
//! What it detects: a test whose `null` is not the registered one.
//!
//! Why it matters: a test against another value answers another question.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {null: 0.2}}
//!
//! What to do: test against the registered value.
//!
//! References: Lakens, Scheel & Isager (2018), doi:10.1177/2515245918770963

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D036",
    slug: "null-changed",
    category: Category::Inference,
    source: include_str!("null_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests" && change.field() == "null"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the test {} has another null value than registered", change.key())
    })
}
