//! # A model has another formula than registered
//!
//! What it detects: terms added to, dropped from or exchanged in a model, random terms of a mixed model among them, or a test moved to another model. `a*b` and `a + b + a:b` are the same formula, and the order of random terms means nothing.
//!
//! Why it matters: covariates and interactions chosen after the data are seen can be chosen for the result; a random slope that is left out makes the errors of its effect too small.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: approval ~ us_response + age}}
//!
//! What to do: report the registered model beside the other, and disclose why.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Barr, Levy, Scheepers & Tily (2013), doi:10.1016/j.jml.2012.11.001

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D029",
    slug: "formula-changed",
    category: Category::Model,
    source: include_str!("formula_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    (change.section() == "models"
        && matches!(change.field(), "formula" | "coding")
        && !(super::outcome_changed::RULE.claims)(change))
        || (change.section() == "tests" && change.field() == "model")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} is not the registered one", change.of())
    })
}
