//! The authors' analysed file beside what the raw data and the requested rules give.

use crate::digest::Digest;
use schemars::JsonSchema;
use serde::Serialize;

/// Rows are told by their line alone, so that no identifier is published.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AnalysedFacts {
    pub file: String,
    pub digest: Digest,
    /// The variables by which its rows are matched with the raw ones.
    pub by: Vec<String>,
    pub rows: u64,
    pub matched: u64,
    /// Rows without an identifier, which can be matched with nothing.
    pub unidentified: u64,
    /// Lines of the raw file that no rule leaves out and some test would use, and that are not in it.
    pub absent: LineFacts,
    /// Its lines that hold rows which a rule leaves out.
    pub kept: LineFacts,
    /// Its lines whose identifier the raw file does not have.
    pub unknown: LineFacts,
    pub columns: Vec<ColumnFacts>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct LineFacts {
    pub count: u64,
    /// The first ten.
    pub lines: Vec<u64>,
}

/// A column of the analysed file, cell by cell.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ColumnFacts {
    pub variable: String,
    pub derived: bool,
    pub compared: u64,
    /// Cells that agree to the two or more decimals that the file has.
    pub rounded: u64,
    pub differ: u64,
    /// The first ten.
    pub cells: Vec<CellDifference>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CellDifference {
    /// In the raw file.
    pub line: u64,
    /// From the raw file by the requested rules; nothing where it is missing.
    pub raw: Option<String>,
    pub analysed: Option<String>,
}
