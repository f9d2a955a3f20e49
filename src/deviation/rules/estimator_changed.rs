//! # A model is estimated in another way than registered
//!
//! What it detects: a model whose `estimator`, the `information` its errors stand on, or the `likelihood` that a mixed model maximises is not the registered one.
//!
//! Why it matters: another estimator can give another answer to the same question.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {estimator: probit}}
//!
//! What to do: report the registered estimator beside the other.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D030",
    slug: "estimator-changed",
    category: Category::Model,
    source: include_str!("estimator_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "models"
        && matches!(
            change.field(),
            "estimator" | "information" | "items" | "likelihood"
        )
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the model {} has another estimator than registered", change.key())
    })
}
