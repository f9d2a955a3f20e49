//! # A recorded lock is gone
//!
//! What it detects: a lock or an amendment, the last in the ledger (`prereg/ledger.jsonl`), that the present lock neither is nor amends: it was taken away, or the registration was locked anew in its place.
//!
//! Why it matters: who deletes a lock and writes another can promise anything at any time; an amendment names the lock before it.
//!
//! Example that fires:
//!
//!     rm prereg/lock.json && asregistered lock      # instead of: asregistered lock --amend --reason "…"
//!
//! What to do: restore the recorded lock; a change to it is an amendment. Without it, disclose what happened.
//!
//! References: Nosek et al. (2018), doi:10.1073/pnas.1708274114

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D050",
    slug: "lock-missing",
    category: Category::Integrity,
    source: include_str!("lock_missing.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let lost = observed.ledger.lost_lock.iter();
    lost.map(|lost| Finding::Deviation {
        of: observed
            .lock
            .as_ref()
            .map_or(evidence.registration_file, |l| l.file.as_str())
            .to_owned(),
        message: format!(
            "the lock that entry {} of the ledger records on {} is gone: {}",
            lost.entry,
            lost.at,
            match &observed.lock {
                Some(lock) => format!("another stands in its place, locked on {}", lock.locked_at),
                None => String::from("there is none"),
            }
        ),
        executed_at: Some(Place::file(&observed.ledger.file)),
        registered_at: None,
        registered: Some(lost.digest.fingerprint()),
        executed: Some(
            observed
                .lock
                .as_ref()
                .map_or(String::from("no lock"), |l| l.fingerprint.clone()),
        ),
        tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
        hypotheses: Vec::new(),
    })
    .collect()
}
