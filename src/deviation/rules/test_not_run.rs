//! # A registered test was not run
//!
//! What it detects: a registered test that the request took out, or that could not be run on these data.
//!
//! Why it matters: a reader cannot tell a test that was left out from one that failed.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H3.treaty: null}
//!
//! What to do: run it; if it cannot be run, disclose `plan_not_possible` and say why. The report shows it as registered wherever it can.
//!
//! References: Claesen et al. (2021), doi:10.1098/rsos.211037; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;
use crate::record::TestState;

pub const RULE: Rule = Rule {
    code: "D006",
    slug: "test-not-run",
    category: Category::Tests,
    source: include_str!("test_not_run.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.section(), "tests" | "models") && change.is_removed()
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    for test in observed.tests.iter().filter(|t| t.state == TestState::NotRun) {
        let change = evidence
            .changes
            .iter()
            .find(|c| c.section() == "tests" && c.is_removed() && c.key() == test.id);
        let why = test.result.note.clone().unwrap_or_default();
        let path = ["tests", &test.id].map(str::to_owned);
        found.push(Finding::Deviation {
            of: test.id.clone(),
            message: format!("the registered test {} was not run: {why}", test.id),
            executed_at: super::place(evidence.requested_places, &path).or_else(|| super::request(evidence)),
            registered_at: super::place(evidence.promised_places, &path),
            registered: Some(test.estimand.clone()),
            executed: change.is_none().then_some(why),
            tests: vec![test.id.clone()],
            hypotheses: Vec::new(),
        });
    }
    found
}
