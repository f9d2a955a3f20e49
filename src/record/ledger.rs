//! What the study's ledger says of this analysis.

use crate::digest::Digest;
use schemars::JsonSchema;
use serde::Serialize;

/// The entries up to this analysis. The same analysis again is no other one.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LedgerFacts {
    pub file: String,
    /// Which recorded analysis of these data it is, from 1.
    pub analysis: u64,
    /// Which of them with the registered plan, locked; nothing if it departs from that.
    pub as_registered: Option<u64>,
    /// Recorded analyses of any data, with this one.
    pub analyses: u64,
    pub locks: u64,
    pub amendments: u64,
    /// The first recorded analysis that showed results before there was a lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_lock: Option<EntryFacts>,
    /// Amendments that were locked after results had been seen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amended_after: Vec<AmendedAfter>,
    /// The first recorded analysis of this file when it had other bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_data: Option<EntryFacts>,
    /// The last recorded lock, if it is neither the present one nor among those it amends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_lock: Option<EntryFacts>,
    /// Where the chain breaks, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

/// An entry by its number, from 1, with the digest it is about.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EntryFacts {
    pub entry: u64,
    pub at: String,
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AmendedAfter {
    pub amendment: EntryFacts,
    pub reason: String,
    /// The first analysis that showed results before it.
    pub analysis: EntryFacts,
}
