//! # The registration was amended after the data had begun
//!
//! What it detects: an amendment whose lock is later, by its author's clock, than the first response, though the registration says that it was written before collection. Under another `study.timing` the run says that it cannot tell whether results were seen before the amendment.
//!
//! Why it matters: an amendment keeps a promise only if it was made before results were seen; one that was made with data at hand can promise what the data already show.
//!
//! Example that fires:
//!
//!     asregistered lock --amend --reason "the panel is smaller"      # on 3 November, first response on 1 November
//!
//! What to do: disclose the amendment, with what was known when it was made. The lock holds its reason and the lock before it.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802; Lakens (2024), doi:10.15626/MP.2024.4341

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::plan::Timing;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D044",
    slug: "late-amendment",
    category: Category::Timing,
    source: include_str!("late_amendment.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(lock) = observed.lock.as_ref().filter(|l| !l.amendments.is_empty()) else {
        return Vec::new();
    };
    let unknown = |why: &str| {
        vec![Finding::NotChecked {
            of: lock.file.clone(),
            why: why.to_owned(),
        }]
    };
    let Some(first) = observed.collection.first.as_deref().and_then(|t| t.get(..10)) else {
        return unknown("whether the registration was amended before the data: the data have no dates");
    };
    // A date that cannot be read is none that could vouch for an amendment.
    let late: Vec<String> = lock
        .amendments
        .iter()
        .filter(|a| {
            !observed
                .ledger
                .amended_after
                .iter()
                .any(|late| late.amendment.digest == a.root)
        })
        .filter(|a| a.locked_at.get(..10).is_none_or(|day| day > first))
        .map(|a| format!("{} ({})", a.locked_at, a.reason.as_deref().unwrap_or("no reason")))
        .collect();
    if late.is_empty() {
        return Vec::new();
    }
    if evidence.promised.study.timing != Timing::BeforeCollection {
        return unknown(
            "whether results had been seen when the registration was amended: its lock is later than the first response",
        );
    }
    vec![Finding::Deviation {
        of: lock.file.clone(),
        message: format!(
            "the registration was amended after the first response of {first}: {}",
            late.join("; ")
        ),
        executed_at: Some(Place::file(&lock.file)),
        registered_at: super::place(evidence.promised_places, &["study", "timing"].map(str::to_owned)),
        registered: Some(String::from("before collection")),
        executed: Some(late.join("; ")),
        tests: Vec::new(),
        hypotheses: Vec::new(),
    }]
}
