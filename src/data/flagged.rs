//! Responses that their survey platform itself marks as previews, tests or spam.
//!
//! Qualtrics writes such marks into `Status`, as a number or its text, and `DistributionChannel`
//! (qualtrics.com/support/survey-platform/data-and-analysis-module/data/download-data/understanding-your-dataset). The rows stay
//! what they are: whether they leave is for a registered exclusion to say, and how many are analysed is told.

use super::sample::Sample;
use super::table::Table;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::record::FlaggedFacts;
use std::collections::{BTreeMap, BTreeSet};

const STATUS: &str = "Status";
const CHANNEL: &str = "DistributionChannel";
/// The columns that hold marks.
pub(super) const MARKS: [&str; 2] = [STATUS, CHANNEL];
/// A column that only Qualtrics's exports have, so that another file's `Status` is left alone.
const RESPONSE: &str = "ResponseId";

/// What a `Status` says of a response that nobody gave in earnest. The number is a sum: 1 preview, 2 test, 8 spam.
fn of_status(cell: &str) -> Option<&'static str> {
    match cell.parse::<u32>() {
        Ok(number) if number & 8 != 0 => Some("spam"),
        Ok(number) if number & 1 != 0 => Some("a preview"),
        Ok(number) if number & 2 != 0 => Some("a test"),
        Ok(_) => None,
        Err(_) => of_text(cell),
    }
}

fn of_text(cell: &str) -> Option<&'static str> {
    let cell = cell.to_ascii_lowercase();
    [("spam", "spam"), ("preview", "a preview"), ("test", "a test")]
        .into_iter()
        .find(|(word, _)| cell.split(' ').any(|part| part == *word))
        .map(|(_, what)| what)
}

/// The marked rows of a file, and how many of them are analysed.
pub fn flagged(table: &Table, analysed: &Sample) -> Vec<FlaggedFacts> {
    if !table.names.iter().any(|n| MARKS.contains(&n.as_str())) {
        return Vec::new();
    }
    let stay: BTreeSet<u64> = analysed.lines.iter().copied().collect();
    let has = |name: &str| table.names.iter().any(|n| n == name);
    let mut found: BTreeMap<(&str, String), FlaggedFacts> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (position, name) in table.names.iter().enumerate() {
        let meaning: fn(&str) -> Option<&'static str> = match name.as_str() {
            STATUS if has(RESPONSE) || has(CHANNEL) => of_status,
            CHANNEL => of_text,
            _ => continue,
        };
        let cells = table.texts(position);
        for (cell, line) in cells.zip(&table.lines) {
            let cell = cell.trim();
            let Some(what) = meaning(cell).filter(|_| seen.insert((name, *line))) else {
                continue;
            };
            let facts = found
                .entry((name, cell.to_owned()))
                .or_insert_with(|| FlaggedFacts {
                    column: name.clone(),
                    value: cell.to_owned(),
                    meaning: what.to_owned(),
                    rows: 0,
                    analysed: 0,
                    lines: Vec::new(),
                });
            facts.rows += 1;
            facts.analysed += u64::from(stay.contains(line));
            if facts.lines.len() < 10 {
                facts.lines.push(*line);
            }
        }
    }
    found.into_values().collect()
}

/// A warning for each mark whose rows are analysed.
pub fn flagged_warnings(flagged: &[FlaggedFacts], file: &str) -> Vec<Diagnostic> {
    let analysed = flagged.iter().filter(|f| f.analysed > 0);
    analysed
        .map(|facts| {
            let lines: Vec<String> = facts.lines.iter().map(u64::to_string).collect();
            let more = if facts.rows > facts.lines.len() as u64 { ", …" } else { "" };
            let message = format!(
                "{} of {} responses that {file} marks as {} (`{}` is '{}') are analysed; they stand on line {}{more}",
                facts.analysed,
                facts.rows,
                facts.meaning,
                facts.column,
                facts.value,
                lines.join(", ")
            );
            let mut place = Place::file(file);
            place.line = facts.lines.first().and_then(|l| usize::try_from(*l).ok()).unwrap_or(1);
            Diagnostic::warning(codes::TEST_RESPONSE, message).at(place).help(
                "register an exclusion for them, or, if they were collected in earnest, say so where the data are described",
            )
        })
        .collect()
}
