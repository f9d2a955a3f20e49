//! What every reader yields: cells as text, where each row stands in its file, and what the file says of its columns.

use super::cells::Cells;
use crate::diagnostic::{Diagnostic, Place, codes, nearest};
use crate::record::{CellFacts, FileFacts, ShapeFacts};
use crate::source::Source;
use crate::spec::Located;
use crate::spec::pipeline::Format;
use std::collections::{BTreeMap, BTreeSet};

/// The most columns that a table may have.
pub(super) const COLUMN_LIMIT: usize = 20_000;

/// A file's cells as text. The codebook says what they are; nothing is guessed from them.
#[derive(Clone, Debug)]
pub struct Table {
    pub names: Vec<String>,
    /// For each row, the line of the file on which it begins; its number, in a file that has no lines.
    pub lines: Vec<u64>,
    pub facts: FileFacts,
    /// How the file was read, where its reader had to tell.
    pub warnings: Vec<Diagnostic>,
    /// How its rows were made of those of the files.
    pub shape: ShapeFacts,
    /// Cells that were changed in making columns of others.
    pub(super) changes: Vec<CellFacts>,
    /// By position, for columns of which the file says something.
    pub(super) columns: BTreeMap<usize, ColumnFacts>,
    /// By position, the cells of the columns that were wanted.
    pub(super) held: BTreeMap<usize, Cells>,
}

/// What a file says of a column.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnFacts {
    /// Cell → its label.
    pub labels: BTreeMap<String, String>,
    /// Cells that the format itself declares missing, such as Stata's `.a` or SPSS's user-missing values.
    pub missing: BTreeSet<String>,
    /// What a platform writes above or behind the column's name: its question.
    pub heading: Option<String>,
    /// The position in the file of the first column that this one was made of.
    pub made_of: Option<usize>,
    /// Why its cells cannot be read; they are empty then.
    pub unreadable: Option<String>,
    /// It holds numbers that are too large for their type to tell neighbours apart.
    pub inexact: bool,
}

impl ColumnFacts {
    fn says_anything(&self) -> bool {
        !self.labels.is_empty() || !self.missing.is_empty() || self.unreadable.is_some() || self.inexact
    }
}

/// A column that was made of others.
pub(super) struct Made {
    pub name: String,
    /// Where the pipeline asks for it.
    pub at: Place,
    pub cells: Vec<String>,
    pub facts: ColumnFacts,
}

impl Table {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A column's cells by position, if it was wanted.
    pub fn column(&self, position: usize) -> Option<&Cells> {
        self.held.get(&position)
    }

    /// The only column of a name.
    ///
    /// # Errors
    /// A003 without one, A004 for several.
    pub(super) fn position(&self, name: &Located<String>, file: &str) -> Result<usize, Diagnostic> {
        let mut named = self.names.iter().enumerate().filter(|(_, n)| **n == name.value);
        let refuse = |code, message: String, help: String| {
            Err(Diagnostic::error(code, message).at(name.at.clone()).help(help))
        };
        match (named.next(), named.next()) {
            (Some((position, _)), None) => {
                match self.columns.get(&position).and_then(|c| c.unreadable.as_ref()) {
                    Some(why) => refuse(
                        codes::DATA_SYNTAX,
                        format!("{file}: {why}"),
                        String::from("write it as a plain column"),
                    ),
                    None => Ok(position),
                }
            }
            (Some(_), Some(_)) => refuse(
                codes::COLUMN_DUPLICATE,
                format!("{file} has several columns called `{}`", name.value),
                String::from("rename all but one"),
            ),
            (None, _) => refuse(
                codes::COLUMN_MISSING,
                format!("{file} has no column `{}`", name.value),
                match nearest(&name.value, self.names.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => String::from("names are written as the file writes them"),
                },
            ),
        }
    }

    /// Where a column stands in the file; of one that was made of others, the first of them.
    pub(super) fn field(&self, position: usize) -> usize {
        let made_of = self.columns.get(&position).and_then(|c| c.made_of);
        made_of.unwrap_or(position)
    }

    /// A column's cells as they stand.
    pub(super) fn texts(&self, position: usize) -> impl Iterator<Item = &str> {
        self.column(position).into_iter().flat_map(|c| c.iter())
    }

    /// Puts a column behind the others.
    pub(super) fn append(&mut self, name: &str, cells: &[String], facts: ColumnFacts) {
        let position = self.names.len();
        self.held
            .insert(position, cells.iter().map(String::as_str).collect());
        self.names.push(name.to_owned());
        self.columns.insert(position, facts);
    }

    /// The table with other rows and columns.
    pub(super) fn remade(mut self, lines: Vec<u64>, made: Vec<Made>) -> Table {
        self.lines = lines;
        self.names.clear();
        self.columns.clear();
        self.held.clear();
        for column in made {
            self.append(&column.name, &column.cells, column.facts);
        }
        self
    }
}

/// Cells of a file that has no lines, gathered row by row.
pub(super) struct Text {
    names: Vec<String>,
    columns: Vec<Cells>,
    rows: usize,
    /// By column and row, cells that are known later than their rows.
    late: BTreeMap<(usize, usize), String>,
}

impl Text {
    pub fn new(names: Vec<String>) -> Text {
        Text {
            columns: vec![Cells::default(); names.len()],
            names,
            rows: 0,
            late: BTreeMap::new(),
        }
    }

    /// How many rows are whole.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn push(&mut self, position: usize, cell: &str) {
        if let Some(column) = self.columns.get_mut(position) {
            column.push(cell);
        }
    }

    /// Takes the place of the cell that was pushed there.
    pub fn set(&mut self, position: usize, row: usize, cell: &str) {
        self.late.insert((position, row), cell.to_owned());
    }

    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    /// # Errors
    /// A001 for columns of different lengths; A002 without rows; S002 for too many columns.
    pub fn table(self, source: &Source, format: Format, said: Vec<ColumnFacts>) -> Result<Table, Diagnostic> {
        let refuse = |code, what: &str, help: &str| {
            Diagnostic::error(code, format!("{} {what}", source.name))
                .at(Place::file(&source.name))
                .help(help)
        };
        if self.rows == 0 {
            return Err(refuse(codes::DATA_EMPTY, "has no rows", "export the data again"));
        }
        if self.names.len() > COLUMN_LIMIT {
            let help = "export only the registered columns";
            return Err(refuse(
                codes::FILE_TOO_LARGE,
                "has more than 20,000 columns",
                help,
            ));
        }
        let facts = FileFacts {
            format,
            rows: self.rows as u64,
            columns: self.names.len() as u64,
            encoding: None,
            separator: None,
            decimal: None,
        };
        if self.columns.iter().any(|c| c.len() != self.rows) {
            let help = "export it again";
            return Err(refuse(
                codes::DATA_SYNTAX,
                "has columns of different lengths",
                help,
            ));
        }
        let late: BTreeSet<usize> = self.late.keys().map(|(position, _)| *position).collect();
        let held = self.columns.into_iter().enumerate().map(|(position, cells)| {
            if !late.contains(&position) {
                return (position, cells);
            }
            let now = cells.iter().enumerate().map(|(row, cell)| {
                let late = self.late.get(&(position, row));
                late.map_or(cell, String::as_str)
            });
            (position, now.collect())
        });
        let held = held.collect();
        let said = said.into_iter().enumerate();
        Ok(Table {
            lines: (1..=facts.rows).collect(),
            names: self.names,
            facts,
            warnings: Vec::new(),
            shape: ShapeFacts::default(),
            changes: Vec::new(),
            columns: said.filter(|(_, s)| s.says_anything()).collect(),
            held,
        })
    }
}
