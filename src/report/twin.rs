//! What single departures did, and what their combinations make of the hypotheses and tests.

use super::evidence::numbers;
use super::number;
use crate::record::{Alone, Curve, HypothesisCurve, Specification, TestCurve};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct AloneView {
    /// The verdicts that flip, or that none does.
    pub words: String,
    flips: bool,
    tests: Vec<[String; 3]>,
}

/// A deviation by itself, in words: the verdicts first.
pub(super) fn alone(alone: &Alone) -> AloneView {
    let flips: Vec<String> = alone
        .flips
        .iter()
        .map(|f| {
            format!(
                "{} is {} instead of {}",
                f.hypothesis,
                f.with.word(),
                f.as_registered.word()
            )
        })
        .collect();
    let with = match alone.together_with.as_slice() {
        [] => String::from("By itself"),
        others => format!(
            "Together with {}, without which it cannot be made,",
            others.join(", ")
        ),
    };
    let words = match (flips.as_slice(), alone.tests.len()) {
        ([], 0) => format!("{with} it moves no number of a registered test."),
        ([], 1) => format!("{with} it changes no verdict; the numbers of one test move."),
        ([], tests) => format!("{with} it changes no verdict; the numbers of {tests} tests move."),
        (flips, _) => format!("{with} it flips the verdict: {}.", flips.join("; ")),
    };
    AloneView {
        words,
        flips: !flips.is_empty(),
        tests: alone
            .tests
            .iter()
            .map(|t| [t.test.clone(), numbers(&t.as_registered), numbers(&t.with)])
            .collect(),
    }
}

#[derive(Serialize)]
pub(super) struct CurveView {
    departures: Vec<String>,
    note: String,
    hypotheses: Vec<HypothesisRow>,
    tests: Vec<TestRow>,
}

#[derive(Serialize)]
struct HypothesisRow {
    id: String,
    words: String,
    flips: bool,
}

#[derive(Serialize)]
struct TestRow {
    id: String,
    summary: [String; 5],
    specifications: Vec<[String; 4]>,
}

/// The specification curve; hypotheses that some combination flips come first.
pub(super) fn curve(curve: &Curve) -> CurveView {
    let mut hypotheses: Vec<HypothesisRow> = curve.hypotheses.iter().map(hypothesis).collect();
    hypotheses.sort_by_key(|h| !h.flips);
    CurveView {
        departures: curve.departures.clone(),
        note: curve.note.clone().unwrap_or_default(),
        hypotheses,
        tests: curve.tests.iter().map(test).collect(),
    }
}

fn hypothesis(h: &HypothesisCurve) -> HypothesisRow {
    let all = h.corroborated + h.contradicted + h.inconclusive;
    let own = h.as_registered.word();
    let words = match &h.first_flip {
        None => format!(
            "{own} as registered, and in each of {} combinations",
            number::count(all)
        ),
        Some(first) => format!(
            "{own} as registered; of {} combinations {} corroborate, {} contradict, {} are inconclusive; the smallest that flips it: {}",
            number::count(all),
            number::count(h.corroborated),
            number::count(h.contradicted),
            number::count(h.inconclusive),
            listed(first)
        ),
    };
    HypothesisRow {
        id: h.hypothesis.clone(),
        words,
        flips: h.first_flip.is_some(),
    }
}

fn listed(departures: &[u64]) -> String {
    match departures {
        [] => String::from("as registered"),
        several => several.iter().map(u64::to_string).collect::<Vec<_>>().join(" + "),
    }
}

fn test(t: &TestCurve) -> TestRow {
    let range = |low: Option<f64>, high: Option<f64>, of: fn(f64) -> String| match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", of(low), of(high)),
        _ => String::from("\u{2013}"),
    };
    TestRow {
        id: t.test.clone(),
        summary: [
            number::count(t.combinations),
            number::count(t.run),
            number::count(t.rejects),
            range(t.estimate_min, t.estimate_max, number::estimate),
            range(t.p_min, t.p_max, number::p_value),
        ],
        specifications: t.specifications.iter().map(specification).collect(),
    }
}

fn specification(s: &Specification) -> [String; 4] {
    let text = |value: Option<f64>, of: fn(f64) -> String| value.map_or(String::from("\u{2013}"), of);
    let interval = match (s.conf_low, s.conf_high) {
        (Some(low), Some(high)) => format!(" ({} to {})", number::estimate(low), number::estimate(high)),
        _ => String::new(),
    };
    [
        listed(&s.departures),
        text(s.estimate, number::estimate) + &interval,
        text(s.p_value, number::p_value),
        String::from(match s.rejects {
            Some(true) => "rejects",
            Some(false) => "does not reject",
            None => "not run",
        }),
    ]
}
