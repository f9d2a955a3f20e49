//! # The data hold a level that is not registered
//!
//! What it detects: cells of a variable with levels that are neither a registered level, nor its label, nor mapped to one.
//!
//! Why it matters: an arm or a category that was not registered is another design. Such cells are treated as missing.
//!
//! Example that fires:
//!
//!     us_response: {levels: {status_quo: …, denounce: …}}      # and rows with "invade"
//!
//! What to do: map the value if it is another spelling (`data.values`); else disclose the new level.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::CodebookKind;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D023",
    slug: "level-unregistered",
    category: Category::Design,
    source: include_str!("level_unregistered.rs"),
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
        CodebookKind::UnregisteredLevel,
        "with no registered level, treated as missing",
    )
}
