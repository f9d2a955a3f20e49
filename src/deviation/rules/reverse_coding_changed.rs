//! # Other items are reversed than registered
//!
//! What it detects: a scale score of the registered items in which other ones are turned round (`reverse`). Other items, or another rule, are `derivation-changed`.
//!
//! Why it matters: an item that is turned, or not, moves the score of everybody and can turn an effect.
//!
//! Example that fires:
//!
//!     analysis:
//!       derived: {hawkishness: {reverse: [hawk_3]}}      # registered: no item is reversed
//!
//! What to do: reverse the registered items; an error in the registration is a disclosure (`reason: typo`).
//!
//! References: Flake & Fried (2020), doi:10.1177/2515245920952393

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D074",
    slug: "reverse-coding-changed",
    category: Category::Variables,
    source: include_str!("reverse_coding_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    let sides = change.registered.as_deref().zip(change.executed.as_deref());
    change.section() == "derived"
        && change.field() == "rule"
        && sides.is_some_and(|(a, b)| a != b && unturned(a).is_some() && unturned(a) == unturned(b))
}

/// A score in words without what it reverses, its items in one order; nothing of other derivations.
fn unturned(words: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (kind, rest) = words
        .split_once(" of ")
        .filter(|(kind, _)| matches!(*kind, "mean" | "sum"))?;
    let (items, least) = rest.rsplit_once(", at least ")?;
    let all = items.strip_suffix(" reversed)").and_then(|i| i.rsplit_once(" ("));
    let mut items: Vec<&str> = all.map_or(items, |(all, _)| all).split(", ").collect();
    items.sort_unstable();
    Some((kind, items, least))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!("the score {} reverses other items than registered", change.key())
    })
}
