//! # A Bayes factor has another prior or threshold than registered
//!
//! What it detects: a test whose `bayes_factor` (its prior, and the prior's scale, mean or width) or whose `decide` is not the registered one, was left out, or was added.
//!
//! Why it matters: a prior chosen after the data are seen can turn evidence for the null into evidence against it, and a threshold can be moved below any result.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {bayes_factor: {scale: 0.2}}}
//!
//! What to do: keep the registered prior and threshold; show how the factor changes with others as exploration.
//!
//! References: Rouder et al. (2009), doi:10.3758/PBR.16.2.225; Schönbrodt et al. (2017), doi:10.1037/met0000061

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D059",
    slug: "bayes-factor-changed",
    category: Category::Inference,
    source: include_str!("bayes_factor_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests" && matches!(change.field(), "bayes_factor" | "decide")
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let what = match change.field() {
            "decide" => "is decided otherwise",
            _ => "has another prior for its Bayes factor",
        };
        format!("the test {} {what} than registered", change.key())
    })
}
