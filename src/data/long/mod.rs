//! One row of the file as several: the tasks and profiles of a conjoint, the waves of a panel.
//!
//! The rows keep the file's order and, within a row, that of the keys, the last of which changes fastest; each keeps the
//! line of the row that it is made of, so that line and keys lead back to its cells. R: `reshape(direction = "long")`.

mod attributes;
mod chosen;

use super::table::{ColumnFacts, Made, Table};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::record::{CellFacts, KeyFacts, LongColumnFacts, LongFacts};
use crate::spec::Located;
use crate::spec::long::{Long, MadeRow, filled};
use std::collections::BTreeSet;

/// # Errors
/// A003 and A004 for columns that are not there or would stand twice; A011 where the file says different things of cells that
/// come into one column; A017 for choices and attributes that cannot be told.
pub(super) fn long(table: Table, file: &str, spec: &Long) -> Result<Table, Vec<Diagnostic>> {
    let rows = spec.combinations();
    let mut making = Making {
        table: &table,
        file,
        rows: &rows,
        consumed: BTreeSet::new(),
        made: Vec::new(),
        told: Vec::new(),
        cells: Vec::new(),
        errors: Vec::new(),
    };
    making.keys(spec);
    for (name, pattern) in &spec.columns {
        let absent = spec.may_be_absent.iter().any(|n| n.value == *name);
        making.column(name, pattern, absent);
    }
    for (name, chosen) in &spec.chosen {
        making.chosen(name, chosen);
    }
    if let Some(attributes) = &spec.attributes {
        making.attributes(attributes);
    }
    making.repeated();
    let Making {
        made,
        told,
        cells,
        errors,
        ..
    } = making;
    if !errors.is_empty() {
        return Err(errors);
    }
    let facts = LongFacts {
        rows_of_file: table.rows() as u64,
        rows: (table.rows() * rows.len()) as u64,
        keys: spec
            .rows
            .iter()
            .map(|(key, values)| KeyFacts {
                column: key.value.clone(),
                values: values.iter().map(|v| v.value.clone()).collect(),
            })
            .collect(),
        columns: told,
    };
    let lines = table
        .lines
        .iter()
        .flat_map(|line| rows.iter().map(|_| *line))
        .collect();
    let mut table = table.remade(lines, made);
    table.changes.extend(cells);
    table.shape.long = Some(facts);
    Ok(table)
}

/// New columns in the making.
struct Making<'a> {
    table: &'a Table,
    file: &'a str,
    /// What is made of one row.
    rows: &'a [MadeRow<'a>],
    /// Positions of columns that others were made of.
    consumed: BTreeSet<usize>,
    made: Vec<Made>,
    told: Vec<LongColumnFacts>,
    cells: Vec<CellFacts>,
    errors: Vec<Diagnostic>,
}

impl<'a> Making<'a> {
    fn keys(&mut self, spec: &Long) {
        for (key, _) in &spec.rows {
            let of_row: Vec<String> = self
                .rows
                .iter()
                .filter_map(|r| r.values.get(key.value.as_str()))
                .map(|v| (*v).to_owned())
                .collect();
            let cells = (0..self.table.rows())
                .flat_map(|_| of_row.iter().cloned())
                .collect();
            self.put(&key.value, &key.at, cells, ColumnFacts::default());
        }
    }

    /// The position of each row's column by a pattern; nothing for one that may be absent and is.
    fn positions(&mut self, pattern: &Located<String>, may_be_absent: bool) -> Vec<Option<usize>> {
        let table = self.table;
        let mut found = Vec::new();
        for row in self.rows {
            let name = Located {
                value: filled(&pattern.value, &row.names),
                at: pattern.at.clone(),
            };
            let absent = may_be_absent && !table.names.contains(&name.value);
            match table.position(&name, self.file) {
                Ok(position) => found.push(Some(position)),
                Err(_) if absent => found.push(None),
                Err(error) if self.errors.contains(&error) => {}
                Err(error) => self.errors.push(error),
            }
        }
        self.consumed.extend(found.iter().flatten());
        found
    }

    fn column(&mut self, name: &str, pattern: &Located<String>, may_be_absent: bool) {
        let positions = self.positions(pattern, may_be_absent);
        if positions.len() != self.rows.len() {
            return;
        }
        let sources: Vec<Option<Vec<&str>>> = positions
            .iter()
            .map(|p| p.map(|p| self.table.texts(p).collect()))
            .collect();
        let cell = |row: usize, of: &Option<Vec<&str>>| {
            of.as_ref()
                .and_then(|c| c.get(row))
                .map_or(String::new(), |c| (*c).to_owned())
        };
        let cells = (0..self.table.rows())
            .flat_map(|row| sources.iter().map(move |of| cell(row, of)))
            .collect();
        let facts = self.said(name, pattern, &positions);
        let absent = self.rows.iter().zip(&positions).filter(|(_, p)| p.is_none());
        let absent: BTreeSet<String> = absent
            .map(|(row, _)| filled(&pattern.value, &row.names))
            .collect();
        self.told.push(LongColumnFacts {
            column: name.to_owned(),
            made_of: pattern.value.clone(),
            absent: absent.into_iter().collect(),
        });
        self.put(name, &pattern.at, cells, facts);
    }

    /// What the file says of the columns, where it says the same of all.
    fn said(&mut self, name: &str, pattern: &Located<String>, positions: &[Option<usize>]) -> ColumnFacts {
        let mut all = ColumnFacts {
            made_of: positions.iter().flatten().min().copied(),
            ..ColumnFacts::default()
        };
        let different: BTreeSet<usize> = positions.iter().flatten().copied().collect();
        let mut clash = None;
        for facts in different.iter().filter_map(|p| self.table.columns.get(p)) {
            for (cell, label) in &facts.labels {
                let before = all.labels.insert(cell.clone(), label.clone());
                clash = clash.or(before.filter(|b| b != label).map(|_| cell.clone()));
            }
            all.missing.extend(facts.missing.iter().cloned());
        }
        for position in &different {
            let own = self.table.columns.get(position).map(|c| &c.missing);
            let valid = |cell: &&str| all.missing.contains(*cell) && !own.is_some_and(|m| m.contains(*cell));
            let found = if all.missing.is_empty() {
                None
            } else {
                self.table.texts(*position).find(valid)
            };
            clash = clash.or(found.map(str::to_owned));
        }
        if let Some(cell) = clash {
            let message = format!(
                "data.long.columns.{name}: the file says different things of '{cell}' in the columns `{}`",
                pattern.value
            );
            self.refuse(
                codes::AMBIGUOUS_LABEL,
                message,
                &pattern.at,
                "give the columns the same labels and missing values",
            );
        }
        all
    }

    /// The columns of which none was made, the same in each row.
    fn repeated(&mut self) {
        for (position, name) in self.table.names.iter().enumerate() {
            if self.consumed.contains(&position) {
                continue;
            }
            if let Some(made) = self.made.iter().find(|m| m.name == *name) {
                let message = format!(
                    "{} has a column `{name}`, which data.long makes as well",
                    self.file
                );
                let at = made.at.clone();
                self.refuse(
                    codes::COLUMN_DUPLICATE,
                    message,
                    &at,
                    "give the new column another name",
                );
                continue;
            }
            let cells = self
                .table
                .texts(position)
                .flat_map(|cell| self.rows.iter().map(move |_| cell.to_owned()))
                .collect();
            let facts = self.table.columns.get(&position).cloned().unwrap_or_default();
            self.made.push(Made {
                name: name.clone(),
                at: Place::file(self.file),
                cells,
                facts: ColumnFacts {
                    made_of: facts.made_of.or(Some(position)),
                    ..facts
                },
            });
        }
    }

    fn put(&mut self, name: &str, at: &Place, cells: Vec<String>, facts: ColumnFacts) {
        if self.made.iter().any(|m| m.name == name) {
            let message = format!("data.long makes the column `{name}` twice");
            self.refuse(
                codes::COLUMN_DUPLICATE,
                message,
                at,
                "give one of them another name",
            );
        }
        self.made.push(Made {
            name: name.to_owned(),
            at: at.clone(),
            cells,
            facts,
        });
    }

    fn tell(&mut self, column: &str, made_of: &str) {
        self.told.push(LongColumnFacts {
            column: column.to_owned(),
            made_of: made_of.to_owned(),
            absent: Vec::new(),
        });
    }

    fn refuse(&mut self, code: Code, message: String, at: &Place, help: &str) {
        self.errors
            .push(Diagnostic::error(code, message).at(at.clone()).help(help));
    }
}
