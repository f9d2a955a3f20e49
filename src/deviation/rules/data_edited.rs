//! # The data are not the pinned ones
//!
//! What it detects: a data file whose SHA-256 is not the one that the pipeline pins (`data.sha256`), or not the one of an analysis of the same file that the ledger records, unless that was simulated or blind.
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
use crate::diagnostic::Place;
use crate::digest::Digest;
use crate::record::{EntryFacts, Observed};

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
    let recorded: Vec<Finding> = observed
        .ledger
        .other_data
        .iter()
        .map(|seen| since(observed, seen))
        .collect();
    let data = File {
        key: String::from("data.sha256"),
        what: String::from("the data"),
        pinned: observed.collection.pinned.as_ref(),
        found: &observed.digests.data,
    };
    let joined = observed.shape.joined.iter().enumerate().map(|(i, file)| File {
        key: format!("data.join[{i}].sha256"),
        what: format!("the data in {}", file.file),
        pinned: file.pinned.as_ref(),
        found: &file.digest,
    });
    let files = recorded.is_empty().then_some(data).into_iter().chain(joined);
    let pinned = files.filter_map(|file| file.finding(evidence, observed));
    recorded.into_iter().chain(pinned).collect()
}

/// A file with what the pipeline says of its digest.
struct File<'a> {
    key: String,
    what: String,
    pinned: Option<&'a Digest>,
    found: &'a Digest,
}

impl File<'_> {
    fn finding(self, evidence: &Evidence<'_>, observed: &Observed) -> Option<Finding> {
        let Some(pinned) = self.pinned else {
            let why = format!(
                "whether {} are the ones first collected: the pipeline pins no `{}`",
                self.what, self.key
            );
            return Some(Finding::NotChecked { of: self.key, why });
        };
        (pinned != self.found).then(|| Finding::Deviation {
            of: self.key,
            message: format!("{} are not the ones whose SHA-256 the pipeline pins", self.what),
            executed_at: super::request(evidence),
            registered_at: None,
            registered: Some(pinned.to_string()),
            executed: Some(self.found.to_string()),
            tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
            hypotheses: Vec::new(),
        })
    }
}

/// The file had other bytes when it was analysed before.
fn since(observed: &Observed, seen: &EntryFacts) -> Finding {
    Finding::Deviation {
        of: String::from("data.sha256"),
        message: format!(
            "the data are not the ones that were analysed on {}: entry {} of the ledger",
            seen.at, seen.entry
        ),
        executed_at: Some(Place::file(&observed.ledger.file)),
        registered_at: None,
        registered: Some(seen.digest.to_string()),
        executed: Some(observed.digests.data.to_string()),
        tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
        hypotheses: Vec::new(),
    }
}
