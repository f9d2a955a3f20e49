//! # A registered covariate was dropped from a model
//!
//! What it detects: a term by itself, no product, that the registered formula of a model has and the requested one has not. A term that goes with a dropped interaction is told there.
//!
//! Why it matters: leaving out a covariate moves the estimate and its error, and may be done because it does.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: approval ~ us_response}}      # registered: approval ~ us_response + age
//!
//! What to do: run the registered model; if a covariate could not be measured, disclose that.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D071",
    slug: "covariate-dropped",
    category: Category::Model,
    source: include_str!("covariate_dropped.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.part, Some(Part::CovariateDropped(_)))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} lacks registered covariates: {}",
            change.key(),
            change.terms()
        )
    })
}
