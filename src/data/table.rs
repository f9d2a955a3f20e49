//! What every reader yields: cells as text, where each row stands in its file, and what the file says of its columns.

use crate::diagnostic::Diagnostic;
use crate::record::FileFacts;
use polars::prelude::{DataFrame, StringChunked};
use std::collections::{BTreeMap, BTreeSet};

/// A file's cells as text. The codebook says what they are; nothing is guessed from them.
#[derive(Clone, Debug)]
pub struct Table {
    pub names: Vec<String>,
    /// For each row, the line of the file on which it begins; its number, in a file that has no lines.
    pub lines: Vec<u64>,
    pub facts: FileFacts,
    /// How the file was read, where its reader had to tell.
    pub warnings: Vec<Diagnostic>,
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
}
