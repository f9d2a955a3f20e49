//! # Fewer rows than the registered minimum
//!
//! What it detects: a sample smaller than `design.sample.minimum`, counted as the registration says. Reaching the minimum is no deviation.
//!
//! Why it matters: a study that stops early has less power than was promised, and may have stopped because of what it saw.
//!
//! Example that fires:
//!
//!     design: {sample: {minimum: 1500}}      # and 1,420 rows in the data
//!
//! What to do: disclose why collection stopped, and when that was decided.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; CONSORT 2025 item 16

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D010",
    slug: "sample-below-minimum",
    category: Category::Sample,
    source: include_str!("sample_below_minimum.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(minimum) = evidence.promised.design.minimum else {
        return Vec::new();
    };
    let counted = observed.collection.counted;
    if counted >= minimum {
        return Vec::new();
    }
    vec![super::of_design(
        evidence,
        "minimum",
        format!("{counted} rows were counted, fewer than the registered minimum of {minimum}"),
        minimum.to_string(),
        counted.to_string(),
    )]
}
