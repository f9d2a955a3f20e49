//! Which levels a contrast compares, so that a reader's program, or the report, can say it in words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Weights of the levels of a factor, and of those that the contrast is taken across.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContrastRecord {
    pub of: String,
    /// Level → weight.
    pub weights: BTreeMap<String, f64>,
    /// Factor → level → weight: the contrast of the contrast.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub across: BTreeMap<String, BTreeMap<String, f64>>,
    /// Factor → level: the rows, or the setting, that it is taken at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by: BTreeMap<String, String>,
}

/// The registered margins of an equivalence, non-inferiority or superiority test, on the estimate's scale.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoundsRecord {
    pub low: Option<f64>,
    pub high: Option<f64>,
}
