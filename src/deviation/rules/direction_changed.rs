//! # A test is directed the other way than registered
//!
//! What it detects: a one-sided test turned round: `greater` where `less` is registered or the reverse, or another side called the better one by a margin test. From one side to two sides is `alternative-changed`.
//!
//! Why it matters: the direction is the prediction: turned after the sign is seen, a refuted hypothesis becomes a confirmed one.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {alternative: less}}      # registered: greater
//!
//! What to do: test the registered direction; what was found against it is a finding of its own.
//!
//! References: Kerr (1998), doi:10.1207/s15327957pspr0203_4; Rubin (2017), doi:10.1037/gpr0000128

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D003",
    slug: "direction-changed",
    category: Category::Hypotheses,
    source: include_str!("direction_changed.rs"),
    claims,
    check,
};

const TURNED: [(&str, &str); 2] = [("greater", "less"), ("higher is better", "lower is better")];

fn claims(change: &FieldChange) -> bool {
    let says = |side: &Option<String>, word: &str| side.as_deref().is_some_and(|s| s.contains(word));
    let (before, after) = (&change.registered, &change.executed);
    change.section() == "tests"
        && change.field() == "alternative"
        && TURNED
            .iter()
            .any(|(a, b)| says(before, a) && says(after, b) || says(before, b) && says(after, a))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the test {} is directed the other way than registered",
            change.key()
        )
    })
}
