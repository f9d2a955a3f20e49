//! # The codebook is not the registered one
//!
//! What it detects: a variable with another role, levels, order of ordered levels, probability or stage than registered, or one that was added or taken out. Labels are none of these; another reference, another scale and a factor more have rules of their own.
//!
//! Why it matters: other levels or another role make another comparison under the same name.
//!
//! Example that fires:
//!
//!     analysis:
//!       variables: {us_response: {levels: {sanctions: null}}}
//!
//! What to do: use the registered codebook, or disclose the change.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D051",
    slug: "codebook-changed",
    category: Category::Variables,
    source: include_str!("codebook_changed.rs"),
    claims,
    check,
};

fn claims(change: &FieldChange) -> bool {
    let own = [
        super::factor_added::RULE,
        super::reference_changed::RULE,
        super::scale_changed::RULE,
    ];
    change.section() == "variables" && !own.iter().any(|rule| (rule.claims)(change))
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    super::changed(evidence, claims, |change| {
        let name = change.key();
        if change.is_added() {
            format!("the variable {name} is not registered")
        } else if change.is_removed() {
            format!("the registered variable {name} is not in the plan as requested")
        } else {
            format!("{name} has another {} than registered", named(change.field()))
        }
    })
}

/// A field of the codebook after "another".
fn named(field: &str) -> &str {
    match field {
        "levels" => "set of levels",
        "probability" => "probability of its levels",
        other => other,
    }
}
