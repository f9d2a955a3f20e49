//! # Responses lie outside the registered collection window
//!
//! What it detects: rows whose time lies before the first or after the last registered day.
//!
//! Why it matters: rows from before the window may have been seen before the plan was made; rows from after it, added because of a result.
//!
//! Example that fires:
//!
//!     design: {sample: {collected: {from: 2024-11-01, to: 2024-12-31}}}      # and a response of 2025-01-03
//!
//! What to do: disclose why collection began early or went on. Without a variable whose role is `time` this cannot be checked.
//!
//! References: CONSORT 2025 item 12

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D019",
    slug: "collected-outside-window",
    category: Category::Sample,
    source: include_str!("collected_outside_window.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(window) = &evidence.promised.design.collected else {
        return Vec::new();
    };
    let collection = &observed.collection;
    if collection.first.is_none() {
        let why =
            "a collection window is registered, but the data have no dates (no variable has the role `time`)";
        return vec![Finding::NotChecked {
            of: String::from("design.collected"),
            why: why.to_owned(),
        }];
    }
    let mut found: Vec<Finding> = Vec::new();
    if collection.undated > 0 {
        let why = format!(
            "whether {} rows without a date lie in the registered collection window",
            collection.undated
        );
        found.push(Finding::NotChecked {
            of: String::from("design.collected"),
            why,
        });
    }
    if collection.outside_window_count == 0 {
        return found;
    }
    let shown: Vec<String> = collection
        .outside_window
        .iter()
        .map(|r| format!("line {} ({})", r.line, r.value))
        .collect();
    found.push(super::of_design(
        evidence,
        "collected",
        format!(
            "{} responses lie outside the registered window: {}",
            collection.outside_window_count,
            shown.join(", ")
        ),
        format!("{} to {}", window.from, window.to),
        format!(
            "{} to {}",
            collection.first.clone().unwrap_or_default(),
            collection.last.clone().unwrap_or_default()
        ),
    ));
    found
}
