//! # A factor was not allocated with the registered probabilities
//!
//! What it detects: counts of an assigned factor's levels that differ from the registered probabilities (χ², p < 0.001).
//!
//! Why it matters: an allocation that is off points to a broken randomiser, to rows that vanished, or to a mapping mistake.
//!
//! Example that fires:
//!
//!     us_response: {probability: equal}      # and 400, 290, 280, 270, 260 rows
//!
//! What to do: look for lost rows and mapping mistakes; disclose what happened.
//!
//! References: Fabijan et al. (2019), doi:10.1145/3292500.3330722

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

/// Below this p-value an allocation is taken as off.
const LIMIT: f64 = 0.001;

pub const RULE: Rule = Rule {
    code: "D024",
    slug: "allocation-off",
    category: Category::Design,
    source: include_str!("allocation_off.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    for factor in observed
        .assignment
        .iter()
        .filter(|f| f.p_value.is_some_and(|p| p < LIMIT))
    {
        let counts: Vec<String> = factor
            .levels
            .iter()
            .map(|l| format!("{} {}", l.level, l.rows))
            .collect();
        let expected: Vec<String> = factor
            .levels
            .iter()
            .map(|l| {
                format!(
                    "{} {}",
                    l.level,
                    l.probability.map(|p| p.to_string()).unwrap_or_default()
                )
            })
            .collect();
        let message = format!(
            "`{}` was not allocated with the registered probabilities",
            factor.factor
        );
        found.push(super::of_variable(
            evidence,
            &factor.factor,
            message,
            expected.join(", "),
            counts.join(", "),
        ));
    }
    found
}
