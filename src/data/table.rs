//! What every reader yields: cells as text, where each row stands in its file, and what the file says of its columns.

use crate::diagnostic::{Diagnostic, Place, codes, nearest};
use crate::record::{CellFacts, FileFacts};
use crate::source::Source;
use crate::spec::Located;
use crate::spec::pipeline::Format;
use polars::prelude::{DataFrame, IntoColumn, StringChunked, StringChunkedBuilder};
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
    /// Cells that were changed in making columns of others.
    pub(super) cells: Vec<CellFacts>,
    /// By position, for columns of which the file says something.
    pub(super) columns: BTreeMap<usize, ColumnFacts>,
    pub(super) frame: DataFrame,
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
}

impl Table {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A column's cells by position. An empty cell is an empty text.
    pub fn column(&self, position: usize) -> Option<&StringChunked> {
        self.frame
            .select_at_idx(position)
            .and_then(|c| c.as_materialized_series().str().ok())
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
            (Some((position, _)), None) => Ok(position),
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

    /// Puts a column behind the others.
    pub(super) fn append(&mut self, name: &str, cells: &[String], made_of: usize) {
        let position = self.names.len();
        // Frames refuse two columns of one name; the readers' own are numbered.
        let mut column = StringChunkedBuilder::new(format!("+{position}").into(), cells.len());
        cells.iter().for_each(|c| column.append_value(c));
        if self.frame.with_column(column.finish().into_column()).is_ok() {
            self.names.push(name.to_owned());
            let facts = ColumnFacts {
                made_of: Some(made_of),
                ..ColumnFacts::default()
            };
            self.columns.insert(position, facts);
        }
    }
}

/// Cells of a file that has no lines, gathered row by row.
pub(super) struct Text {
    names: Vec<String>,
    columns: Vec<Vec<String>>,
    rows: usize,
}

impl Text {
    pub fn new(names: Vec<String>) -> Text {
        Text {
            columns: vec![Vec::new(); names.len()],
            names,
            rows: 0,
        }
    }

    /// How many rows are whole.
    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn push(&mut self, position: usize, cell: &str) {
        if let Some(column) = self.columns.get_mut(position) {
            column.push(cell.to_owned());
        }
    }

    pub fn set(&mut self, position: usize, row: usize, cell: &str) {
        if let Some(held) = self.columns.get_mut(position).and_then(|c| c.get_mut(row)) {
            cell.clone_into(held);
        }
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
        let columns = self.columns.into_iter().enumerate().map(|(position, cells)| {
            // A frame refuses two columns of one name; ours are told apart by position.
            let mut column = StringChunkedBuilder::new(position.to_string().into(), cells.len());
            cells.iter().for_each(|c| column.append_value(c));
            column.finish().into_column()
        });
        let frame = DataFrame::new(self.rows, columns.collect()).map_err(|_| {
            refuse(
                codes::DATA_SYNTAX,
                "has columns of different lengths",
                "export it again",
            )
        })?;
        let said = said.into_iter().enumerate();
        Ok(Table {
            lines: (1..=facts.rows).collect(),
            names: self.names,
            facts,
            warnings: Vec::new(),
            cells: Vec::new(),
            columns: said
                .filter(|(_, s)| !s.labels.is_empty() || !s.missing.is_empty())
                .collect(),
            frame,
        })
    }
}
