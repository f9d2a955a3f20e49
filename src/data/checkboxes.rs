//! Questions of which several choices could be ticked, as one variable.
//!
//! Platforms write them in two ways: one cell that lists the ticked choices (`1,3`), or a column a choice (`Q5_3`,
//! `race___3`, `Q5[SQ003]`) with a mark in it. A mark that is none of the usual ones is refused rather than guessed at.

use super::table::{ColumnFacts, Table};
use super::typing::{Changes, Noted};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::record::CellRule;
use crate::spec::Located;
use crate::spec::shape::{Checkbox, MISSING, Ticks};

/// Marks of a ticked choice, beside the choice's own code and its text in the question.
const TICKED: [&str; 7] = ["1", "Y", "Yes", "Checked", "Selected", "TRUE", "true"];
/// Marks of a choice that is not ticked, beside an empty cell.
const UNTICKED: [&str; 8] = [
    "0",
    "N",
    "No",
    "Unchecked",
    "Not Selected",
    "Not selected",
    "FALSE",
    "false",
];

/// A column a choice.
struct Split {
    position: usize,
    choice: String,
    /// Whether a zero in it says that it is not ticked, although the choice is called `0`.
    zero: bool,
}

/// The variable's cells, with an account of what each was made of.
///
/// # Errors
/// A003 and A004 for its columns; A017 for marks that cannot be read.
pub(super) fn gather(table: &mut Table, file: &str, name: &str, spec: &Checkbox) -> Result<(), Diagnostic> {
    let ticked = match spec.of.value.split_once("{choice}") {
        Some((before, after)) => split(table, file, name, spec, (before, after))?,
        None => listed(table, file, name, spec)?,
    };
    let (first, rows) = ticked;
    let mut changes = Changes::default();
    let cells: Vec<String> = rows
        .iter()
        .map(|ticked| {
            let cell = cell(spec, ticked);
            let from = if ticked.is_empty() {
                String::from("no tick")
            } else {
                format!("ticked: {}", ticked.join(", "))
            };
            let to = Some(cell.as_str()).filter(|c| !c.is_empty());
            changes.add(CellRule::Checkboxes, &from, to, 1);
            cell
        })
        .collect();
    table.changes.extend(changes.facts(name, &spec.of.value));
    let made = ColumnFacts {
        made_of: Some(first),
        ..ColumnFacts::default()
    };
    table.append(name, &cells, made);
    Ok(())
}

type Ticked = (usize, Vec<Vec<String>>);

fn cell(spec: &Checkbox, ticked: &[String]) -> String {
    let given = |word: &Located<String>| match word.value.as_str() {
        MISSING => String::new(),
        "unchecked" if matches!(spec.as_, Ticks::Choice(_)) => String::from("0"),
        level => level.to_owned(),
    };
    match (&spec.as_, ticked) {
        (_, []) => given(&spec.none),
        (Ticks::Choice(choice), ticked) => {
            let is = ticked.contains(&choice.value);
            String::from(if is { "1" } else { "0" })
        }
        (Ticks::Levels { choices, .. }, [only]) => choices
            .get(only)
            .map_or_else(|| only.clone(), |level| level.value.clone()),
        (Ticks::Levels { several, .. }, _) => given(several),
    }
}

impl Checkbox {
    /// The choices that the pipeline names.
    fn known(&self) -> Vec<&str> {
        match &self.as_ {
            Ticks::Choice(choice) => vec![&choice.value],
            Ticks::Levels { choices, .. } => choices.keys().map(String::as_str).collect(),
        }
    }

    /// The choices that a cell lists. One whose text has a comma is looked for whole.
    fn ticks(&self, cell: &str) -> Vec<String> {
        let mut rest = format!(",{cell},");
        let mut ticked = Vec::new();
        for choice in self.known().into_iter().filter(|c| c.contains(',')) {
            let listed = format!(",{choice},");
            if rest.contains(&listed) {
                rest = rest.replacen(&listed, ",", 1);
                ticked.push(choice.to_owned());
            }
        }
        ticked.extend(rest.split(',').filter(|c| !c.is_empty()).map(str::to_owned));
        ticked
    }
}

fn is(words: &[Located<String>], cell: &str) -> bool {
    words.iter().any(|w| w.value == cell)
}

fn listed(table: &mut Table, file: &str, name: &str, spec: &Checkbox) -> Result<Ticked, Diagnostic> {
    let position = table.position(&spec.of, file)?;
    let mut unclear = Noted::default();
    let cells = table.texts(position);
    let rows: Vec<Vec<String>> = cells
        .zip(&table.lines)
        .map(|(cell, line)| {
            let cell = cell.trim();
            if cell.is_empty() || is(&spec.unticked, cell) {
                return Vec::new();
            }
            // A negative code stands for a question that was not answered, and would pass for a choice.
            if cell.starts_with('-') && cell.parse::<f64>().is_ok() {
                unclear.add(*line, cell);
            }
            spec.ticks(cell)
        })
        .collect();
    refuse(&unclear, file, name, spec)?;
    for choice in spec.known() {
        if !rows.iter().any(|ticked| ticked.iter().any(|t| t == choice)) {
            let message = format!(
                "data.checkboxes.{name}: no cell of `{}` lists '{choice}'",
                spec.of.value
            );
            let warning = Diagnostic::warning(codes::UNUSED_MAPPING, message);
            table.warnings.push(
                warning
                    .at(spec.of.at.clone())
                    .help("correct its spelling, if somebody ticked it"),
            );
        }
    }
    Ok((position, rows))
}

fn split(
    table: &Table,
    file: &str,
    name: &str,
    spec: &Checkbox,
    (before, after): (&str, &str),
) -> Result<Ticked, Diagnostic> {
    let columns = columns(table, before, after);
    let Some(first) = columns.first() else {
        let message = format!("{file} has no columns `{}`", spec.of.value);
        let help = "write `{choice}` where the columns' names differ, such as `Q5_{choice}`";
        return Err(Diagnostic::error(codes::COLUMN_MISSING, message)
            .at(spec.of.at.clone())
            .help(help));
    };
    let known = spec.known();
    if let Some(absent) = known.iter().find(|k| !columns.iter().any(|c| c.choice == **k)) {
        let message = format!("{file} has no column `{before}{absent}{after}`");
        let there: Vec<&str> = columns.iter().map(|c| c.choice.as_str()).collect();
        let help = format!("its choices are {}", there.join(", "));
        return Err(Diagnostic::error(codes::COLUMN_MISSING, message)
            .at(spec.of.at.clone())
            .help(help));
    }
    let mut unclear = Noted::default();
    let mut rows = vec![Vec::new(); table.rows()];
    for column in &columns {
        let heading = table
            .columns
            .get(&column.position)
            .and_then(|c| c.heading.as_deref());
        let cells = table.texts(column.position);
        for ((cell, line), ticked) in cells.zip(&table.lines).zip(&mut rows) {
            let cell = cell.trim();
            match column.mark(cell, heading, spec) {
                Some(true) => ticked.push(column.choice.clone()),
                Some(false) => {}
                None => unclear.add(*line, cell),
            }
        }
    }
    refuse(&unclear, file, name, spec)?;
    Ok((first.position, rows))
}

/// The columns of the pattern, each with what it has in the place of `{choice}`. A choice's text (`Q5_4_TEXT`) is no choice.
fn columns(table: &Table, before: &str, after: &str) -> Vec<Split> {
    let named = table.names.iter().enumerate().filter_map(|(position, name)| {
        let choice = name.strip_prefix(before)?.strip_suffix(after)?;
        let of_choice = !choice.is_empty() && !choice.ends_with("_TEXT") && !choice.ends_with("comment");
        of_choice.then(|| (position, choice.to_owned()))
    });
    let named: Vec<(usize, String)> = named.collect();
    let zeroes = named
        .iter()
        .filter(|(_, choice)| choice != "0")
        .any(|(position, _)| {
            let cells = table.texts(*position);
            cells.map(str::trim).any(|c| c == "0")
        });
    let split = |(position, choice)| Split {
        position,
        choice,
        zero: zeroes,
    };
    named.into_iter().map(split).collect()
}

impl Split {
    /// Whether a cell ticks the choice; nothing where that cannot be told.
    fn mark(&self, cell: &str, heading: Option<&str>, spec: &Checkbox) -> Option<bool> {
        if cell.is_empty() || is(&spec.unticked, cell) {
            return Some(false);
        }
        if is(&spec.ticked, cell) {
            return Some(true);
        }
        if cell == self.choice && UNTICKED.contains(&cell) {
            return (self.zero && cell == "0").then_some(false);
        }
        if UNTICKED.contains(&cell) {
            return Some(false);
        }
        // LimeSurvey writes what was typed beside the choices into a column of its own.
        if self.choice == "other" {
            return Some(true);
        }
        let text = heading.and_then(|h| h.strip_suffix(cell));
        let of_question = text.is_some_and(|h| h.is_empty() || h.ends_with("- "));
        (TICKED.contains(&cell) || cell == self.choice || of_question).then_some(true)
    }
}

fn refuse(unclear: &Noted, file: &str, name: &str, spec: &Checkbox) -> Result<(), Diagnostic> {
    let Some(first) = unclear.rows.first() else {
        return Ok(());
    };
    let mut place = Place::file(file);
    place.line = usize::try_from(first.line).unwrap_or(1);
    let message = format!(
        "{} cells of `{}` (variable `{name}`) may mean ticked or not: {}",
        unclear.count,
        spec.of.value,
        unclear.shown()
    );
    let help = format!("say what they mean: data.checkboxes.{name}: {{ticked: […], unticked: […]}}");
    Err(Diagnostic::error(codes::UNCLEAR_MARK, message)
        .at(place)
        .help(help))
}
