//! `pipeline.yaml`: the request.

use super::Located;
use crate::digest::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `data:` of the pipeline.
#[derive(Clone, Debug)]
pub struct DataSpec {
    pub path: Located<String>,
    pub format: Option<Located<Format>>,
    pub sha256: Option<Located<Digest>>,
    pub provenance: Located<Provenance>,
    pub mapping: Mapping,
}

/// Where the rows come from. A simulated run carries a banner that nothing can remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    Collected,
    Simulated,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Qualtrics,
}

/// How raw columns and values become registered ones.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Registered name → raw column name.
    pub columns: BTreeMap<String, Located<String>>,
    /// Registered name → (raw value → registered level).
    pub values: BTreeMap<String, BTreeMap<String, Located<String>>>,
    /// Registered name → raw values that mean "missing".
    pub missing_codes: BTreeMap<String, Vec<Located<String>>>,
}

/// `disclosures:` of the pipeline, one entry.
#[derive(Clone, Debug)]
pub struct DisclosureSpec {
    /// The code and, if written, the slug after it: `D031 vcov-changed`.
    pub deviation: Located<String>,
    pub of: Option<Located<String>>,
    pub reason: Located<String>,
    pub decided: Located<String>,
    pub explanation: Located<String>,
    pub impact: Located<String>,
    pub at: crate::diagnostic::Place,
}
