//! Section 6: who was lost before each outcome, by arm.

use super::number;
use crate::plan::Wording;
use crate::record::{AttritionFacts, AttritionLevel, Record};
use serde::Serialize;

/// One factor and one outcome.
#[derive(Serialize)]
pub(super) struct Losses {
    title: String,
    test: String,
    levels: Vec<Lost>,
}

#[derive(Serialize)]
struct Lost {
    label: String,
    /// Collected, left out, without the outcome, observed.
    counts: [String; 4],
    share: String,
}

pub(super) fn losses(record: &Record, wording: &Wording) -> Vec<Losses> {
    let attrition = record.observed.attrition.iter();
    attrition
        .map(|facts| Losses {
            title: format!(
                "{} by {}",
                wording.variable(&facts.outcome),
                wording.variable(&facts.factor)
            ),
            test: test(facts),
            levels: facts
                .levels
                .iter()
                .map(|l| lost(wording.level(&facts.factor, &l.level), l))
                .collect(),
        })
        .collect()
}

fn test(facts: &AttritionFacts) -> String {
    let Some(p) = facts.p_value else {
        return String::new();
    };
    match (facts.statistic, facts.df) {
        (Some(statistic), Some(df)) => format!(
            "χ²({}) = {}, {}",
            number::degrees(&[df]),
            number::short(statistic),
            number::p_equals(p)
        ),
        _ => format!("Fisher’s exact test, {}", number::p_equals(p)),
    }
}

fn lost(label: &str, level: &AttritionLevel) -> Lost {
    let counts = [level.collected, level.excluded, level.missing, level.observed];
    let share = 100.0 * (level.excluded + level.missing) as f64 / level.collected.max(1) as f64;
    Lost {
        label: label.to_owned(),
        counts: counts.map(number::count),
        share: format!("{}%", number::decimals(share, 1)),
    }
}
