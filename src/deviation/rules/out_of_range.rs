//! # Values lie beyond the registered scale
//!
//! What it detects: numbers below the registered minimum or above the registered maximum. They are kept as collected.
//!
//! Why it matters: a 99 on a 7-point scale is usually a missing-value code, and one is enough to move a mean.
//!
//! Example that fires:
//!
//!     approval: {scale: {min: 1, max: 7}}      # and a cell of 99
//!
//! What to do: declare codes for missing values (`data.missing_codes`); else disclose the other scale.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::CodebookKind;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D028",
    slug: "out-of-range",
    category: Category::Variables,
    source: include_str!("out_of_range.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::codebook(
        evidence,
        observed,
        CodebookKind::OutOfRange,
        "beyond the registered scale, kept as collected",
    )
}
