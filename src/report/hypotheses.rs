//! Section 2: each hypothesis, its rule, its verdict, and the numbers that decide it.

use super::figures::{self};
use super::{beside, estimand, number, summary, words};
use crate::plan::Wording;
use crate::record::{HypothesisRecord, HypothesisVerdict, Record, TestRecord, TestResult};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Hypothesis {
    id: String,
    statement: String,
    status: String,
    verdict: &'static str,
    mark: &'static str,
    corroborated_if: String,
    contradicted_if: Option<String>,
    sentence: String,
    note: Option<String>,
    flipped: Option<&'static str>,
    registered: bool,
    pub forests: Vec<figures::Figure>,
    pub ladders: Vec<figures::Figure>,
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
        mark: match h.verdict {
            HypothesisVerdict::Corroborated => "\u{25CF}",
            HypothesisVerdict::Contradicted => "\u{25C6}",
            HypothesisVerdict::Inconclusive => "\u{25CB}",
        },
        corroborated_if: h.corroborated_if.clone(),
        contradicted_if: h.contradicted_if.clone(),
        sentence: first_sentence(h, record, wording).unwrap_or_default(),
        note: h.note.clone(),
        flipped: words::flipped(h).then(|| h.verdict_as_requested.map(|v| v.word()).unwrap_or_default()),
        registered: h.registered,
        forests: figures::forests(&h.id, &tests, wording, &|t| unit(t, record, wording)),
        ladders: ladders(&tests, record),
        tests: tests.into_iter().map(row).collect(),
    }
}

/// Of the first test that the rule names.
pub(super) fn first_sentence(h: &HypothesisRecord, record: &Record, wording: &Wording) -> Option<String> {
    let first = h
        .tests
        .iter()
        .find_map(|id| record.observed.tests.iter().find(|t| t.id == *id))?;
    Some(sentence(first, record, wording))
}

/// The families that the hypothesis's tests share, each whole.
fn ladders(tests: &[&TestRecord], record: &Record) -> Vec<figures::Figure> {
    let mut families: Vec<&str> = Vec::new();
    for family in tests.iter().filter_map(|t| t.family.as_deref()) {
        if !families.contains(&family) {
            families.push(family);
        }
    }
    let whole = |family: &&str| {
        let members: Vec<&TestRecord> = record
            .observed
            .tests
            .iter()
            .filter(|t| t.family.as_deref() == Some(*family))
            .collect();
        figures::ladder(family, &members)
    };
    families.iter().filter_map(whole).collect()
}

/// A test in a full sentence, then its statistic.
pub(super) fn sentence(test: &TestRecord, record: &Record, wording: &Wording) -> String {
    let result = words::registered(&test.result, &test.as_registered);
    let numbers = summary::numbers(test);
    let Some(contrast) = &test.contrast else {
        return format!("{}, {}: {numbers}.", test.id, test.estimand);
    };
    let sides = estimand::sides(contrast, wording);
    let across = match sides.across.as_slice() {
        [] => String::new(),
        all => format!(
            ", and how much that differs for {}",
            estimand::listed(all.iter().map(String::as_str))
        ),
    };
    let by = match sides.by.as_slice() {
        [] => String::new(),
        all => format!(" ({})", all.join("; ")),
    };
    let variance = if result.vcov.is_empty() || result.vcov == "none" {
        String::new()
    } else {
        format!(" ({})", result.vcov)
    };
    format!(
        "{}, on “{}”: {} against “{}”{across}{by}: {numbers}{variance}.",
        test.id,
        outcome(test, record, wording),
        quoted(&sides.more),
        sides.less
    )
}

/// A level's label in quotation marks; an average of several is not one.
fn quoted(side: &str) -> String {
    if side.starts_with("the average of") {
        side.to_owned()
    } else {
        format!("“{side}”")
    }
}

fn outcome<'w>(test: &TestRecord, record: &'w Record, wording: &'w Wording) -> &'w str {
    let model = record.observed.models.iter().find(|m| m.id == test.model);
    let name = model
        .and_then(|m| m.formula.split(" ~ ").next())
        .unwrap_or_default();
    wording.variable(name)
}

/// The scale of a test's estimate: tests of different ones have no common axis.
fn unit(test: &TestRecord, record: &Record, wording: &Wording) -> String {
    let outcome = outcome(test, record, wording);
    let of = |what: &str| format!("{what}, {outcome}");
    let estimator = record.observed.models.iter().find(|m| m.id == test.model);
    let likelihood = estimator.is_some_and(|m| m.log_likelihood.is_some() && m.mixed.is_none());
    if test.estimand.contains(" on the link scale") || (test.quantity == "coefficient" && likelihood) {
        return of("Link scale");
    } else if let Some((_, category)) = test.estimand.split_once(" on the probability of ") {
        let category = category.split([',', ' ']).next().unwrap_or_default();
        return of(&format!("Probability of {category}"));
    }
    match test.quantity.as_str() {
        "slope" => return of("Slope"),
        "coefficient" => return of("Coefficient"),
        "parameter" => return test.estimand.split(" of ").next().map_or_else(String::new, of),
        _ => {}
    }
    if test.estimand.starts_with("odds ratio") {
        format!("Odds ratio, {outcome}")
    } else if test.estimand.starts_with("probability that") {
        format!("Probability of superiority, {outcome}")
    } else if test.quantity == "contrast" {
        format!("Difference in {outcome}")
    } else {
        outcome.to_owned()
    }
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

/// The level of an interval that is not at the usual one.
fn level(result: &TestResult) -> String {
    if result.conf_level == 0.95 {
        return String::new();
    }
    format!(" ({}%)", number::percent(result.conf_level))
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
            (Some(low), Some(high)) => {
                format!(
                    "{} to {}{}",
                    number::estimate(low),
                    number::estimate(high),
                    level(result)
                )
            }
            (Some(low), None) => format!("from {}{}", number::estimate(low), level(result)),
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
