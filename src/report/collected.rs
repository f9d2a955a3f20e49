//! Section 5: how the data file was read, and every change to a cell on the way to the sample.

use super::number;
use crate::record::{CellFacts, CellRule, FlaggedFacts, JoinedFacts, LongFacts, Record};
use crate::spec::join::Matches;
use crate::spec::pipeline::{Decimal, Encoding};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Reading {
    /// One sentence about the file.
    about: String,
    /// A sentence for each file that is joined.
    joined: Vec<String>,
    long: Option<LongView>,
    /// A sentence for each mark of the platform.
    flagged: Vec<String>,
    cells: Vec<CellView>,
}

/// How several rows were made of one.
#[derive(Serialize)]
struct LongView {
    about: String,
    /// New column and what it was made of.
    columns: Vec<[String; 2]>,
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
        joined: record.observed.shape.joined.iter().map(joined).collect(),
        long: record.observed.shape.long.as_ref().map(long),
        flagged: record.observed.flagged.iter().map(flagged).collect(),
        cells: record.observed.cells.iter().map(cell).collect(),
    }
}

fn joined(facts: &JoinedFacts) -> String {
    let by = facts.by.iter().map(|key| match key.column == key.theirs {
        true => format!("“{}”", key.column),
        false => format!("“{}” as “{}”", key.column, key.theirs),
    });
    let matches = match facts.matches {
        Matches::OneToOne => "one to one",
        Matches::ManyToOne => "many to one",
    };
    format!(
        "{} ({} rows) was joined by {}, {matches}: {} rows of the data have a partner, {} have none and stay with empty cells; {} rows there are nobody’s.",
        facts.file,
        number::count(facts.read.rows),
        by.collect::<Vec<_>>().join(", "),
        number::count(facts.matched),
        number::count(facts.unmatched),
        number::count(facts.unused)
    )
}

fn long(facts: &LongFacts) -> LongView {
    let keys = facts
        .keys
        .iter()
        .map(|key| format!("“{}” ({})", key.column, key.values.join(", ")));
    let columns = facts.columns.iter().map(|column| {
        let made_of = if column.absent.is_empty() {
            column.made_of.clone()
        } else {
            format!(
                "{}; not in the file: {}",
                column.made_of,
                column.absent.join(", ")
            )
        };
        [column.column.clone(), made_of]
    });
    LongView {
        about: format!(
            "Its {} rows were made into {}: one for each {}.",
            number::count(facts.rows_of_file),
            number::count(facts.rows),
            keys.collect::<Vec<_>>().join(" and ")
        ),
        columns: columns.collect(),
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
            CellRule::Chosen => "the pipeline’s rows: the one that was chosen",
            CellRule::DisplayOrder => "the pipeline’s place in the order of display",
        },
        count: number::count(facts.count),
    }
}
