//! Section 7: how reliable the scale scores are.

use super::number;
use crate::plan::Wording;
use crate::record::{Record, ReliabilityFacts};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Score {
    name: String,
    items: String,
    rows: String,
    alpha: String,
    omega: String,
    notes: Vec<String>,
}

pub(super) fn scores(record: &Record, wording: &Wording) -> Vec<Score> {
    let facts = record.observed.reliability.iter();
    facts.map(|facts| score(facts, wording)).collect()
}

fn score(facts: &ReliabilityFacts, wording: &Wording) -> Score {
    let shown = |value: Option<f64>| value.map_or_else(|| String::from("\u{2013}"), number::estimate);
    let mut notes: Vec<String> = facts.note.iter().cloned().collect();
    if !facts.against.is_empty() {
        let items: Vec<&str> = facts.against.iter().map(|i| wording.variable(i)).collect();
        notes.push(format!("goes against the other items: {}", items.join(", ")));
    }
    Score {
        name: wording.variable(&facts.score).to_owned(),
        items: number::count(facts.items),
        rows: number::count(facts.rows),
        alpha: shown(facts.alpha),
        omega: shown(facts.omega),
        notes,
    }
}
