//! # The smallest effect of interest is another than registered
//!
//! What it detects: an equivalence, non-inferiority or superiority test whose margins or direction are not the registered ones.
//!
//! Why it matters: a margin widened after the data are seen makes any result equivalent to nothing.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H4: {alternative: {equivalent: {low: -0.5, high: 0.5}}}}
//!
//! What to do: test against the registered margins; show others as exploration.
//!
//! References: Lakens, Scheel & Isager (2018), doi:10.1177/2515245918770963

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D055",
    slug: "sesoi-changed",
    category: Category::Inference,
    source: include_str!("sesoi_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    let margins = |side: &Option<String>| side.as_deref().is_some_and(crate::deviation::words::has_margins);
    let alternative = change.section() == "tests" && change.field() == "alternative";
    let turned = (super::direction_changed::RULE.claims)(change);
    alternative && !turned && margins(&change.registered) && margins(&change.executed)
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the test {} has other margins than registered", change.key())
    })
}
