//! # A test was run that is not registered
//!
//! What it detects: a test in the plan as requested that the registration does not have, or a model that only the request has.
//!
//! Why it matters: every test that is added after the data are seen is a chance more to find something.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests:
//!         H1.extra: {model: approval, of: us_response, contrast: denounce - status_quo, alternative: greater, alpha: 0.05}
//!
//! What to do: report it as exploratory.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D007",
    slug: "test-not-registered",
    category: Category::Tests,
    source: include_str!("test_not_registered.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.section(), "tests" | "models") && change.is_added()
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} is not registered", change.of())
    })
}
