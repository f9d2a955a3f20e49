//! # A test estimates something else than registered
//!
//! What it detects: another contrast, coefficient, joint hypothesis, margin, parameter, average, weighing of levels, joint statistic or sum of squares than the registered one; of type I sums also another order of the terms. Contrast weights are compared as numbers, not as text.
//!
//! Why it matters: the same label over another quantity answers another question.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {contrast: sanctions - status_quo}}
//!
//! What to do: report the registered estimand beside the other, and disclose why.
//!
//! References: Lundberg, Johnson & Stewart (2021), doi:10.1177/00031224211004187

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D008",
    slug: "estimand-changed",
    category: Category::Tests,
    source: include_str!("estimand_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests" && change.field() == "quantity"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the test {} estimates something else than registered",
            change.key()
        )
    })
}
