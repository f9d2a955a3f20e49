//! Verdicts and states in words.

use super::number;
use crate::record::{Deviation, HypothesisRecord, Record, TestRecord, TestResult, TestState, Verdict};
use serde::Serialize;

/// The verdict as a sentence.
pub(super) fn verdict(record: &Record) -> &'static str {
    match record.verdict {
        Verdict::AsRegistered => "Analysed as registered",
        Verdict::DeviatesDisclosed => "Deviates from the registration, and says so",
        Verdict::DeviatesUndisclosed => "Deviates from the registration without saying so",
        Verdict::NotCheckable => "Could not be checked: there is no lock",
    }
}

/// One sentence why.
pub(super) fn why(record: &Record) -> String {
    let (open, disclosed) = (undisclosed(record), record.deviations.len() - undisclosed(record));
    match record.verdict {
        Verdict::AsRegistered => {
            let rest = match record.not_checked.len() {
                0 => String::new(),
                1 => String::from(" One point could not be checked here."),
                n => format!(" {n} points could not be checked here."),
            };
            format!(
                "Every registered test was run on the registered rows, and nothing that was checked differs from the locked registration.{rest}"
            )
        }
        Verdict::DeviatesDisclosed => {
            format!(
                "{} from the locked registration, each disclosed by the authors with reason and timing.",
                deviations(disclosed)
            )
        }
        Verdict::DeviatesUndisclosed => {
            format!(
                "{} from the registration, of which {open} {} not disclosed.",
                deviations(record.deviations.len()),
                if open == 1 { "is" } else { "are" }
            )
        }
        Verdict::NotCheckable => String::from(
            "The registration was never locked, so that nothing shows what was promised. The numbers below follow the registration as it stands today.",
        ),
    }
}

/// Tests by state and deviations by disclosure in one line.
pub(super) fn tally(record: &Record) -> String {
    let count = |state| tests_in(record, state);
    format!(
        "Tests: {} as registered, {} deviated, {} not run, {} not registered. Deviations: {} undisclosed, {} disclosed. Verdicts that flip as requested: {}.",
        count(TestState::AsRegistered),
        count(TestState::Deviated),
        count(TestState::NotRun),
        count(TestState::NotRegistered),
        undisclosed(record),
        record.deviations.len() - undisclosed(record),
        flips(record)
    )
}

fn deviations(count: usize) -> String {
    if count == 1 {
        String::from("One deviation")
    } else {
        format!("{count} deviations")
    }
}

pub(super) fn undisclosed(record: &Record) -> usize {
    record.deviations.iter().filter(|d| !d.disclosed).count()
}

pub(super) fn tests_in(record: &Record, state: TestState) -> usize {
    record.observed.tests.iter().filter(|t| t.state == state).count()
}

/// Hypotheses whose verdict the request would change.
pub(super) fn flips(record: &Record) -> usize {
    record.observed.hypotheses.iter().filter(|h| flipped(h)).count()
}

pub(super) fn flipped(hypothesis: &HypothesisRecord) -> bool {
    hypothesis.registered
        && hypothesis
            .verdict_as_requested
            .is_some_and(|v| v != hypothesis.verdict)
}

pub(super) fn state(state: TestState) -> (&'static str, &'static str) {
    match state {
        TestState::AsRegistered => ("\u{25CF}", "as registered"),
        TestState::Deviated => ("\u{25A0}", "deviated"),
        TestState::NotRun => ("\u{25CB}", "not run"),
        TestState::NotRegistered => ("\u{25C7}", "not registered"),
    }
}

pub(super) fn mark(deviation: &Deviation) -> (&'static str, &'static str) {
    if deviation.disclosed {
        ("\u{25B2}", "disclosed")
    } else {
        ("\u{25A0}", "undisclosed")
    }
}

/// A part of a message; what stands between backticks is a name in a file.
#[derive(Serialize)]
pub(super) struct Piece {
    code: bool,
    text: String,
}

/// A message as a sentence.
pub(super) fn pieces(message: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = message
        .split('`')
        .enumerate()
        .map(|(position, text)| Piece {
            code: position % 2 == 1,
            text: text.to_owned(),
        })
        .filter(|piece| !piece.text.is_empty())
        .collect();
    if let Some(first) = pieces.first_mut().filter(|p| !p.code) {
        let mut letters = first.text.chars();
        if let Some(letter) = letters.next() {
            first.text = letter.to_uppercase().chain(letters).collect();
        }
    }
    pieces
}

/// The result that the registered plan gives: the executed one, or its twin where they differ.
pub(super) fn registered<'r>(result: &'r TestResult, twin: &'r Option<Box<TestResult>>) -> &'r TestResult {
    twin.as_deref().unwrap_or(result)
}

/// An estimate in a sentence. A level is no difference: it has no sign to show.
pub(super) fn estimate(test: &TestRecord, value: f64) -> String {
    // A share, a mean or an odds ratio against another null than zero is none either.
    let level = test.result.statistic_name.is_some() && test.result.null != 0.0;
    if level || test.quantity == "margin" {
        number::short(value)
    } else {
        number::signed(value)
    }
}
