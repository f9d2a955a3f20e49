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

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let id = change.key();
        let flip = observed.hypotheses.iter().find(|h| h.id == id).and_then(|h| {
            let requested = h.verdict_as_requested.filter(|v| *v != h.verdict)?;
            Some(format!(
                "; {} as registered, {} as requested",
                h.verdict.word(),
                requested.word()
            ))
        });
        format!(
            "the decision rule of hypothesis {id} is not the registered one{}",
            flip.unwrap_or_default()
        )
    })
}
