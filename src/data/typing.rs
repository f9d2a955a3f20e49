//! One column's text cells as levels, numbers, times or text.

use super::dates;
use super::read::Table;
use super::sample::Column;
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::plan::{Role, VariablePlan};
use crate::record::{CodebookFacts, CodebookKind, RowFacts};
use polars::prelude::StringChunked;
use std::collections::{BTreeMap, BTreeSet};

/// What is needed to type one column.
pub(super) struct Typing<'a> {
    pub name: &'a str,
    pub variable: &'a VariablePlan,
    pub raw: &'a str,
    pub position: usize,
    pub file: &'a str,
    pub missing: BTreeSet<&'a str>,
    pub values: Option<&'a BTreeMap<String, crate::spec::Located<String>>>,
    pub labels: &'a [(String, String)],
}

/// Cells that cannot be typed, by line.
pub(super) struct Refused {
    code: Code,
    expected: &'static str,
    cells: Vec<RowFacts>,
    count: u64,
}

impl<'a> Typing<'a> {
    pub fn column(
        &self,
        cells: &'a StringChunked,
        table: &Table,
        codebook: &mut Vec<CodebookFacts>,
        used: &mut BTreeSet<(String, String)>,
    ) -> (Column, Option<Refused>) {
        let cells = cells.iter().map(|c| c.unwrap_or_default().trim()).map(|cell| {
            let missing = cell.is_empty() || self.missing.contains(cell);
            if missing && !cell.is_empty() {
                used.insert((self.name.to_owned(), cell.to_owned()));
            }
            (!missing).then_some(cell)
        });
        let cells: Vec<Option<&str>> = cells.collect();
        for cell in cells.iter().flatten() {
            if let Some((raw, _)) = self.values.and_then(|v| v.get_key_value(*cell))
                && !used.contains(&(self.name.to_owned(), raw.clone()))
            {
                used.insert((self.name.to_owned(), raw.clone()));
            }
        }
        if !self.variable.levels.is_empty() {
            return (self.levels(&cells, table, codebook), None);
        }
        match self.variable.role {
            Role::Time => self.times(&cells, table),
            Role::Id => (
                Column::Text(cells.iter().map(|c| c.map(str::to_owned)).collect()),
                None,
            ),
            _ => self.numbers(&cells, table, codebook),
        }
    }

    /// A level by the mapping, by its name, or by a label that only one level has.
    fn levels(&self, cells: &[Option<&str>], table: &Table, codebook: &mut Vec<CodebookFacts>) -> Column {
        let names = &self.variable.levels.names;
        let code = |name: &str| {
            names
                .iter()
                .position(|l| l == name)
                .and_then(|p| u32::try_from(p).ok())
        };
        let by_label = |cell: &str| {
            let mut labelled = self.labels.iter().filter(|(_, label)| label == cell);
            match (labelled.next(), labelled.next()) {
                (Some((name, _)), None) => code(name),
                _ => None,
            }
        };
        let mut known: BTreeMap<&str, Option<u32>> = BTreeMap::new();
        let mut unregistered = Vec::new();
        let mut count = 0;
        let mut coded = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                coded.push(None);
                continue;
            };
            let level = *known.entry(cell).or_insert_with(|| {
                let mapped = self.values.and_then(|v| v.get(*cell)).map(|l| l.value.as_str());
                mapped
                    .and_then(code)
                    .or_else(|| code(cell))
                    .or_else(|| by_label(cell))
            });
            if level.is_none() {
                note(&mut unregistered, &mut count, *line, cell);
            }
            coded.push(level);
        }
        self.facts(CodebookKind::UnregisteredLevel, unregistered, count, codebook);
        Column::Factor {
            levels: names.clone(),
            codes: coded,
        }
    }

    fn numbers(
        &self,
        cells: &[Option<&str>],
        table: &Table,
        codebook: &mut Vec<CodebookFacts>,
    ) -> (Column, Option<Refused>) {
        let mut refused = Refused {
            code: codes::NOT_A_NUMBER,
            expected: "a number",
            cells: Vec::new(),
            count: 0,
        };
        let (mut beyond, mut beyond_count) = (Vec::new(), 0);
        let mut numbers = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                numbers.push(None);
                continue;
            };
            let mapped = self
                .values
                .and_then(|v| v.get(*cell))
                .map_or(*cell, |l| l.value.as_str());
            let number = number(mapped);
            match number {
                None => note(&mut refused.cells, &mut refused.count, *line, cell),
                Some(value) if !self.in_scale(value) => note(&mut beyond, &mut beyond_count, *line, cell),
                Some(_) => {}
            }
            numbers.push(number);
        }
        self.facts(CodebookKind::OutOfRange, beyond, beyond_count, codebook);
        (Column::Number(numbers), (refused.count > 0).then_some(refused))
    }

    fn times(&self, cells: &[Option<&str>], table: &Table) -> (Column, Option<Refused>) {
        let mut refused = Refused {
            code: codes::NOT_A_DATE,
            expected: "a date such as 2024-11-04 10:22:31",
            cells: Vec::new(),
            count: 0,
        };
        let mut times = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let time = cell.and_then(dates::normalised);
            if let (Some(cell), None) = (cell, &time) {
                note(&mut refused.cells, &mut refused.count, *line, cell);
            }
            times.push(time);
        }
        (Column::Text(times), (refused.count > 0).then_some(refused))
    }

    fn in_scale(&self, value: f64) -> bool {
        let Some(scale) = self.variable.scale else {
            return true;
        };
        scale.min.is_none_or(|min| value >= min) && scale.max.is_none_or(|max| value <= max)
    }

    fn facts(&self, kind: CodebookKind, rows: Vec<RowFacts>, count: u64, codebook: &mut Vec<CodebookFacts>) {
        if count > 0 {
            codebook.push(CodebookFacts {
                variable: self.name.to_owned(),
                column: self.raw.to_owned(),
                field: self.position as u64 + 1,
                kind,
                count,
                rows,
                file: self.file.to_owned(),
            });
        }
    }

    pub fn refusal(&self, refused: &Refused) -> Diagnostic {
        let shown: Vec<String> = refused
            .cells
            .iter()
            .map(|r| format!("line {}: '{}'", r.line, short(&r.value)))
            .collect();
        let message = format!(
            "{} cells of `{}` (variable `{}`) are not {}: {}{}",
            refused.count,
            self.raw,
            self.name,
            refused.expected,
            shown.join(", "),
            if refused.count > 10 { ", …" } else { "" }
        );
        let mut place = Place::file(self.file);
        place.line = refused
            .cells
            .first()
            .and_then(|r| usize::try_from(r.line).ok())
            .unwrap_or(1);
        place.column = self.position + 1;
        Diagnostic::error(refused.code, message).at(place).help(format!(
            "if they stand for missing values, declare them: data.missing_codes: {{{}: […]}}; or map them under data.values",
            self.name
        ))
    }
}

/// A finite number as people write one; words such as inf and nan are none.
fn number(cell: &str) -> Option<f64> {
    let plain = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    cell.parse::<f64>()
        .ok()
        .filter(|value| plain && value.is_finite())
}

fn note(rows: &mut Vec<RowFacts>, count: &mut u64, line: u64, value: &str) {
    *count += 1;
    if rows.len() < 10 {
        rows.push(RowFacts {
            line,
            value: short(value),
        });
    }
}

pub(super) fn short(value: &str) -> String {
    let cut: String = value.chars().take(60).collect();
    if cut.len() < value.len() {
        format!("{cut}…")
    } else {
        cut
    }
}
