//! # The registration was locked after results were seen
//!
//! What it detects: an analysis of collected data in the ledger (`prereg/ledger.jsonl`), not blind, that is recorded before any lock is, where the registration says that it was written before the data were accessed. Simulated and blind runs show no results.
//!
//! Why it matters: a plan that is written down after an analysis describes it; it does not predict it.
//!
//! Example that fires:
//!
//!     asregistered                # results of the collected data, without a lock
//!     asregistered lock           # and then the lock
//!
//! What to do: say so: `study.timing: after_access` in the registration, or a disclosure.
//!
//! References: Nosek et al. (2018), doi:10.1073/pnas.1708274114; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::plan::Timing;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D043",
    slug: "registered-after-access",
    category: Category::Timing,
    source: include_str!("registered_after_access.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let seen = observed.ledger.before_lock.as_ref();
    let said = evidence.promised.study.timing == Timing::AfterAccess;
    let Some(seen) = seen.filter(|_| !said) else {
        return Vec::new();
    };
    vec![Finding::Deviation {
        of: String::from("study.timing"),
        message: format!(
            "collected data were analysed before there was a lock: entry {} of the ledger, {}",
            seen.entry, seen.at
        ),
        executed_at: Some(Place::file(&observed.ledger.file)),
        registered_at: super::place(evidence.promised_places, &["study", "timing"].map(str::to_owned)),
        registered: Some(String::from("locked before the data were accessed")),
        executed: Some(format!("analysed on {}", seen.at)),
        tests: Vec::new(),
        hypotheses: Vec::new(),
    }]
}
