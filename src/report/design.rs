//! Section 6: what was assigned beside what the registration says, and how alike the arms were before treatment.

use super::figures::{self, LovePlot};
use super::{losses, number};
use crate::plan::Wording;
use crate::record::{BalanceFacts, BlockFacts, FactorFacts, LevelFacts, Record};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Design {
    rows: String,
    factors: Vec<Factor>,
    pub love: Vec<LovePlot>,
    losses: Vec<losses::Losses>,
}

#[derive(Serialize)]
struct Factor {
    name: String,
    test: String,
    levels: Vec<Level>,
}

#[derive(Serialize)]
struct Level {
    label: String,
    registered: String,
    observed: String,
    rows: String,
}

pub(super) fn design(record: &Record, wording: &Wording) -> Design {
    let observed = &record.observed;
    let balance = |factor: &FactorFacts| {
        let facts: Vec<&BalanceFacts> = observed
            .balance
            .iter()
            .filter(|b| b.factor == factor.factor)
            .collect();
        figures::love(&factor.factor, &facts, wording)
    };
    Design {
        rows: number::count(observed.collection.rows),
        factors: observed
            .assignment
            .iter()
            .flat_map(|f| factor(f, wording))
            .collect(),
        love: observed.assignment.iter().filter_map(balance).collect(),
        losses: losses::losses(record, wording),
    }
}

/// A factor, and each block of it that has its own probabilities.
fn factor(facts: &FactorFacts, wording: &Wording) -> Vec<Factor> {
    let test = match (facts.statistic, facts.df, facts.p_value) {
        (Some(statistic), Some(df), Some(p)) => format!(
            "χ²({}) = {}, {}",
            number::degrees(&[df]),
            number::short(statistic),
            number::p_equals(p)
        ),
        _ => String::new(),
    };
    let name = wording.variable(&facts.factor);
    let of = |name: String, test: String, levels: &[LevelFacts]| {
        let all = levels.iter().map(|l| l.rows).sum();
        let each = levels.iter().map(|l| level(&facts.factor, l, all, wording));
        Factor {
            name,
            test,
            levels: each.collect(),
        }
    };
    let block = |b: &BlockFacts| {
        let (by, own) = (wording.variable(&b.by), wording.level(&b.by, &b.block));
        of(format!("{name}, {by}: {own}"), String::new(), &b.levels)
    };
    let mut all = vec![of(name.to_owned(), test, &facts.levels)];
    all.extend(facts.blocks.iter().map(block));
    all
}

fn level(factor: &str, facts: &LevelFacts, all: u64, wording: &Wording) -> Level {
    let share = |p: f64| format!("{}%", number::decimals(100.0 * p, 1));
    Level {
        label: wording.level(factor, &facts.level).to_owned(),
        registered: facts.probability.map_or_else(|| String::from("\u{2013}"), share),
        observed: match all {
            0 => String::from("\u{2013}"),
            all => share(facts.rows as f64 / all as f64),
        },
        rows: number::count(facts.rows),
    }
}
