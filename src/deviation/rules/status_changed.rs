//! # A hypothesis changed between primary and secondary
//!
//! What it detects: a hypothesis whose `status` is not the registered one.
//!
//! Why it matters: promoting a secondary hypothesis that worked makes it look like the one the study was for.
//!
//! Example that fires:
//!
//!     analysis:
//!       hypotheses: {H2: {status: primary}}
//!
//! What to do: keep the registered status, or disclose the change.
//!
//! References: COMPare, Goldacre et al. (2019), doi:10.1186/s13063-019-3173-2

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D004",
    slug: "status-changed",
    category: Category::Hypotheses,
    source: include_str!("status_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "hypotheses" && change.field() == "status"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the status of hypothesis {} is not the registered one",
            change.key()
        )
    })
}
