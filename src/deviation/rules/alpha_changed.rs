//! # A test is judged at another level than registered
//!
//! What it detects: a test whose `alpha` is not the registered one.
//!
//! Why it matters: the level decides whether a test rejects.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {alpha: 0.1}}
//!
//! What to do: judge at the registered level.
//!
//! References: Lakens et al. (2018), doi:10.1038/s41562-018-0311-x

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D033",
    slug: "alpha-changed",
    category: Category::Inference,
    source: include_str!("alpha_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests" && change.field() == "alpha"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the test {} is judged at another level than registered",
            change.key()
        )
    })
}
