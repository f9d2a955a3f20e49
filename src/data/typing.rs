//! One column's text cells as levels, numbers, times or text, with an account of every cell that is not read as it stands.

use super::cells::Cells;
use super::dates;
use super::levels::{Match, Matching};
use super::sample::Column;
use super::table::{ColumnFacts, Table};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::plan::{Role, VariablePlan};
use crate::record::{CellFacts, CellRule, CodebookFacts, CodebookKind, RowFacts};
use crate::spec::Located;
use crate::spec::pipeline::Decimal;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// What is needed to type one column.
pub(super) struct Typing<'a> {
    pub name: &'a str,
    pub variable: &'a VariablePlan,
    pub raw: &'a str,
    pub position: usize,
    pub file: &'a str,
    pub missing: BTreeSet<&'a str>,
    pub values: Option<&'a BTreeMap<String, Located<String>>>,
    pub labels: &'a [(String, String)],
    pub said: Option<&'a ColumnFacts>,
    pub decimal: Decimal,
}

/// A typed column with what was found on the way.
pub(super) struct Typed {
    pub column: Column,
    pub codebook: Vec<CodebookFacts>,
    pub cells: Vec<CellFacts>,
    pub refusal: Option<Diagnostic>,
}

/// Cells that are not what they should be: the first ten by line, and how many.
#[derive(Default)]
pub(super) struct Noted {
    pub rows: Vec<RowFacts>,
    pub count: u64,
}

impl Noted {
    pub fn add(&mut self, line: u64, value: &str) {
        self.count += 1;
        if self.rows.len() < 10 {
            self.rows.push(RowFacts {
                line,
                value: short(value),
            });
        }
    }

    pub fn shown(&self) -> String {
        let shown = self
            .rows
            .iter()
            .map(|r| format!("line {}: '{}'", r.line, r.value));
        let more = if self.count > 10 { ", …" } else { "" };
        format!("{}{more}", shown.collect::<Vec<_>>().join(", "))
    }
}

/// Changed cells by rule, what stands in the file, and what it was read as.
#[derive(Default)]
pub(super) struct Changes(BTreeMap<(CellRule, String, Option<String>), u64>);

impl Changes {
    pub fn add(&mut self, rule: CellRule, from: &str, to: Option<&str>, count: u64) {
        let key = (rule, from.to_owned(), to.map(str::to_owned));
        *self.0.entry(key).or_default() += count;
    }

    pub fn facts(self, variable: &str, column: &str) -> Vec<CellFacts> {
        let lines = self.0.into_iter().map(|((rule, from, to), count)| CellFacts {
            variable: variable.to_owned(),
            column: column.to_owned(),
            rule,
            from: short(&from),
            to,
            count,
            values: None,
        });
        lines.collect()
    }
}

impl<'a> Typing<'a> {
    pub fn column(&self, cells: &'a Cells, table: &Table) -> Typed {
        let mut changes = Changes::default();
        let doubted = self.doubted(cells, table);
        let cells: Vec<Option<&str>> = cells
            .iter()
            .map(|c| self.present(c.trim(), &mut changes))
            .collect();
        let (column, codebook, refusal) = if !self.variable.levels.is_empty() {
            self.levels(&cells, table, &mut changes)
        } else {
            match self.variable.role {
                Role::Time => self.times(&cells, table),
                Role::Id | Role::Text => self.texts(&cells, table),
                _ => self.numbers(&cells, table, &mut changes),
            }
        };
        Typed {
            column,
            codebook,
            cells: changes.facts(self.name, self.raw),
            refusal: refusal.or(doubted),
        }
    }

    /// The cell, unless it is empty or stands for a missing value.
    fn present<'c>(&self, cell: &'c str, changes: &mut Changes) -> Option<&'c str> {
        if cell.is_empty() {
            return None;
        }
        if self.missing.contains(cell) {
            changes.add(CellRule::MissingCode, cell, None, 1);
            return None;
        }
        let mapped = self.values.is_some_and(|v| v.contains_key(cell));
        if !mapped && self.said.is_some_and(|s| s.missing.contains(cell)) {
            changes.add(CellRule::FileMissing, cell, None, 1);
            return None;
        }
        Some(cell)
    }

    fn levels(
        &self,
        cells: &[Option<&str>],
        table: &Table,
        changes: &mut Changes,
    ) -> (Column, Vec<CodebookFacts>, Option<Diagnostic>) {
        let names = &self.variable.levels.names;
        let matching = Matching {
            names,
            labels: self.labels,
            values: self.values,
            said: self.said,
        };
        let mut known: BTreeMap<&str, (Match, u64)> = BTreeMap::new();
        let (mut unregistered, mut ambiguous) = (Noted::default(), Noted::default());
        let mut coded = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                coded.push(None);
                continue;
            };
            let (matched, count) = known.entry(cell).or_insert_with(|| (matching.find(cell), 0));
            *count += 1;
            match matched {
                Match::None => unregistered.add(*line, cell),
                Match::Ambiguous(..) => ambiguous.add(*line, cell),
                _ => {}
            }
            coded.push(matched.code());
        }
        let level = |code: u32| names.get(code as usize).map(String::as_str);
        for (cell, (matched, count)) in &known {
            match matched {
                Match::By(rule, code) => changes.add(*rule, cell, level(*code), *count),
                Match::None => changes.add(CellRule::UnregisteredLevel, cell, None, *count),
                Match::Name(_) | Match::Ambiguous(..) => {}
            }
        }
        let column = Column::Factor {
            levels: names.clone(),
            codes: coded,
        };
        let refusal = (ambiguous.count > 0).then(|| {
            let both: Vec<String> = known
                .iter()
                .filter_map(|(cell, (matched, _))| match matched {
                    Match::Ambiguous(a, b) => Some(format!(
                        "'{}' is `{}` by one name and `{}` by another",
                        short(cell),
                        level(*a)?,
                        level(*b)?
                    )),
                    _ => None,
                })
                .collect();
            let message = format!(
                "column `{}` (variable `{}`): {}",
                self.raw,
                self.name,
                both.join("; ")
            );
            let help = format!(
                "say which is meant: data.values: {{{}: {{cell: level}}}}",
                self.name
            );
            self.refuse(codes::AMBIGUOUS_LABEL, message, &ambiguous, help)
        });
        (
            column,
            self.facts(CodebookKind::UnregisteredLevel, unregistered)
                .into_iter()
                .collect(),
            refusal,
        )
    }

    fn texts(
        &self,
        cells: &[Option<&str>],
        table: &Table,
    ) -> (Column, Vec<CodebookFacts>, Option<Diagnostic>) {
        let mut other = Noted::default();
        let whole = |p: &String| Regex::new(&format!("^(?:{p})$")).ok();
        if let Some(pattern) = self.variable.pattern.as_ref().and_then(whole) {
            for (cell, line) in cells.iter().zip(&table.lines) {
                if let Some(cell) = cell.filter(|c| !pattern.is_match(c)) {
                    other.add(*line, cell);
                }
            }
        }
        let column = Column::Text(cells.iter().map(|c| c.map(str::to_owned)).collect());
        (
            column,
            self.facts(CodebookKind::PatternMismatch, other)
                .into_iter()
                .collect(),
            None,
        )
    }

    fn numbers(
        &self,
        cells: &[Option<&str>],
        table: &Table,
        changes: &mut Changes,
    ) -> (Column, Vec<CodebookFacts>, Option<Diagnostic>) {
        let (mut refused, mut beyond, mut broken) = (Noted::default(), Noted::default(), Noted::default());
        let mut numbers = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                numbers.push(None);
                continue;
            };
            let mapped = self.values.and_then(|v| v.get(*cell));
            let number = match mapped {
                Some(mapped) => number(&mapped.value, Decimal::Point),
                None => number(cell, self.decimal),
            };
            if let Some(mapped) = mapped {
                changes.add(CellRule::Mapped, cell, Some(&mapped.value), 1);
            }
            match number {
                None => refused.add(*line, cell),
                Some(value) if !self.in_scale(value) => beyond.add(*line, cell),
                Some(_) => {}
            }
            if self.variable.whole && number.is_some_and(|n| n.fract() != 0.0) {
                broken.add(*line, cell);
            }
            numbers.push(number);
        }
        let beyond = self.facts(CodebookKind::OutOfRange, beyond);
        let broken = self.facts(CodebookKind::NotWhole, broken);
        let refusal = (refused.count > 0).then(|| self.unreadable(codes::NOT_A_NUMBER, "a number", &refused));
        (
            Column::Number(numbers),
            beyond.into_iter().chain(broken).collect(),
            refusal,
        )
    }

    fn times(
        &self,
        cells: &[Option<&str>],
        table: &Table,
    ) -> (Column, Vec<CodebookFacts>, Option<Diagnostic>) {
        let mut refused = Noted::default();
        let mut times = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let time = cell.and_then(dates::normalised);
            if let (Some(cell), None) = (cell, &time) {
                refused.add(*line, cell);
            }
            times.push(time);
        }
        let expected = "a date such as 2024-11-04 10:22:31";
        let refusal = (refused.count > 0).then(|| self.unreadable(codes::NOT_A_DATE, expected, &refused));
        (Column::Text(times), Vec::new(), refusal)
    }

    fn in_scale(&self, value: f64) -> bool {
        let Some(scale) = self.variable.scale else {
            return true;
        };
        scale.min.is_none_or(|min| value >= min) && scale.max.is_none_or(|max| value <= max)
    }

    fn facts(&self, kind: CodebookKind, noted: Noted) -> Option<CodebookFacts> {
        (noted.count > 0).then(|| CodebookFacts {
            variable: self.name.to_owned(),
            column: self.raw.to_owned(),
            field: self.position as u64 + 1,
            kind,
            count: noted.count,
            rows: noted.rows,
            file: self.file.to_owned(),
        })
    }

    fn unreadable(&self, code: Code, expected: &str, noted: &Noted) -> Diagnostic {
        let message = format!(
            "{} cells of `{}` (variable `{}`) are not {expected}: {}",
            noted.count,
            self.raw,
            self.name,
            noted.shown()
        );
        let help = format!(
            "if they stand for missing values, declare them: data.missing_codes: {{{}: […]}}; or map them under data.values",
            self.name
        );
        self.refuse(code, message, noted, help)
    }

    pub(super) fn refuse(&self, code: Code, message: String, noted: &Noted, help: String) -> Diagnostic {
        let mut place = Place::file(self.file);
        let first = noted.rows.first().and_then(|r| usize::try_from(r.line).ok());
        place.line = first.unwrap_or(1);
        place.column = self.position + 1;
        Diagnostic::error(code, message).at(place).help(help)
    }
}

/// A finite number as people write one; words such as inf and nan are none.
pub(super) fn number(cell: &str, decimal: Decimal) -> Option<f64> {
    let plain = |cell: &str| {
        cell.bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
    };
    let parsed = match decimal {
        Decimal::Point => plain(cell).then(|| cell.parse::<f64>().ok()),
        Decimal::Comma => {
            let pointed = cell.replacen(',', ".", 1);
            (!cell.contains('.') && plain(&pointed)).then(|| pointed.parse::<f64>().ok())
        }
    };
    parsed.flatten().filter(|value| value.is_finite())
}

pub(super) fn short(value: &str) -> String {
    let cut: String = value.chars().take(60).collect();
    if cut.len() < value.len() {
        format!("{cut}…")
    } else {
        cut
    }
}
