//! # A registered contingency is not the one that was registered
//!
//! What it detects: an `if … then …` of the registration whose condition or branch the request changes, that it drops, or that it adds.
//!
//! Why it matters: a contingency binds only if it was written before the data were seen; one that is written afterwards is a choice among results.
//!
//! Example that fires:
//!
//!     analysis:
//!       contingencies: []
//!
//! What to do: keep the contingency. A branch that is taken because its condition holds is no deviation, and needs no disclosure.
//!
//! References: Lin & Green (2016), doi:10.1017/S1049096516000810; Nosek et al. (2018), doi:10.1073/pnas.1708274114

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D056",
    slug: "contingency-changed",
    category: Category::Inference,
    source: include_str!("contingency_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "contingencies"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let what = match change.field() {
            "if" => "has another condition than registered",
            "" if change.is_removed() => "was taken out",
            "" if change.is_added() => "is not registered",
            _ => "has another branch than registered",
        };
        format!("the contingency that sets {} {what}", change.key())
    })
}
