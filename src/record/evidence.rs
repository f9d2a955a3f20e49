//! What a test says beside its p-value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The registered effect size, with a two-sided interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EffectSize {
    /// As registered: `cohens_d`, `odds_ratio`, …
    pub name: String,
    pub estimate: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    pub conf_level: f64,
    /// Why it is not defined on these data, if it is not.
    pub note: Option<String>,
}

/// The registered Bayes factor of the alternative against the null.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BayesFactor {
    /// In words: `JZS, scale 0.7071`.
    pub prior: String,
    /// Nothing where it is too large for a number; its logarithm stands beside it.
    pub bf10: Option<f64>,
    /// The natural logarithm.
    pub log_bf10: Option<f64>,
    /// From where it rejects, if it is registered to decide.
    pub at_least: Option<f64>,
    /// What it supports at that threshold.
    pub supports: Option<Supports>,
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Supports {
    Alternative,
    Null,
    Neither,
}
