//! # A hypothesis was added
//!
//! What it detects: a hypothesis that the request has and the registration does not.
//!
//! Why it matters: a hypothesis written after the results were known predicts nothing (HARKing).
//!
//! Example that fires:
//!
//!     analysis:
//!       hypotheses:
//!         H4: {statement: …, status: secondary, corroborated_if: H1.any}
//!
//! What to do: report it as exploratory, or amend the registration before the results are seen.
//!
//! References: Kerr (1998), doi:10.1207/s15327957pspr0203_4; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D002",
    slug: "hypothesis-added",
    category: Category::Hypotheses,
    source: include_str!("hypothesis_added.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "hypotheses" && change.is_added()
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the hypothesis {} is not registered", change.key())
    })
}
