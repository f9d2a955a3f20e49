//! Section 2: each hypothesis, its rule, its verdict, and the numbers that decide it.

use super::figures::{self};
use super::{beside, number, summary, words};
use crate::plan::Wording;
use crate::record::{HypothesisRecord, Record, TestRecord, TestResult};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Hypothesis {
    id: String,
    statement: String,
    status: String,
    verdict: &'static str,
    corroborated_if: String,
    contradicted_if: Option<String>,
    sentence: String,
    note: Option<String>,
    flipped: Option<&'static str>,
    registered: bool,
    forest: Option<figures::ForestView>,
    tests: Vec<Row>,
}

/// A test as a row of a table.
#[derive(Serialize)]
pub(super) struct Row {
    pub id: String,
    pub mark: &'static str,
    pub state: &'static str,
    pub estimand: String,
    pub model: String,
    pub formula: String,
    pub vcov: String,
    pub alternative: String,
    pub executed: Numbers,
    pub registered: Option<Numbers>,
    pub method: Option<String>,
    pub note: Option<String>,
    /// The registered contingencies whose branches are in force for it.
    pub branches: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Numbers {
    pub estimate: String,
    /// The statistic in the place of an estimate, where there is none.
    pub instead: Option<String>,
    pub std_error: String,
    pub interval: String,
    pub statistic: String,
    pub df: String,
    pub p: String,
    pub adjusted: String,
    pub n: String,
    pub rejects: &'static str,
    /// Effect size and Bayes factor, in words.
    pub beside: Vec<String>,
}

pub(super) fn hypotheses(record: &Record, wording: &Wording) -> Vec<Hypothesis> {
    record
        .observed
        .hypotheses
        .iter()
        .map(|h| hypothesis(h, record, wording))
        .collect()
}

fn hypothesis(h: &HypothesisRecord, record: &Record, wording: &Wording) -> Hypothesis {
    let tests: Vec<&TestRecord> = h
        .tests
        .iter()
        .filter_map(|id| record.observed.tests.iter().find(|t| t.id == *id))
        .collect();
    Hypothesis {
        id: h.id.clone(),
        statement: h.statement.clone(),
        status: h.status.clone(),
        verdict: h.verdict.word(),
        corroborated_if: h.corroborated_if.clone(),
        contradicted_if: h.contradicted_if.clone(),
        sentence: tests
            .first()
            .map(|t| sentence(t, record, wording))
            .unwrap_or_default(),
        note: h.note.clone(),
        flipped: words::flipped(h).then(|| h.verdict_as_requested.map(|v| v.word()).unwrap_or_default()),
        registered: h.registered,
        forest: figures::forest(&tests),
        tests: tests.into_iter().map(row).collect(),
    }
}

/// The deciding test in a full sentence, then its statistic.
fn sentence(test: &TestRecord, record: &Record, wording: &Wording) -> String {
    let numbers = summary::numbers(test);
    if test.quantity == "parameter" {
        return format!(
            "The deciding test {} estimates the {}: {numbers}.",
            test.id, test.estimand
        );
    }
    let result = words::registered(&test.result, &test.as_registered);
    let does = match (result.p_value, result.estimate) {
        (Some(_), None) => "examines",
        _ => "estimates",
    };
    let outcome = record
        .observed
        .models
        .iter()
        .find(|m| m.id == test.model)
        .and_then(|m| m.formula.split(" ~ ").next())
        .unwrap_or_default();
    format!(
        "The deciding test {} {does} {} on “{}”: {}.",
        test.id,
        test.estimand,
        wording.variable(outcome),
        numbers
    )
}

pub(super) fn row(test: &TestRecord) -> Row {
    let (mark, state) = words::state(test.state);
    Row {
        id: test.id.clone(),
        mark,
        state,
        estimand: test.estimand.clone(),
        model: test.model.clone(),
        formula: test.result.formula.clone(),
        vcov: test.result.vcov.clone(),
        alternative: test.result.alternative.replace('_', "-"),
        executed: numbers(&test.result),
        registered: test.as_registered.as_deref().map(numbers),
        method: test.result.method.clone(),
        note: test.result.note.clone(),
        branches: Vec::new(),
    }
}

fn numbers(result: &TestResult) -> Numbers {
    let dash = || String::from("\u{2013}");
    let shown = |v: Option<f64>| v.map_or_else(dash, number::estimate);
    Numbers {
        estimate: shown(result.estimate),
        instead: match result.estimate {
            Some(_) => None,
            None => summary::statistic(result),
        },
        std_error: shown(result.std_error),
        interval: match (result.conf_low, result.conf_high) {
            (Some(low), Some(high)) => format!("{} to {}", number::estimate(low), number::estimate(high)),
            (Some(low), None) => format!("from {}", number::estimate(low)),
            _ => dash(),
        },
        statistic: match &result.statistic_name {
            Some(name) => format!(
                "{name} {}",
                result.statistic.map_or_else(dash, |s| number::statistic(s, 3))
            ),
            None => shown(result.statistic),
        },
        df: result.df.as_deref().map_or_else(dash, number::degrees),
        p: result.p_value.map_or_else(dash, number::p_value),
        adjusted: result.p_adjusted.map_or_else(dash, number::p_value),
        n: result.n.map_or_else(dash, number::count),
        rejects: beside::decision(result),
        beside: beside::phrases(result),
    }
}
