//! The table of contents and the tallies of the first section.

use super::words;
use crate::record::{Record, TestState};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Entry {
    id: &'static str,
    number: &'static str,
    title: &'static str,
    /// Undisclosed deviations, or else deviations, where there are any.
    count: Option<String>,
    class: &'static str,
}

#[derive(Serialize)]
pub(super) struct Tally {
    title: &'static str,
    counts: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    mark: &'static str,
    count: String,
    what: &'static str,
    class: &'static str,
}

/// The sections that this report has, in their order.
pub(super) fn contents(record: &Record) -> Vec<Entry> {
    let entry = |id, number, title| Entry {
        id,
        number,
        title,
        count: None,
        class: "",
    };
    let exploration = &record.observed.exploratory;
    let explored =
        exploration.registered.is_some() || !exploration.tests.is_empty() || !exploration.models.is_empty();
    let open = words::undisclosed(record);
    let all = record.deviations.len();
    let mut entries = vec![
        entry("s1", "1", "The verdict"),
        entry("s2", "2", "The hypotheses"),
        entry("s3", "3", "The figures"),
        Entry {
            count: (all > 0).then(|| {
                if open > 0 {
                    format!("\u{25A0} {open}")
                } else {
                    format!("\u{25B2} {all}")
                }
            }),
            class: if open > 0 { "bad" } else { "disclosed" },
            ..entry("s4", "4", "The deviations")
        },
        entry("s5", "5", "From registration to result"),
        entry("s6", "6", "The design audit"),
        entry("s7", "7", "Every test"),
    ];
    if explored {
        entries.push(entry("s8", "8", "Exploratory analyses"));
    }
    if let Some(claims) = &record.claims {
        let failing = claims.failing();
        entries.push(Entry {
            count: (failing > 0).then(|| format!("\u{25A0} {failing}")),
            class: "bad",
            ..entry("s9", "9", "The manuscript")
        });
    }
    entries.push(entry("s10", "10", "How to check this yourself"));
    entries
}

/// Tests by state, deviations by disclosure, and what else a reader must not miss.
pub(super) fn tallies(record: &Record) -> Vec<Tally> {
    let count = |mark, count: usize, what, class| Count {
        mark,
        count: count.to_string(),
        what,
        class,
    };
    let state = |state, class| {
        let (mark, what) = words::state(state);
        count(mark, words::tests_in(record, state), what, class)
    };
    let open = words::undisclosed(record);
    vec![
        Tally {
            title: "Tests",
            counts: vec![
                state(TestState::AsRegistered, ""),
                state(TestState::Deviated, "bad"),
                state(TestState::NotRun, "amber"),
                state(TestState::NotRegistered, "amber"),
            ],
        },
        Tally {
            title: "Deviations",
            counts: vec![
                count("\u{25A0}", open, "undisclosed", "bad"),
                count("\u{25B2}", record.deviations.len() - open, "disclosed", "amber"),
            ],
        },
        Tally {
            title: "Verdicts",
            counts: vec![
                count("\u{21C4}", words::flips(record), "flip as requested", "bad"),
                count("?", record.not_checked.len(), "points not checked", "amber"),
            ],
        },
    ]
}
