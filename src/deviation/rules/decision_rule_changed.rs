//! # A decision rule was changed
//!
//! What it detects: a `corroborated_if` or `contradicted_if` that can come out other than the registered one. Spelling and order do not matter.
//!
//! Why it matters: whoever chooses the rule after the tests chooses the verdict.
//!
//! Example that fires:
//!
//!     analysis:
//!       hypotheses: {H1: {corroborated_if: any(arms)}}
//!
//! What to do: judge by the registered rule; the report does so in any case.
//!
//! References: Lakens (2024), severity and validity of deviations from preregistrations

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D005",
    slug: "decision-rule-changed",
    category: Category::Hypotheses,
    source: include_str!("decision_rule_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "hypotheses" && matches!(change.field(), "corroborated_if" | "contradicted_if")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the decision rule of hypothesis {} is not the registered one",
            change.key()
        )
    })
}
