//! What stands beside the plan's own tests, as the record keeps it: registered branches, labelled exploration.

use super::{ModelRecord, TestRecord};
use schemars::JsonSchema;
use serde::Serialize;

/// A registered `if … then …`. A branch that is taken is no deviation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContingencyRecord {
    #[serde(rename = "if")]
    pub condition: String,
    /// Nothing if it could not be known; the branch is taken only if it is true.
    pub holds: Option<bool>,
    pub then: Vec<SettingRecord>,
    pub facts: Vec<FactRecord>,
    /// The tests that the branch bears on.
    pub tests: Vec<String>,
}

/// A field of the plan, and what a branch makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SettingRecord {
    /// `models.approval.vcov`
    pub path: String,
    pub value: String,
}

/// A fact of the collected data that a condition looked at.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FactRecord {
    /// `smallest_cell(action, us_response)`
    pub fact: String,
    /// Of a refusal, 1, and 0 of a model that could be fitted; nothing if it could not be known.
    pub value: Option<f64>,
    /// Why a model was refused.
    pub note: Option<String>,
}

/// Unregistered analyses on the analysed rows. They are no deviation, and no verdict knows of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Exploration {
    /// What the registration says may be looked at.
    pub registered: Option<String>,
    /// None of them is confirmatory, and the state of all is `not_registered`.
    pub tests: Vec<TestRecord>,
    /// The models that are explored; a registered one that an exploratory test uses stands among the registered.
    pub models: Vec<ModelRecord>,
}
