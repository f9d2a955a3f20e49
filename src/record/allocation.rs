//! What was assigned, beside what the registration says of it.

use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A cell that the registration forbids, and the rows that are in it all the same.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ForbiddenFacts {
    /// Factor → level.
    pub cell: BTreeMap<String, String>,
    pub count: u64,
    /// Where the first ten of them begin in the data file.
    pub lines: Vec<u64>,
    pub file: String,
}

/// A randomised factor: registered probabilities beside what the collected rows show.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FactorFacts {
    pub factor: String,
    pub levels: Vec<LevelFacts>,
    /// Where the probabilities differ by block, each block.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<BlockFacts>,
    /// Pearson's χ² of the counts against the probabilities, summed over blocks; nothing if it cannot be computed.
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub p_value: Option<f64>,
}

/// The rows of a block, beside the probabilities that are registered for it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BlockFacts {
    pub by: String,
    pub block: String,
    pub levels: Vec<LevelFacts>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LevelFacts {
    pub level: String,
    /// Expected of a row: as registered, less what forbidden cells take; over blocks their mean.
    pub probability: Option<f64>,
    pub rows: u64,
}

/// The ends of a list's counts, where answers betray what they should hide.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ListFacts {
    pub list: String,
    /// The largest count: the length of the list.
    pub items: u64,
    pub rows: u64,
    /// Rows that count nothing (floor).
    pub none: u64,
    /// Rows that count every item (ceiling).
    pub all: u64,
}

/// How far apart two arms are in what was measured before treatment.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct BalanceFacts {
    pub factor: String,
    pub level: String,
    pub reference: String,
    pub covariate: String,
    /// Of a covariate with levels: whose share is compared.
    pub category: Option<String>,
    pub mean: Option<f64>,
    pub mean_reference: Option<f64>,
    /// Standardised by the two arms' pooled standard deviation; nothing if neither varies.
    pub difference: Option<f64>,
}
