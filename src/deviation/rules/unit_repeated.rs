//! # A unit is analysed more than once
//!
//! What it detects: analysed rows that repeat the `design.unit` of an earlier one, in a design that has one row a unit. Rows that a registered exclusion leaves out do not count.
//!
//! Why it matters: a response that stands twice counts twice; standard errors take one person for two.
//!
//! Example that fires:
//!
//!     design: {kind: between_subjects, unit: respondent}      # and two analysed rows of one respondent
//!
//! What to do: remove the copy from the export, or exclude it by a rule and disclose that; if units have several rows by design, `design.kind` says so.
//!
//! References: CONSORT 2025 item 13

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D020",
    slug: "unit-repeated",
    category: Category::Sample,
    source: include_str!("unit_repeated.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let collection = &observed.collection;
    let (Some(unit), true) = (
        evidence.promised.design.unit.as_deref(),
        collection.repeated_units_count > 0,
    ) else {
        return Vec::new();
    };
    let shown: Vec<String> = collection
        .repeated_units
        .iter()
        .map(|r| format!("line {} ({})", r.line, r.value))
        .collect();
    let finding = super::of_variable(
        evidence,
        unit,
        format!(
            "{} analysed rows repeat a `{unit}`, though the design has one row a unit: {}",
            collection.repeated_units_count,
            shown.join(", ")
        ),
        String::from("one row a unit"),
        format!("{} rows more", collection.repeated_units_count),
    );
    match finding {
        Finding::Deviation {
            of,
            message,
            executed_at,
            registered_at,
            registered,
            executed,
            ..
        } => vec![Finding::Deviation {
            of,
            message,
            executed_at,
            registered_at,
            registered,
            executed,
            tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
            hypotheses: Vec::new(),
        }],
        other => vec![other],
    }
}
