//! What the manuscript says, beside what the run found.

use crate::diagnostic::Place;
use crate::digest::Digest;
pub use crate::spec::claims::Rounding;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClaimsRecord {
    pub file: String,
    pub digest: Digest,
    pub rounding: Rounding,
    pub claims: Vec<ClaimRecord>,
    /// Registered tests of which no claim speaks.
    pub unclaimed: Vec<String>,
}

/// One place of the manuscript.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClaimRecord {
    /// As the authors name it: `Table 2, row 1`.
    #[serde(rename = "where")]
    pub place: String,
    pub at: Place,
    /// The test, the hypothesis, the model, or `model: term`.
    pub of: String,
    /// Which of a deviating test's two results it was held to.
    pub against: Option<Against>,
    pub points: Vec<ClaimPoint>,
    pub findings: Vec<ClaimFinding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    Executed,
    AsRegistered,
}

/// One thing that is said there.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ClaimPoint {
    /// `estimate`, `p`, `verdict`, …
    pub says: String,
    /// As it is printed.
    pub printed: String,
    /// What the run found, if it is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<f64>,
    /// What the run found, if it is a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_word: Option<String>,
    pub result: ClaimResult,
    /// Why it could not be checked, or by which reading it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimResult {
    Holds,
    DoesNotHold,
    NotChecked,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClaimFinding {
    pub code: String,
    pub slug: String,
    pub message: String,
    pub at: Place,
}

impl ClaimsRecord {
    /// False if a claim does not hold; nothing if all that could be checked holds, but something could not.
    pub fn holds(&self) -> Option<bool> {
        if self.claims.iter().any(|claim| !claim.findings.is_empty()) {
            return Some(false);
        }
        (self.count(ClaimResult::NotChecked) == 0).then_some(true)
    }

    /// Claims with a finding.
    pub fn failing(&self) -> usize {
        self.claims.iter().filter(|c| !c.findings.is_empty()).count()
    }

    /// Points of all claims that came out so.
    pub fn count(&self, result: ClaimResult) -> usize {
        let points = self.claims.iter().flat_map(|claim| &claim.points);
        points.filter(|point| point.result == result).count()
    }
}
