//! # A covariate was added to a model
//!
//! What it detects: a term by itself, no product, that the requested formula of a registered model has and the registered one has not. A term that comes along with an added interaction is told there.
//!
//! Why it matters: with k covariates to choose from, 2^k models can be tried; one of them will please.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: approval ~ us_response + age}}      # registered: approval ~ us_response
//!
//! What to do: run the registered model and report the other beside it, or disclose why.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Lenz & Sahn (2021), doi:10.1017/pan.2020.31

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D070",
    slug: "covariate-added",
    category: Category::Model,
    source: include_str!("covariate_added.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    matches!(change.part, Some(Part::CovariateAdded(_)))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the model {} has covariates that are not registered: {}",
            change.key(),
            change.terms()
        )
    })
}
