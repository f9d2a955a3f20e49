//! What single departures, and their combinations, make of the registered tests.

use super::{HypothesisVerdict, Numbers};
use schemars::JsonSchema;
use serde::Serialize;

/// One departure made, all others not.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Alone {
    /// Departures that cannot be made without it, such as the variance of another estimator.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub together_with: Vec<String>,
    /// The hypotheses whose verdict it changes by itself.
    pub flips: Vec<Flip>,
    /// The registered tests whose numbers it changes by itself.
    pub tests: Vec<AloneTest>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Flip {
    pub hypothesis: String,
    pub as_registered: HypothesisVerdict,
    pub with: HypothesisVerdict,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AloneTest {
    pub test: String,
    pub as_registered: Numbers,
    pub with: Numbers,
}

/// The specification curve: every combination of the departures, from none of them to all.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Curve {
    /// The departures, to whose positions (from 1) combinations refer.
    pub departures: Vec<String>,
    pub hypotheses: Vec<HypothesisCurve>,
    pub tests: Vec<TestCurve>,
    /// Why combinations were left out, if they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// How the combinations judge a hypothesis.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HypothesisCurve {
    pub hypothesis: String,
    pub as_registered: HypothesisVerdict,
    pub corroborated: u64,
    pub contradicted: u64,
    pub inconclusive: u64,
    /// The smallest combination under which the verdict is not the registered one.
    pub first_flip: Option<Vec<u64>>,
}

/// How the combinations that bear on a test make it come out.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TestCurve {
    pub test: String,
    pub combinations: u64,
    /// Of them, those under which it could be run and those under which it rejects.
    pub run: u64,
    pub rejects: u64,
    pub estimate_min: Option<f64>,
    pub estimate_max: Option<f64>,
    pub p_min: Option<f64>,
    pub p_max: Option<f64>,
    /// By their estimate; left out where the curves together would have more than 1,024.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub specifications: Vec<Specification>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Specification {
    pub departures: Vec<u64>,
    pub estimate: Option<f64>,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    /// Corrected where the plan corrects.
    pub p_value: Option<f64>,
    pub rejects: Option<bool>,
}
