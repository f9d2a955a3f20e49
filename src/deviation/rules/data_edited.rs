//! # The data are not the pinned ones
//!
//! What it detects: a data file whose SHA-256 is not the one that the pipeline pins (`data.sha256`).
//!
//! Why it matters: a number that changes after the data were pinned cannot be traced.
//!
//! Example that fires:
//!
//!     data: {path: data/responses.csv, sha256: 9f6e…}      # and one byte of the file changed
//!
//! What to do: restore the file; if it was corrected, say how in a disclosure and pin the new digest.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D047",
    slug: "data-edited",
    category: Category::Integrity,
    source: include_str!("data_edited.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(pinned) = &observed.collection.pinned else {
        let why = "whether the data are the ones first collected: the pipeline pins no `data.sha256`";
        return vec![Finding::NotChecked {
            of: String::from("data.sha256"),
            why: why.to_owned(),
        }];
    };
    if *pinned == observed.digests.data {
        return Vec::new();
    }
    vec![Finding::Deviation {
        of: String::from("data.sha256"),
        message: String::from("the data are not the ones whose SHA-256 the pipeline pins"),
        executed_at: super::request(evidence),
        registered_at: None,
        registered: Some(pinned.to_string()),
        executed: Some(observed.digests.data.to_string()),
        tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
        hypotheses: Vec::new(),
    }]
}
