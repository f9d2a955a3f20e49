//! # A factor was not allocated with the registered probabilities
//!
//! What it detects: counts of an assigned factor's levels that differ from the registered probabilities (χ², p < 0.001), in each
//! block from its own where they differ by block (χ² summed over blocks); rows with a level whose registered probability is 0.
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
use crate::record::{LevelFacts, Observed};

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
    for factor in &observed.assignment {
        let strata: Vec<(&str, &[LevelFacts])> = match factor.blocks.as_slice() {
            [] => vec![("", &factor.levels)],
            blocks => blocks
                .iter()
                .map(|b| (b.block.as_str(), b.levels.as_slice()))
                .collect(),
        };
        let impossible = strata.iter().flat_map(|(_, levels)| *levels).any(never);
        if !impossible && factor.p_value.is_none_or(|p| p >= LIMIT) {
            continue;
        }
        let each = |words: &dyn Fn(&LevelFacts) -> String| {
            let stratum = |(block, levels): &(&str, &[LevelFacts])| {
                let levels: Vec<String> = levels
                    .iter()
                    .map(|l| format!("{} {}", l.level, words(l)))
                    .collect();
                let block = if block.is_empty() {
                    String::new()
                } else {
                    format!("{block}: ")
                };
                format!("{block}{}", levels.join(", "))
            };
            strata.iter().map(stratum).collect::<Vec<_>>().join("; ")
        };
        let message = if impossible {
            format!(
                "`{}` has a level in rows that could not be given it",
                factor.factor
            )
        } else {
            format!(
                "`{}` was not allocated with the registered probabilities",
                factor.factor
            )
        };
        let probability = |l: &LevelFacts| l.probability.map(|p| p.to_string()).unwrap_or_default();
        found.push(super::of_variable(
            evidence,
            &factor.factor,
            message,
            each(&probability),
            each(&|l| l.rows.to_string()),
        ));
    }
    found
}

fn never(level: &LevelFacts) -> bool {
    level.rows > 0 && level.probability == Some(0.0)
}
