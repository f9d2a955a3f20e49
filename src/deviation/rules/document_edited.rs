//! # A locked document was changed or is gone
//!
//! What it detects: a document of the registration whose SHA-256 is not the locked one, that cannot be read, or that the registration no longer lists.
//!
//! Why it matters: a questionnaire or a written plan that changes after the lock is not the one that was registered.
//!
//! Example that fires:
//!
//!     study: {documents: [questionnaire.md]}      # and one byte of it changed
//!
//! What to do: restore the document, or amend the registration with a reason.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D046",
    slug: "document-edited",
    category: Category::Integrity,
    source: include_str!("document_edited.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(lock) = &observed.lock else {
        return Vec::new();
    };
    let registration = evidence.registration_file.rsplit('/').next().unwrap_or_default();
    let folder = evidence
        .registration_file
        .strip_suffix(registration)
        .unwrap_or_default();
    lock.files
        .iter()
        .filter(|f| f.path != registration && f.found.as_ref() != Some(&f.locked))
        .map(|f| Finding::Deviation {
            of: f.path.clone(),
            message: match f.found {
                Some(_) => format!("the locked document {} was changed", f.path),
                None => format!(
                    "the locked document {} is gone, or the registration no longer lists it",
                    f.path
                ),
            },
            executed_at: Some(Place::file(format!("{folder}{}", f.path))),
            registered_at: None,
            registered: Some(f.locked.to_string()),
            executed: f.found.as_ref().map(ToString::to_string),
            tests: Vec::new(),
            hypotheses: Vec::new(),
        })
        .collect()
}
