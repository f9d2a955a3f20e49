//! Verdicts on hypotheses, by their registered rules.

use crate::plan::{HypothesisPlan, Plan};
use crate::record::HypothesisVerdict;
use std::collections::BTreeMap;

/// Every hypothesis's verdict, with a note on the tests that it lacks.
pub fn verdicts(
    plan: &Plan,
    rejects: &dyn Fn(&str) -> Option<bool>,
) -> BTreeMap<String, (HypothesisVerdict, Option<String>)> {
    plan.hypotheses
        .iter()
        .map(|(id, h)| (id.clone(), verdict(plan, h, rejects)))
        .collect()
}

fn verdict(
    plan: &Plan,
    hypothesis: &HypothesisPlan,
    rejects: &dyn Fn(&str) -> Option<bool>,
) -> (HypothesisVerdict, Option<String>) {
    let corroborated = hypothesis.corroborated_if.truth(&plan.families, rejects);
    let contradicted = match &hypothesis.contradicted_if {
        Some(rule) => rule.truth(&plan.families, rejects),
        None => Some(false),
    };
    let mut named = hypothesis.corroborated_if.tests(&plan.families);
    if let Some(rule) = &hypothesis.contradicted_if {
        named.extend(rule.tests(&plan.families));
    }
    let lacking: Vec<&str> = named
        .iter()
        .filter(|test| rejects(test).is_none())
        .map(String::as_str)
        .collect();
    let undecided = || {
        let tests = lacking.join(", ");
        Some(format!("could not be decided: not run were {tests}"))
    };
    match (corroborated, contradicted) {
        (Some(true), Some(true)) => (
            HypothesisVerdict::Inconclusive,
            Some(String::from("both of its rules came out true")),
        ),
        (Some(true), _) => (HypothesisVerdict::Corroborated, None),
        (Some(false), Some(true)) => (HypothesisVerdict::Contradicted, None),
        (Some(false), Some(false)) => (HypothesisVerdict::Inconclusive, None),
        (None, Some(true)) => (HypothesisVerdict::Inconclusive, undecided()),
        _ => (HypothesisVerdict::Inconclusive, undecided()),
    }
}
