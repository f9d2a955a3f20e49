//! # There is no lock
//!
//! What it detects: a run on a registration that nobody locked.
//!
//! Why it matters: without a lock nothing shows what was promised, so that nothing can be called as registered.
//!
//! Example that fires:
//!
//!     pipeline.yaml without `lock:`, and no lock.json beside the registration
//!
//! What to do: lock the registration before the data are collected: `asregistered lock`. A lock made now shows only what exists now.
//!
//! References: Nosek et al. (2018), doi:10.1073/pnas.1708274114

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D048",
    slug: "unlocked-run",
    category: Category::Integrity,
    source: include_str!("unlocked_run.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    if observed.lock.is_some() {
        return Vec::new();
    }
    vec![Finding::Deviation {
        of: evidence.registration_file.to_owned(),
        message: String::from("the registration is not locked: nothing shows what was promised"),
        executed_at: Some(Place::file(evidence.registration_file)),
        registered_at: None,
        registered: None,
        executed: Some(String::from("no lock")),
        tests: Vec::new(),
        hypotheses: Vec::new(),
    }]
}
