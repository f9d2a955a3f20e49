//! The coefficients of each column of a table.

use super::Cell;
use super::grid::{Grid, Row};
use crate::claims::printed::{Bound, Printed};
use crate::spec::pipeline::Decimal;

/// What stands in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Error,
    Statistic,
    P,
    Interval,
}

impl Beside {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Beside::Error => &["std_error"],
            Beside::Statistic => &["statistic"],
            Beside::P => &["p"],
            Beside::Interval => &["conf_low", "conf_high"],
        }
    }
}

/// The coefficients of every column, from the left; a column without any is left out.
pub(super) fn columns(grid: &Grid, decimal: Decimal) -> Vec<(usize, Vec<Cell>)> {
    let width = grid.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let beside = beside(&grid.notes);
    let all = (1..width).map(|column| (column, column_of(grid, column, beside, decimal)));
    all.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// What the notes call the numbers in parentheses; programs that say nothing print errors.
fn beside(notes: &str) -> Beside {
    let notes = notes.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| notes.contains(word));
    if says(&[
        "t statistics in",
        "t-statistics in",
        "z statistics in",
        "z-statistics in",
        "t statistic in",
        "t-values in",
        "t values in",
    ]) {
        Beside::Statistic
    } else if says(&["p-values in", "p values in", "p-value in"]) {
        Beside::P
    } else if says(&[
        "confidence intervals in",
        "confidence interval in",
        "ci in",
        "cis in",
    ]) {
        Beside::Interval
    } else {
        Beside::Error
    }
}

fn column_of(grid: &Grid, column: usize, beside: Beside, decimal: Decimal) -> Vec<Cell> {
    let mut found = Vec::new();
    for (position, row) in grid.rows.iter().enumerate() {
        let Some((label, text)) = labelled(row, column) else {
            continue;
        };
        let (own, inner) = split(text);
        let Some(estimate) = Printed::read(own, decimal).filter(|p| p.bound == Bound::Equals) else {
            continue;
        };
        let below = grid.rows.iter().skip(position + 1).find(|row| !blank(row));
        let inner = inner.or_else(|| {
            below
                .filter(|row| unlabelled(row))
                .and_then(|row| parenthesised(row, column))
        });
        let Some(inner) = inner else { continue };
        let numbers = numbers(inner, decimal);
        if numbers.is_empty() {
            continue;
        }
        let beside = if numbers.len() > 1 {
            Beside::Interval
        } else {
            beside
        };
        let mut says = vec![("estimate", estimate)];
        says.extend(beside.keys().iter().copied().zip(numbers));
        found.push(Cell {
            line: row.0,
            label: label.to_owned(),
            says,
        });
    }
    found
}

/// A row that has a label, and its text in a column.
fn labelled(row: &Row, column: usize) -> Option<(&str, &str)> {
    let label = row
        .1
        .first()
        .filter(|label| !label.is_empty() && !label.starts_with(['(', '[']))?;
    let text = row.1.get(column).filter(|text| !text.is_empty())?;
    Some((label, text))
}

fn blank(row: &Row) -> bool {
    row.1.iter().all(String::is_empty)
}

fn unlabelled(row: &Row) -> bool {
    row.1.first().is_some_and(String::is_empty)
}

fn parenthesised(row: &Row, column: usize) -> Option<&str> {
    row.1
        .get(column)
        .map(String::as_str)
        .filter(|text| text.starts_with(['(', '[']))
}

/// `0.71*** (0.09)`: what stands before the parentheses, and they.
fn split(text: &str) -> (&str, Option<&str>) {
    match text.find(['(', '[']) {
        Some(at) if at > 0 => (text.get(..at).unwrap_or(text).trim(), text.get(at..)),
        _ => (text, None),
    }
}

/// One number, or the two of an interval, with their parentheses or without.
pub(super) fn numbers(text: &str, decimal: Decimal) -> Vec<Printed> {
    let opened = text.trim_start_matches(['(', '[']);
    let end = opened.find([')', ']']).unwrap_or(opened.len());
    let inner = opened.get(..end).unwrap_or_default().trim();
    if let Some(one) = Printed::read(inner, decimal) {
        return vec![one];
    }
    let separators = [";", ", ", " to ", " , ", ",", " - "];
    let pairs = separators
        .iter()
        .filter_map(|separator| inner.split_once(separator));
    let read =
        |(low, high): (&str, &str)| Some(vec![Printed::read(low, decimal)?, Printed::read(high, decimal)?]);
    pairs.filter_map(read).next().unwrap_or_default()
}
