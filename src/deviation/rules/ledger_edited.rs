//! # The ledger was changed after it was written
//!
//! What it detects: a line of the ledger (`prereg/ledger.jsonl`) that does not hold the digest of the line before it, or cannot be read. A last line that was cut off while it was written is none: the next entry takes it away, and says so.
//!
//! Why it matters: a ledger from which an analysis was taken out no longer tells how often the data were looked at.
//!
//! Example that fires:
//!
//!     sed -i 2d prereg/ledger.jsonl
//!
//! What to do: restore the file as it was written, or disclose what was changed and why.
//!
//! References: Haber & Stornetta (1991), doi:10.1007/BF00196791

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D076",
    slug: "ledger-edited",
    category: Category::Integrity,
    source: include_str!("ledger_edited.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(_evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let ledger = &observed.ledger;
    let broken = ledger.broken.iter();
    broken
        .map(|why| Finding::Deviation {
            of: ledger.file.clone(),
            message: format!("the ledger's chain does not hold, {why}"),
            executed_at: Some(Place::file(&ledger.file)),
            registered_at: None,
            registered: Some(String::from("each entry names the one before it")),
            executed: Some(why.clone()),
            tests: Vec::new(),
            hypotheses: Vec::new(),
        })
        .collect()
}
