//! # Something else in the plan is not as registered
//!
//! What it detects: every difference between the registered and the requested plan that no other rule accounts for: a hypothesis's statement, a confidence level; and every test that comes out otherwise than as registered although no such difference explains it.
//!
//! Why it matters: nothing that changes meaning may pass unseen.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {conf_level: 0.9}}
//!
//! What to do: keep to the registered plan, or disclose the change.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::{Observed, TestState};
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "D049",
    slug: "plan-changed",
    category: Category::Tests,
    source: include_str!("plan_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    !super::RULES
        .iter()
        .any(|rule| rule.code != RULE.code && (rule.claims)(change))
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let mut found = super::changed(evidence, claims, |change| {
        format!("{} is not as registered", change.of())
    });
    found.extend(unexplained(evidence, observed));
    found
}

/// Tests whose numbers differ from the registered plan's although no change is known to touch them.
fn unexplained(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let touched: BTreeSet<String> = evidence
        .changes
        .iter()
        .flat_map(|change| touched(change, evidence.promised, evidence.requested))
        .collect();
    observed
        .tests
        .iter()
        .filter(|t| t.state == TestState::Deviated && !touched.contains(&t.id))
        .map(|t| Finding::Deviation {
            of: t.id.clone(),
            message: format!(
                "the test {} comes out otherwise than as registered, although none of its fields differs",
                t.id
            ),
            executed_at: super::request(evidence),
            registered_at: super::place(evidence.promised_places, &["tests", &t.id].map(str::to_owned)),
            registered: None,
            executed: None,
            tests: vec![t.id.clone()],
            hypotheses: Vec::new(),
        })
        .collect()
}
