//! # A registered level was never collected
//!
//! What it detects: a level with a registered probability above zero, or of a factor without probabilities one that a registered test compares, that no collected row has.
//!
//! Why it matters: an arm that was planned and does not exist cannot be tested.
//!
//! Example that fires:
//!
//!     us_response: {levels: {status_quo: …, denounce: …}}      # and no row with denounce
//!
//! What to do: check the column mapping first; if the arm was dropped, disclose it.
//!
//! References: CONSORT 2025

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::{LevelFacts, Observed};

pub const RULE: Rule = Rule {
    code: "D022",
    slug: "level-missing",
    category: Category::Design,
    source: include_str!("level_missing.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let mut found = Vec::new();
    for factor in &observed.assignment {
        let compared = |level: &LevelFacts| {
            let mut tests = evidence.promised.tests.values();
            tests.any(|t| t.quantity.compares(&factor.factor, &level.level))
        };
        let meant = |level: &&LevelFacts| match level.probability {
            Some(probability) => probability > 0.0,
            None => compared(level),
        };
        for level in factor.levels.iter().filter(|l| l.rows == 0).filter(meant) {
            let message = format!(
                "no collected row has the registered level `{}` of `{}`",
                level.level, factor.factor
            );
            found.push(super::of_variable(
                evidence,
                &factor.factor,
                message,
                level.level.clone(),
                String::from("0 rows"),
            ));
        }
    }
    found
}
