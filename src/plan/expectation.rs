//! What the authors expect: it drives draws and rehearsals, never an analysis, so no comparison sees it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How one variable is expected to come out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expectation {
    /// A base in the reference cell, effects by coefficient name, and normal noise.
    Linear {
        base: f64,
        sd: f64,
        effects: BTreeMap<String, f64>,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    /// Level → probability.
    Shares(BTreeMap<String, f64>),
}

/// Variable → expectation.
pub type Expectations = BTreeMap<String, Expectation>;
