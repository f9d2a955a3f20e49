//! Who was lost on the way from assignment to an outcome.

use schemars::JsonSchema;
use serde::Serialize;

/// The rows of each level of an assigned factor, and those of them that have no outcome to analyse.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AttritionFacts {
    pub factor: String,
    pub outcome: String,
    pub levels: Vec<AttritionLevel>,
    /// `chi_squared`, or `fisher_exact` where a count is expected below 5; nothing if nothing was lost, and where units
    /// were not assigned row by row.
    pub test: Option<String>,
    pub statistic: Option<f64>,
    pub df: Option<f64>,
    pub p_value: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AttritionLevel {
    pub level: String,
    /// Rows in the file.
    pub collected: u64,
    /// Of these, those that an exclusion or a rule for missing values left out of the study.
    pub excluded: u64,
    /// Of the rest, those without the outcome.
    pub missing: u64,
    /// Rows with the outcome.
    pub observed: u64,
}
