//! # A model is fitted on other rows than registered
//!
//! What it detects: a model whose `subset` means something else than the registered one.
//!
//! Why it matters: a subgroup chosen after the data are seen can be chosen for the result.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {subset: age >= 30}}
//!
//! What to do: report the registered subset beside the other.
//!
//! References: Wang et al. (2007), doi:10.1056/NEJMsr077003

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D032",
    slug: "subset-changed",
    category: Category::Model,
    source: include_str!("subset_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "models" && change.field() == "subset"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} is fitted on other rows than registered",
            change.key()
        )
    })
}
