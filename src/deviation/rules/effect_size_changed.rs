//! # Another effect size is reported than registered
//!
//! What it detects: a test whose `effect_size` is not the registered one, was left out, or was added.
//!
//! Why it matters: the same difference looks large in one measure and small in another; the one to be reported was chosen before.
//!
//! Example that fires:
//!
//!     analysis:
//!       tests: {H1.any: {effect_size: glass_delta}}
//!
//! What to do: report the registered effect size; show others as exploration.
//!
//! References: Lakens (2013), doi:10.3389/fpsyg.2013.00863

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D058",
    slug: "effect-size-changed",
    category: Category::Inference,
    source: include_str!("effect_size_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    change.section() == "tests" && change.field() == "effect_size"
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        format!(
            "the test {} has another effect size than registered",
            change.key()
        )
    })
}
