//! # The registration was amended after results were seen
//!
//! What it detects: an amendment of the present lock that the ledger (`prereg/ledger.jsonl`) records after an analysis of collected data that was not blind. One that is only later than the first response is `late-amendment`.
//!
//! Why it matters: an amendment keeps a promise only if it was made before results were seen; this one can promise what they show.
//!
//! Example that fires:
//!
//!     asregistered                                            # results of the collected data
//!     asregistered lock --amend --reason "HC1 fits better"    # and then an amendment
//!
//! What to do: disclose the amendment, with what had been seen when it was made; report the result under the lock before it.
//!
//! References: Lakens (2024), doi:10.15626/MP.2024.4341; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D075",
    slug: "amended-after-results",
    category: Category::Timing,
    source: include_str!("amended_after_results.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(_evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let late = observed.ledger.amended_after.iter();
    late.map(|late| Finding::Deviation {
        of: late.amendment.digest.fingerprint(),
        message: format!(
            "the registration was amended ({}) on {}, after collected data had been analysed on {}: entries {} and {} of the ledger",
            late.reason, late.amendment.at, late.analysis.at, late.amendment.entry, late.analysis.entry
        ),
        executed_at: Some(Place::file(&observed.ledger.file)),
        registered_at: None,
        registered: Some(String::from("amended before results are seen")),
        executed: Some(format!("amended on {}", late.amendment.at)),
        tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
        hypotheses: Vec::new(),
    })
    .collect()
}
