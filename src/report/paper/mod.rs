//! Tables for a paper: the hypotheses, the deviations and the full results, as journals print them.

mod latex;
pub(super) mod markdown;
mod plain;
mod word;

use super::hypotheses::{Row, row};
use super::{evidence, number, words};
use crate::plan::Wording;
use crate::record::{Record, TestRecord};

/// A table with its notes. `(head, whether its cells are numbers)`.
#[derive(Clone, Debug)]
pub(in crate::report) struct Table {
    /// The name of its files.
    pub name: &'static str,
    pub caption: String,
    pub head: Vec<(&'static str, bool)>,
    pub rows: Vec<Vec<String>>,
    pub note: String,
}

/// Each table in each form: a file's name, and what is in it.
pub fn tables(record: &Record, wording: &Wording) -> Vec<(String, String)> {
    let tables = [hypotheses(record), deviations(record), results(record, wording)];
    let forms = |table: &Table| {
        [
            (format!("{}.tex", table.name), latex::table(table)),
            (format!("{}.md", table.name), markdown::table(table)),
            (format!("{}.csv", table.name), plain::table(table)),
            (format!("{}.html", table.name), word::table(table)),
        ]
    };
    tables.iter().flat_map(forms).collect()
}

/// Each hypothesis with its verdict and the numbers of the tests that its rule names.
pub(super) fn hypotheses(record: &Record) -> Table {
    let mut rows = Vec::new();
    for hypothesis in &record.observed.hypotheses {
        let named = hypothesis
            .tests
            .iter()
            .filter_map(|id| record.observed.tests.iter().find(|t| t.id == *id));
        for (position, test) in named.enumerate() {
            let shown = row(test);
            let numbers = shown.registered.as_ref().unwrap_or(&shown.executed);
            let first = |text: &str| {
                if position == 0 {
                    text.to_owned()
                } else {
                    String::new()
                }
            };
            rows.push(vec![
                first(&hypothesis.id),
                first(hypothesis.verdict.word()),
                test.id.clone(),
                numbers
                    .instead
                    .clone()
                    .unwrap_or_else(|| numbers.estimate.clone()),
                numbers.interval.clone(),
                numbers.p.clone(),
                numbers.adjusted.clone(),
                numbers.n.clone(),
                numbers.rejects.to_owned(),
            ]);
        }
    }
    Table {
        name: "hypotheses",
        caption: String::from("Hypotheses and the registered tests that decide them"),
        head: vec![
            ("Hypothesis", false),
            ("Verdict", false),
            ("Test", false),
            ("Estimate, or statistic", true),
            ("Interval", true),
            ("p", true),
            ("adjusted p", true),
            ("n", true),
            ("Decision", false),
        ],
        rows,
        note: format!(
            "As registered. {} {}",
            intervals(&record.observed.tests),
            corrections(&record.observed.tests)
        ),
    }
}

/// The table of Willroth and Atherton (2024), undisclosed deviations first.
pub(super) fn deviations(record: &Record) -> Table {
    let dash = || String::from("\u{2013}");
    let rows = record.deviations.iter().map(|d| {
        let of = |f: fn(&crate::record::Disclosure) -> String| d.disclosure.as_ref().map_or_else(dash, f);
        vec![
            format!("{} {}", d.code, d.slug),
            d.of.clone(),
            d.registered.clone().unwrap_or_else(dash),
            d.executed.clone().unwrap_or_else(dash),
            if d.disclosed { "yes" } else { "no" }.to_owned(),
            of(|d| d.reason.replace('_', " ")),
            of(|d| d.decided.replace('_', " ")),
            of(|d| d.explanation.clone()),
            of(|d| d.impact.clone()),
            evidence::verdicts(d, record),
        ]
    });
    Table {
        name: "deviations",
        caption: String::from("Deviations from the registration"),
        head: vec![
            ("Deviation", false),
            ("Of", false),
            ("Registered", false),
            ("Executed", false),
            ("Disclosed", false),
            ("Reason", false),
            ("Decided", false),
            ("Explanation", false),
            ("Impact", false),
            ("Verdicts", false),
        ],
        rows: rows.collect(),
        note: match record.deviations.len() {
            0 => String::from("None was found among what could be checked."),
            all => format!(
                "{all} in all, {} of them not disclosed.",
                words::undisclosed(record)
            ),
        },
    }
}

/// Every test as executed.
pub(super) fn results(record: &Record, wording: &Wording) -> Table {
    let rows = record.observed.tests.iter().map(|test| {
        let Row {
            id,
            state,
            model,
            vcov,
            executed,
            ..
        } = row(test);
        vec![
            id,
            super::estimand::detail(test, wording),
            state.to_owned(),
            executed.estimate,
            executed.std_error,
            executed.statistic,
            executed.df,
            executed.p,
            executed.adjusted,
            executed.interval,
            executed.n,
            format!("{model}, {vcov}"),
        ]
    });
    Table {
        name: "results",
        caption: String::from("Every registered test, and every other that was run as one"),
        head: vec![
            ("Test", false),
            ("Estimand", false),
            ("State", false),
            ("Estimate", true),
            ("SE", true),
            ("Statistic", true),
            ("df", true),
            ("p", true),
            ("adjusted p", true),
            ("Interval", true),
            ("n", true),
            ("Model", false),
        ],
        rows: rows.collect(),
        note: format!(
            "As executed. {} {}",
            intervals(&record.observed.tests),
            corrections(&record.observed.tests)
        ),
    }
}

fn intervals(tests: &[TestRecord]) -> String {
    let mut levels: Vec<String> = Vec::new();
    for test in tests.iter().filter(|t| t.result.conf_low.is_some()) {
        let level = format!("{}%", number::percent(test.result.conf_level));
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    match levels.as_slice() {
        [] => String::new(),
        levels => format!("Confidence intervals of {}.", levels.join(" and ")),
    }
}

fn corrections(tests: &[TestRecord]) -> String {
    let mut families: Vec<&str> = Vec::new();
    for family in tests
        .iter()
        .filter(|t| t.result.p_adjusted.is_some())
        .filter_map(|t| t.family.as_deref())
    {
        if !families.contains(&family) {
            families.push(family);
        }
    }
    match families.as_slice() {
        [] => String::new(),
        families => format!("Adjusted p within each of the families {}.", families.join(", ")),
    }
}
