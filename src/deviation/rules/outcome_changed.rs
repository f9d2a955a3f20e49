//! # A model has another outcome than registered
//!
//! What it detects: a model whose formula explains another variable than the registered one.
//!
//! Why it matters: switching outcomes is the best-documented way of finding an effect.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: contribution ~ us_response}}
//!
//! What to do: report the registered outcome; report the other as exploratory.
//!
//! References: COMPare, Goldacre et al. (2019), doi:10.1186/s13063-019-3173-2

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D027",
    slug: "outcome-changed",
    category: Category::Variables,
    source: include_str!("outcome_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.part == Some(Part::Outcome) || (change.section() == "models" && change.field() == "trials")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} explains another outcome than registered",
            change.key()
        )
    })
}
