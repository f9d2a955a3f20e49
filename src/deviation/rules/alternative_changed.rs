//! # A test has another alternative than registered
//!
//! What it detects: a test that is one-sided or two-sided otherwise than registered, or has margins where it had none. A direction that is turned round is `direction-changed`.
//!
//! Why it matters: a one-sided test chosen after the sign is known has twice its nominal error rate.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {alternative: two_sided}}
//!
//! What to do: test the registered alternative.
//!
//! References: Lakens (2016), the value of preregistered one-sided tests

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D034",
    slug: "alternative-changed",
    category: Category::Inference,
    source: include_str!("alternative_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests"
        && change.field() == "alternative"
        && !(super::sesoi_changed::RULE.claims)(change)
        && !(super::direction_changed::RULE.claims)(change)
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the test {} has another alternative than registered",
            change.key()
        )
    })
}
