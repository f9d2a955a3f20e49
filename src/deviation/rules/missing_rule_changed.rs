//! # Missing values are handled in another way than registered
//!
//! What it detects: a role whose rule under `missing` is not the registered one.
//!
//! Why it matters: who is dropped for a missing value is an exclusion by another name.
//!
//! Example that fires:
//!
//!     analysis:
//!       missing: {covariate: drop_from_test}
//!
//! What to do: use the registered rule, or disclose the change.
//!
//! References: Lee et al. (2021), doi:10.1016/j.jclinepi.2021.01.008; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D040",
    slug: "missing-rule-changed",
    category: Category::MissingData,
    source: include_str!("missing_rule_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.section(), "missing" | "imputation")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        if change.section() == "imputation" {
            return format!(
                "the {} of the imputation are others than registered",
                change.key()
            );
        }
        format!(
            "missing values of the role {} are handled in another way than registered",
            change.key()
        )
    })
}
