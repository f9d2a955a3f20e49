//! Cells that the registered codebook does not know, or knows otherwise.

use super::RowFacts;
use schemars::JsonSchema;
use serde::Serialize;

/// Values of a column that the codebook does not know.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CodebookFacts {
    pub variable: String,
    /// The column's name in the file.
    pub column: String,
    /// Its position in the file, from 1.
    pub field: u64,
    pub kind: CodebookKind,
    /// All rows concerned; `rows` holds the first ten.
    pub count: u64,
    pub rows: Vec<RowFacts>,
    pub file: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CodebookKind {
    /// A level that the registration does not name: treated as missing.
    UnregisteredLevel,
    /// A number beyond the registered scale: kept as collected.
    OutOfRange,
    /// The file has a column of the variable's own name, and the variable is read from another.
    OwnColumnPassedOver,
    /// A text that does not match the registered pattern: kept as collected.
    PatternMismatch,
    /// A fraction where whole numbers are registered: kept as collected.
    NotWhole,
}
