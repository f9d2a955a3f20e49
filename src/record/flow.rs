//! How many rows stayed at each step, in all and by arm.

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FlowStep {
    /// `collected`, or the exclusion's id.
    pub step: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u64>,
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ExclusionFacts {
    pub id: String,
    /// The rule in words: an expression, duplicates or outliers.
    pub drop_if: String,
    /// Rows for which the rule is true, by itself, among all collected rows.
    pub alone: u64,
    /// Rows that left at this step in sequence.
    pub in_sequence: u64,
    /// Rows for which it is unknown because a value is missing: they stay.
    pub unknown: u64,
    pub registered: bool,
    pub requested: bool,
}

/// The rows of each level of an assigned factor, step by step, as CONSORT 2025 asks (doi:10.1136/bmj-2024-081123).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArmFlow {
    pub factor: String,
    /// The registered levels; nothing, at the end, for rows without one, if there are any.
    pub levels: Vec<Option<String>>,
    pub steps: Vec<ArmStep>,
}

/// A step of the flow, its numbers in the order of the levels.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ArmStep {
    /// As in `flow`.
    pub step: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<Vec<u64>>,
    pub rows: Vec<u64>,
}
