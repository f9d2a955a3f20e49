//! How reliable the scale scores are.

use schemars::JsonSchema;
use serde::Serialize;

/// Reliability of a score of several items, on the analysed rows that have all of them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ReliabilityFacts {
    /// The derived variable.
    pub score: String,
    pub items: u64,
    /// Analysed rows that have every item.
    pub rows: u64,
    /// Cronbach's.
    pub alpha: Option<f64>,
    /// McDonald's omega total of one factor, fitted by maximum likelihood.
    pub omega: Option<f64>,
    /// Items that covary negatively with the sum of the others: they may have to be reversed.
    pub against: Vec<String>,
    /// Why one of them is not defined.
    pub note: Option<String>,
}
