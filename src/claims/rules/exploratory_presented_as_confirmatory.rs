//! # An exploratory result is presented as a test that was planned
//!
//! What it detects: a claim about a test or hypothesis that was not registered and that the claim does not call exploratory.
//!
//! Why it matters: its p-value does not have the meaning of a planned test's; a reader who is not told takes it for one.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Results, test: young, says: {p: "= .03"}}      # explored under `exploratory:`, and not called so
//!
//! What to do: call it exploratory in the manuscript, and say `confirmatory: false` here.
//!
//! References: Wagenmakers et al. (2012), doi:10.1177/1745691612463078; Nosek et al. (2018), doi:10.1073/pnas.1708274114

use crate::claims::{Finding, Judged, Rule};

pub const RULE: Rule = Rule {
    code: "C006",
    slug: "exploratory-presented-as-confirmatory",
    source: include_str!("exploratory_presented_as_confirmatory.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let said = judged.claim.confirmatory.as_ref();
    if super::confirmatory(judged) != Some(false) || said.is_some_and(|said| !said.value) {
        return Vec::new();
    }
    let how = match said {
        Some(_) => "is claimed to be confirmatory",
        None => "is not called exploratory",
    };
    vec![Finding {
        at: said.map_or(&judged.claim.at, |said| &said.at).clone(),
        message: format!("{} was not registered and {how}", judged.named()),
    }]
}
