//! # Standard errors are computed in another way than registered
//!
//! What it detects: a model whose `vcov` is not the registered one.
//!
//! Why it matters: the variance estimator sets every p-value and interval of the model.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {vcov: HC1}}
//!
//! What to do: use the registered variance, or disclose the change; the report shows what it did to each test.
//!
//! References: King & Roberts (2015), doi:10.1093/pan/mpu015; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D031",
    slug: "vcov-changed",
    category: Category::Inference,
    source: include_str!("vcov_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "models" && matches!(change.field(), "vcov" | "bootstrap")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the standard errors of model {} are not the registered ones",
            change.key()
        )
    })
}
