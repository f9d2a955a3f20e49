//! # More rows than the registered maximum
//!
//! What it detects: a sample larger than `design.sample.maximum`, counted as the registration says.
//!
//! Why it matters: collecting on until a result appears inflates its error rate.
//!
//! Example that fires:
//!
//!     design: {sample: {maximum: 1600}}      # and 1,900 rows in the data
//!
//! What to do: disclose why collection went on, and when that was decided.
//!
//! References: Armitage, McPherson & Rowe (1969), doi:10.2307/2343787

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D011",
    slug: "sample-above-maximum",
    category: Category::Sample,
    source: include_str!("sample_above_maximum.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(maximum) = evidence.promised.design.maximum else {
        return Vec::new();
    };
    let counted = observed.collection.counted;
    if counted <= maximum {
        return Vec::new();
    }
    vec![super::of_design(
        evidence,
        "maximum",
        format!("{counted} rows were counted, more than the registered maximum of {maximum}"),
        maximum.to_string(),
        counted.to_string(),
    )]
}
