//! How the data file was read, and what was done to its cells on the way to the sample.

use crate::spec::pipeline::{Decimal, Encoding, Format, Separator};
use schemars::JsonSchema;
use serde::Serialize;

/// How the data file was read.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FileFacts {
    pub format: Format,
    pub rows: u64,
    pub columns: u64,
    /// Of a text file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<Separator>,
    /// The character before a fraction, where any number has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<Decimal>,
}

/// Cells of a column that a rule changed, or took for missing, before anything was computed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CellFacts {
    pub variable: String,
    /// The column's name in the file.
    pub column: String,
    pub rule: CellRule,
    /// The cell as it stands in the file.
    pub from: String,
    /// What it was read as; nothing if as missing.
    pub to: Option<String>,
    pub count: u64,
    /// Where this line stands for several values of `from`: how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<u64>,
}

/// Responses that the survey platform itself marks as previews, tests or spam.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FlaggedFacts {
    /// The column of the mark.
    pub column: String,
    /// The mark as it stands in the file.
    pub value: String,
    pub meaning: String,
    pub rows: u64,
    /// Those of them that the plan as requested analyses.
    pub analysed: u64,
    /// The lines of the first ten.
    pub lines: Vec<u64>,
}

/// Why a cell is not read as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CellRule {
    /// `data.values` of the pipeline.
    Mapped,
    /// `data.missing_codes` of the pipeline.
    MissingCode,
    /// The registered label of a level.
    RegisteredLabel,
    /// The file's own label of the cell.
    FileLabel,
    /// The file's own declaration that the cell is missing.
    FileMissing,
    /// A level that is not registered, taken for missing.
    UnregisteredLevel,
    /// `data.checkboxes` of the pipeline: which choices are ticked.
    Checkboxes,
    /// `data.long.chosen` of the pipeline: which of the rows was chosen.
    Chosen,
    /// `data.display_order` of the pipeline: one of several that were displayed.
    DisplayOrder,
}
