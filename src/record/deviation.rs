//! What the comparison found, as the record keeps it.

use crate::diagnostic::Place;
use schemars::JsonSchema;
use serde::Serialize;

/// A difference between promised, requested and observed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Deviation {
    pub code: String,
    pub slug: String,
    pub category: String,
    /// What the deviation is of: `models.approval.vcov`, or the test's, hypothesis's or variable's id.
    pub of: String,
    pub message: String,
    pub disclosed: bool,
    pub disclosure: Option<Disclosure>,
    /// The places that show it: the executed side first.
    pub at: Vec<Place>,
    /// The registered side's place.
    pub registered_at: Option<Place>,
    pub registered: Option<String>,
    pub executed: Option<String>,
    pub tests: Vec<String>,
    pub hypotheses: Vec<String>,
    /// What all departures together did.
    pub effects: Vec<Effect>,
    /// What this one did by itself; nothing of a deviation that no plan can be run without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alone: Option<super::Alone>,
}

/// The author's account of one deviation (Willroth & Atherton 2024).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Disclosure {
    pub reason: String,
    pub decided: String,
    pub explanation: String,
    pub impact: String,
    pub at: Option<Place>,
}

/// What all departures together did to one test.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Effect {
    pub test: String,
    pub as_registered: Numbers,
    pub as_requested: Numbers,
    pub verdict_flips: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Numbers {
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub p_value: Option<f64>,
    pub rejects: Option<bool>,
    /// The registered, or requested, effect size.
    pub effect_size: Option<f64>,
    pub log_bf10: Option<f64>,
}

/// Something registered that this run had no means to check.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NotChecked {
    pub code: String,
    pub slug: String,
    pub of: String,
    pub why: String,
}
