//! # Errors are clustered in another way than registered
//!
//! What it detects: a model whose `cluster` is not the registered one.
//!
//! Why it matters: clustering too finely makes chance findings look certain; the level belongs to the design, not to the result.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {vcov: CR2, cluster: district}}
//!
//! What to do: cluster where treatment was assigned or units were sampled, as registered.
//!
//! References: Abadie, Athey, Imbens & Wooldridge (2023), doi:10.1093/qje/qjac038

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D054",
    slug: "cluster-changed",
    category: Category::Inference,
    source: include_str!("cluster_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "models" && change.field() == "clusters"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the errors of model {} are not clustered as registered",
            change.key()
        )
    })
}
