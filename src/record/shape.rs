//! How the rows of the sample were made of those of the files.

use super::{FileFacts, RowFacts};
use crate::digest::Digest;
use crate::spec::join::Matches;
use schemars::JsonSchema;
use serde::Serialize;

/// What was done to the files' rows before the codebook typed their cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ShapeFacts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joined: Vec<JoinedFacts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long: Option<LongFacts>,
}

impl ShapeFacts {
    pub fn is_empty(&self) -> bool {
        self.joined.is_empty() && self.long.is_none()
    }
}

/// A file of which columns were joined to the data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JoinedFacts {
    pub file: String,
    pub digest: Digest,
    /// The digest that the pipeline pins it to, if it does.
    pub pinned: Option<Digest>,
    pub read: FileFacts,
    pub by: Vec<JoinedKey>,
    pub matches: Matches,
    /// Rows of the data with a partner.
    pub matched: u64,
    /// Rows of the data without one: they stay, with empty cells; `unmatched_rows` holds the first ten with their keys.
    pub unmatched: u64,
    pub unmatched_rows: Vec<RowFacts>,
    /// Rows of the file that no row of the data has for a partner, and the lines of the first ten.
    pub unused: u64,
    pub unused_lines: Vec<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct JoinedKey {
    pub column: String,
    /// The column of the joined file.
    pub theirs: String,
}

/// How several rows were made of each row of the data.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LongFacts {
    pub rows_of_file: u64,
    pub rows: u64,
    /// What tells the rows of one row apart, in their order: the last one changes fastest.
    pub keys: Vec<KeyFacts>,
    pub columns: Vec<LongColumnFacts>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct KeyFacts {
    pub column: String,
    pub values: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LongColumnFacts {
    pub column: String,
    /// The pattern of the columns that it was made of.
    pub made_of: String,
    /// Columns of the pattern that the file does not have.
    pub absent: Vec<String>,
}
