//! # Data were collected before the registration
//!
//! What it detects: a first response before the public registration's date; without one, before the lock's, by the author's clock. Silent where the registration itself says that it was written later (`study.timing`).
//!
//! Why it matters: a plan written with the data at hand promises nothing.
//!
//! Example that fires:
//!
//!     study: {registry: {registered: 2024-11-01}}      # and a first response of 2024-10-20
//!
//! What to do: correct `study.timing` by an amendment, or disclose. A lock shows what existed when; it does not show who had looked.
//!
//! References: Nosek et al. (2018), doi:10.1073/pnas.1708274114

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::plan::Timing;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D042",
    slug: "data-before-registration",
    category: Category::Timing,
    source: include_str!("data_before_registration.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let study = &evidence.promised.study;
    if study.timing != Timing::BeforeCollection {
        return Vec::new();
    }
    let unknown = |why: &str| {
        vec![Finding::NotChecked {
            of: String::from("study.timing"),
            why: why.to_owned(),
        }]
    };
    let Some(first) = observed.collection.first.as_deref().and_then(|t| t.get(..10)) else {
        return unknown("whether the registration came before the data: the data have no dates");
    };
    let locked = observed.lock.as_ref().and_then(|l| l.first_locked_at.get(..10));
    let found = |date: &str, what: &str| {
        vec![Finding::Deviation {
            of: String::from("study.timing"),
            message: format!("the first response is of {first}, before the registration ({what}, {date})"),
            executed_at: None,
            registered_at: super::place(
                evidence.promised_places,
                &["study", "registered"].map(str::to_owned),
            )
            .or_else(|| super::place(evidence.promised_places, &["study", "timing"].map(str::to_owned))),
            registered: Some(format!("{what}: {date}")),
            executed: Some(format!("first response: {first}")),
            tests: Vec::new(),
            hypotheses: Vec::new(),
        }]
    };
    match (study.registered.as_deref(), locked) {
        (Some(registered), _) if first < registered => found(registered, "public registry"),
        (Some(_), Some(locked)) if first < locked => unknown(
            "whether the plan existed before the data: the lock is later than the first response, so that only the public registry can show it",
        ),
        (Some(_), None) => unknown(
            "whether the plan existed before the data: without a lock only the public registry can show it",
        ),
        (None, Some(locked)) if first < locked => found(locked, "lock, by its author's clock"),
        (None, None) => unknown(
            "whether the registration came before the data: there is neither a lock nor a registry's date",
        ),
        _ => Vec::new(),
    }
}
