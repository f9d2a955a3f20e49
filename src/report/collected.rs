//! Section 5: how the data file was read, and every change to a cell on the way to the sample.

use super::number;
use crate::record::{CellFacts, CellRule, FlaggedFacts, Record};
use crate::spec::pipeline::{Decimal, Encoding};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Reading {
    /// One sentence about the file.
    about: String,
    /// A sentence for each mark of the platform.
    flagged: Vec<String>,
    cells: Vec<CellView>,
}

#[derive(Serialize)]
struct CellView {
    variable: String,
    from: String,
    to: String,
    rule: &'static str,
    count: String,
}

pub(super) fn reading(record: &Record) -> Reading {
    let file = &record.observed.file;
    let mut about = vec![format!(
        "The file was read as {}: {} rows, {} columns",
        file.format.word(),
        number::count(file.rows),
        number::count(file.columns)
    )];
    about.extend(file.encoding.map(|e| encoding(e).to_owned()));
    about.extend(
        file.separator
            .map(|s| format!("fields separated by {}s", s.word())),
    );
    about.extend(file.decimal.map(|d| match d {
        Decimal::Point => String::from("decimal points"),
        Decimal::Comma => String::from("decimal commas"),
    }));
    Reading {
        about: format!("{}.", about.join(", ")),
        flagged: record.observed.flagged.iter().map(flagged).collect(),
        cells: record.observed.cells.iter().map(cell).collect(),
    }
}

fn flagged(facts: &FlaggedFacts) -> String {
    format!(
        "{} responses are marked as {} (“{}” is “{}”); {} of them are analysed.",
        number::count(facts.rows),
        facts.meaning,
        facts.column,
        facts.value,
        number::count(facts.analysed)
    )
}

fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
        Encoding::Windows1252 => "Windows-1252",
    }
}

fn cell(facts: &CellFacts) -> CellView {
    CellView {
        variable: facts.variable.clone(),
        from: match facts.values {
            Some(values) => format!("{} {}", number::count(values), facts.from),
            None => facts.from.clone(),
        },
        to: facts.to.clone().unwrap_or_else(|| String::from("missing")),
        rule: match facts.rule {
            CellRule::Mapped => "the pipeline’s values",
            CellRule::MissingCode => "the pipeline’s codes for missing values",
            CellRule::RegisteredLabel => "its registered label",
            CellRule::FileLabel => "the file’s own label",
            CellRule::FileMissing => "missing by the file’s own declaration",
            CellRule::UnregisteredLevel => "a level that is not registered",
            CellRule::Checkboxes => "the pipeline’s checkboxes: the choices that are ticked",
            CellRule::DisplayOrder => "the pipeline’s place in the order of display",
        },
        count: number::count(facts.count),
    }
}
