//! # A registered hypothesis is not in the plan as requested
//!
//! What it detects: a hypothesis of the registration that the request took out.
//!
//! Why it matters: a hypothesis that is registered and not reported is the way a null result disappears.
//!
//! Example that fires:
//!
//!     analysis:
//!       hypotheses: {H3: null}
//!
//! What to do: report the hypothesis with its registered verdict, or disclose why it was dropped and when.
//!
//! References: Claesen et al. (2021), doi:10.1098/rsos.211037; Ofosu & Posner (2023), doi:10.1017/S1537592721000931

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D001",
    slug: "hypothesis-dropped",
    category: Category::Hypotheses,
    source: include_str!("hypothesis_dropped.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "hypotheses" && change.is_removed()
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the registered hypothesis {} is not in the plan as requested",
            change.key()
        )
    })
}
