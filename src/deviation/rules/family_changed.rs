//! # The tests of a family are not the registered ones
//!
//! What it detects: a family of tests with other members than registered, a family that was added, and one that was taken out. Its size sets the correction. A family that only changed its name is none.
//!
//! Why it matters: leaving one test out of a family makes all the others easier to reject.
//!
//! Example that fires:
//!
//!     analysis:
//!       families: {arms: {tests: [H1.denounce, H1.sanctions]}}
//!
//! What to do: correct over the registered family.
//!
//! References: Rubin (2021), doi:10.1007/s11229-021-03276-4

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D009",
    slug: "family-changed",
    category: Category::Tests,
    source: include_str!("family_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "families" && (change.field() == "tests" || change.path.len() == 2)
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let family = change.key();
        if change.is_added() {
            format!("the family {family} is not registered")
        } else if change.is_removed() {
            format!("the registered family {family} is not in the plan as requested")
        } else {
            format!("the family {family} does not have the registered tests")
        }
    })
}
