//! Weights that were raked to registered margins.

use schemars::JsonSchema;
use serde::Serialize;

/// A raked weight on the analysed rows. Its mean is 1.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RakedFacts {
    /// The derived variable.
    pub weight: String,
    /// Rows that have all its factors; the others have no weight.
    pub rows: u64,
    /// Passes over the margins until they held.
    pub passes: Option<u64>,
    pub smallest: Option<f64>,
    pub largest: Option<f64>,
    /// Rows whose weight was cut at one of the registered bounds.
    pub trimmed: u64,
    pub margins: Vec<RakedMargin>,
    /// Why there are no such weights, if there are none.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RakedMargin {
    pub factor: String,
    pub levels: Vec<RakedLevel>,
}

/// A level's share of the rows: as registered, as collected, and by the weights, which trimming moves.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RakedLevel {
    pub level: String,
    pub registered: f64,
    pub unweighted: f64,
    pub weighted: f64,
}
