//! # Collection did not stop where the registration says
//!
//! What it detects: another number of rows than the registered `target`, where neither a `minimum` nor a `maximum` is registered that would say how far off it may be. A reached minimum is no deviation. A stopping rule in words alone, without numbers or a window, cannot be checked, and is said to be.
//!
//! Why it matters: collection that stops, or goes on, when the result pleases finds effects where there are none.
//!
//! Example that fires:
//!
//!     design: {sample: {target: 800}}      # and 849 rows
//!
//! What to do: disclose why collection ended where it did; register a `minimum` and a `maximum` to allow for what a panel delivers.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; Lakens (2014), doi:10.1002/ejsp.2023

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D018",
    slug: "stopping-rule-missed",
    category: Category::Sample,
    source: include_str!("stopping_rule_missed.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let design = &evidence.promised.design;
    if design.minimum.is_some() || design.maximum.is_some() {
        return Vec::new();
    }
    let counted = observed.collection.counted;
    match (design.target, &design.stopping_rule) {
        (Some(target), _) if counted != target => {
            let (by, which) = (
                counted.abs_diff(target),
                if counted < target { "fewer" } else { "more" },
            );
            vec![super::of_design(
                evidence,
                "target",
                format!("{counted} rows were counted, {by} {which} than the registered target of {target}"),
                target.to_string(),
                counted.to_string(),
            )]
        }
        (None, Some(rule)) if design.collected.is_none() => vec![Finding::NotChecked {
            of: String::from("design.stopping_rule"),
            why: format!(
                "whether collection stopped by the registered rule: `{rule}` has no number or window here"
            ),
        }],
        _ => Vec::new(),
    }
}
