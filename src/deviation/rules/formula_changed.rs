//! # A model has another formula than registered
//!
//! What it detects: another function of the same columns (`log(age)` for `age`), another intercept, other random terms of a mixed model, another coding of a factor, or a test moved to another model. `a*b` and `a + b + a:b` are the same formula, and the order of random terms means nothing. Covariates and interactions that were added or dropped and absorbed effects have rules of their own; a disclosure of `formula-changed` covers them.
//!
//! Why it matters: a functional form chosen after the data are seen can be chosen for the result; a random slope that is left out makes the errors of its effect too small.
//!
//! Example that fires:
//!
//!     analysis:
//!       models: {approval: {formula: approval ~ us_response + log(age)}}      # registered: approval ~ us_response + age
//!
//! What to do: report the registered model beside the other, and disclose why.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Barr, Levy, Scheepers & Tily (2013), doi:10.1016/j.jml.2012.11.001

use crate::deviation::{Category, Evidence, FieldChange, Finding, Part, Rule};
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
    change.part == Some(Part::Terms)
        || (change.section() == "models" && change.field() == "coding")
        || (change.section() == "tests" && change.field() == "model")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("{} is not the registered one", change.of())
    })
}
