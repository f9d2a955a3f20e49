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

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::{Observed, TestRecord, TestState};

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
    let not_run = observed.tests.iter().filter(|t| t.state == TestState::NotRun);
    let mut found: Vec<Finding> = not_run.map(|test| finding(evidence, test)).collect();
    found.extend(super::changed(evidence, untested_model, |change| {
        format!("the registered model {} was taken out", change.key())
    }));
    found.retain(|f| match f {
        Finding::Deviation { of, .. } => !of.starts_with("models.") || !accounted(evidence, observed, of),
        Finding::NotChecked { .. } => true,
    });
    found
}

fn untested_model(change: &FieldChange) -> bool {
    change.section() == "models" && change.is_removed()
}

/// Whether a registered test that was not run already says that its model is gone.
fn accounted(evidence: &Evidence<'_>, observed: &Observed, model: &str) -> bool {
    observed.tests.iter().any(|t| {
        let registered = evidence.promised.tests.get(&t.id);
        t.state == TestState::NotRun && registered.is_some_and(|r| format!("models.{}", r.model) == model)
    })
}

fn finding(evidence: &Evidence<'_>, test: &TestRecord) -> Finding {
    let path = ["tests", &test.id].map(str::to_owned);
    let removal = evidence.changes.iter().find(|c| c.path == path && c.is_removed());
    let why = test.result.note.clone().unwrap_or_default();
    Finding::Deviation {
        of: test.id.clone(),
        message: format!("the registered test {} was not run: {why}", test.id),
        executed_at: match removal {
            Some(change) => super::executed_at(evidence, change),
            None => super::place(evidence.requested_places, &path).or_else(|| super::request(evidence)),
        },
        registered_at: super::place(evidence.promised_places, &path),
        registered: Some(test.estimand.clone()),
        executed: removal.is_none().then_some(why),
        tests: match removal {
            Some(change) => touched(change, evidence.promised, evidence.requested),
            None => vec![test.id.clone()],
        },
        hypotheses: Vec::new(),
    }
}
