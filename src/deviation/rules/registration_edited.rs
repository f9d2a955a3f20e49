//! # The registration was edited after it was locked
//!
//! What it detects: a registration whose plan, or a number that its authors expect, is no longer the locked one. A comment, a label, the order of keys or an equivalent formula changes no plan and is none; that the file's bytes changed is then said among what could not be checked.
//!
//! Why it matters: what was locked is the promise; what stands in the file now is a wish.
//!
//! Example that fires:
//!
//!     models: {approval: {vcov: HC3}}      # locked: HC2
//!
//! What to do: restore the file, or amend it with a reason before results are seen (`asregistered lock --amend --reason …`). The run keeps the locked plan.
//!
//! References: Claesen et al. (2021), doi:10.1098/rsos.211037

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "D045",
    slug: "registration-edited",
    category: Category::Integrity,
    source: include_str!("registration_edited.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(first) = evidence.edits.first() else {
        return reworded(evidence, observed);
    };
    let described: Vec<String> = evidence
        .edits
        .iter()
        .map(|e| {
            let side = |s: &Option<String>| s.clone().unwrap_or_else(|| String::from("nothing"));
            format!("{} ({} → {})", e.of(), side(&e.registered), side(&e.executed))
        })
        .collect();
    let tests: BTreeSet<String> = evidence
        .edits
        .iter()
        .flat_map(|e| touched(e, evidence.promised, evidence.requested))
        .collect();
    vec![Finding::Deviation {
        of: evidence.registration_file.to_owned(),
        message: format!(
            "{} was edited after it was locked: {}",
            evidence.registration_file,
            described.join("; ")
        ),
        executed_at: first
            .executed_at
            .clone()
            .or_else(|| Some(Place::file(evidence.registration_file))),
        registered_at: None,
        registered: Some(String::from("the locked plan")),
        executed: Some(described.join("; ")),
        tests: tests.into_iter().collect(),
        hypotheses: Vec::new(),
    }]
}

/// Other bytes of the same plan: what else stands in the file no comparison sees.
fn reworded(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let name = evidence.registration_file.rsplit('/').next().unwrap_or_default();
    let files = observed.lock.iter().flat_map(|lock| &lock.files);
    let mut files = files.filter(|f| f.path == name && f.found.as_ref() != Some(&f.locked));
    let why = "whether what else was changed in the file matters: its plan is the locked one, its bytes are not. Labels, comments and layout are not compared, expected results only where the lock holds them";
    files
        .next()
        .map(|_| Finding::NotChecked {
            of: evidence.registration_file.to_owned(),
            why: why.to_owned(),
        })
        .into_iter()
        .collect()
}
