//! What a terminal shows of a run: plain data, a line each.

use super::{number, words};
use crate::plan::Wording;
use crate::record::{Record, TestRecord, TestResult, TestState};

/// A run in a few lines.
pub struct Summary {
    pub verdict: String,
    pub counts: String,
    pub hypotheses: Vec<HypothesisLine>,
    pub deviations: Vec<String>,
    /// What the manuscript says and the run did not find.
    pub claims: Vec<String>,
}

/// A hypothesis with the numbers that decide it.
pub struct HypothesisLine {
    pub id: String,
    pub verdict: &'static str,
    pub numbers: String,
}

pub fn summary(record: &Record, wording: &Wording) -> Summary {
    let observed = &record.observed;
    let count = |state| words::tests_in(record, state);
    let mut counts = format!(
        "{} · tests: {} as registered, {} deviated, {} not run, {} not registered · deviations: {} undisclosed, {} disclosed",
        wording.title,
        count(TestState::AsRegistered),
        count(TestState::Deviated),
        count(TestState::NotRun),
        count(TestState::NotRegistered),
        words::undisclosed(record),
        record.deviations.len() - words::undisclosed(record),
    );
    if !record.not_checked.is_empty() {
        counts.push_str(&format!(" · not checked here: {}", record.not_checked.len()));
    }
    if !observed.exploratory.tests.is_empty() {
        counts.push_str(&format!(" · exploratory: {}", observed.exploratory.tests.len()));
    }
    if let Some(claims) = &record.claims {
        counts.push_str(&format!(" · {}", super::claims::sentence(claims)));
    }
    if observed.provenance == crate::record::Provenance::Simulated {
        counts.push_str("\nSIMULATED DATA: no finding about the world");
    }
    let hypotheses = observed.hypotheses.iter().map(|h| {
        let mut numbers = h
            .tests
            .iter()
            .find_map(|id| {
                let test = observed.tests.iter().find(|t| t.id == *id)?;
                Some(format!("{}: {}", test.id, numbers(test)))
            })
            .unwrap_or_default();
        if words::flipped(h) {
            let other = h.verdict_as_requested.map(|v| v.word()).unwrap_or_default();
            numbers = format!("(as requested: {other}) {numbers}");
        }
        HypothesisLine {
            id: h.id.clone(),
            verdict: h.verdict.word(),
            numbers,
        }
    });
    Summary {
        verdict: words::verdict(record).to_owned(),
        counts,
        hypotheses: hypotheses.collect(),
        claims: claims(record),
        deviations: record
            .deviations
            .iter()
            .map(|d| {
                let at =
                    d.at.first()
                        .or(d.registered_at.as_ref())
                        .map(|p| format!(" {p}"))
                        .unwrap_or_default();
                let (mark, word) = words::mark(d);
                let flips = d.alone.iter().flat_map(|a| &a.flips);
                let flips: Vec<&str> = flips.map(|f| f.hypothesis.as_str()).collect();
                let alone = match flips.as_slice() {
                    [] => String::new(),
                    ids => format!(" (flips {})", ids.join(", ")),
                };
                format!("{mark} {word} {} {}{alone}{at}: {}", d.code, d.slug, d.message)
            })
            .collect(),
    }
}

/// A line for each finding about a claim.
fn claims(record: &Record) -> Vec<String> {
    let all = record.claims.iter().flat_map(|c| &c.claims);
    all.flat_map(|claim| {
        claim.findings.iter().map(|f| {
            format!(
                "\u{25A0} {} {} {}, {}: {}",
                f.code, f.slug, f.at, claim.place, f.message
            )
        })
    })
    .collect()
}

/// A test's registered numbers in one line.
pub(super) fn numbers(test: &TestRecord) -> String {
    let result = words::registered(&test.result, &test.as_registered);
    let Some(p) = result.p_value else {
        return result.note.clone().unwrap_or_else(|| String::from("not run"));
    };
    let adjusted = result
        .p_adjusted
        .map(|p| format!(", adjusted {}", number::p_equals(p)))
        .unwrap_or_default();
    let against = if result.null == 0.0 {
        String::new()
    } else {
        format!(" against a null of {}", number::short(result.null))
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(result.estimate.map(|estimate| words::estimate(test, estimate)));
    let level = number::percent(result.conf_level);
    match (result.conf_low, result.conf_high) {
        (Some(low), Some(high)) => parts.push(format!(
            "{level}% CI {} to {}",
            number::short(low),
            number::short(high)
        )),
        (Some(low), None) => parts.push(format!("{level}% CI from {}", number::short(low))),
        _ => parts.extend(statistic(result)),
    }
    parts.push(format!("{}{against}{adjusted}", number::p_equals(p)));
    let n = result.n.map(|n| format!(" (n = {})", number::count(n)));
    let own = parts.join(", ") + &n.unwrap_or_default();
    let beside = super::beside::phrases(result);
    beside
        .into_iter()
        .fold(own, |all, phrase| format!("{all}; {phrase}"))
}

/// A statistic with its letter and its degrees of freedom, where the test has one: `F(2, 57) = 3.41`.
pub(super) fn statistic(result: &TestResult) -> Option<String> {
    let letter = match (&result.statistic_name, result.df.as_deref()) {
        (Some(name), _) => name.as_str(),
        (None, Some([_])) => "χ²",
        (None, _) => "F",
    };
    let df = result
        .df
        .as_deref()
        .map(|df| format!("({})", number::degrees(df)));
    let value = number::statistic(result.statistic?, 2);
    Some(format!("{letter}{} = {value}", df.unwrap_or_default()))
}
