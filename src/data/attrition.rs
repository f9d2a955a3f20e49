//! Rows that were collected in each arm, and those of them that have no outcome to analyse.

use super::analyse::Analysed;
use super::collect::Collected;
use super::sample::{Column, Sample};
use crate::plan::Plan;
use crate::record::{AttritionFacts, AttritionLevel};
use std::collections::{BTreeMap, BTreeSet};

/// For every assigned factor and every outcome that a model explains.
pub fn attrition(collected: &Collected, analysed: &Analysed, plan: &Plan) -> Vec<AttritionFacts> {
    let assigned = plan.variables.iter().filter(|(_, v)| v.probability.is_some());
    let kept: BTreeMap<u64, usize> = analysed.sample.lines.iter().copied().zip(0..).collect();
    let mut all = Vec::new();
    for (factor, _) in assigned {
        let Some(Column::Factor { levels, codes }) = collected.sample.column(factor) else {
            continue;
        };
        for outcome in outcomes(plan) {
            let mut counts: Vec<AttritionLevel> = levels.iter().map(|level| empty(level)).collect();
            for (code, line) in codes.iter().zip(&collected.sample.lines) {
                let position = code.and_then(|c| usize::try_from(c).ok());
                if let Some(counts) = position.and_then(|p| counts.get_mut(p)) {
                    count(counts, &analysed.sample, outcome, kept.get(line));
                }
            }
            all.push(AttritionFacts {
                factor: factor.clone(),
                outcome: outcome.to_owned(),
                levels: counts,
                test: None,
                statistic: None,
                df: None,
                p_value: None,
            });
        }
    }
    all
}

fn outcomes(plan: &Plan) -> BTreeSet<&str> {
    let models = plan.models.values();
    models
        .flat_map(|m| m.columns().into_iter().filter(|c| m.formula.is_outcome(c)))
        .collect()
}

fn empty(level: &str) -> AttritionLevel {
    AttritionLevel {
        level: level.to_owned(),
        collected: 0,
        excluded: 0,
        missing: 0,
        observed: 0,
    }
}

fn count(counts: &mut AttritionLevel, sample: &Sample, outcome: &str, kept: Option<&usize>) {
    counts.collected += 1;
    match kept {
        None => counts.excluded += 1,
        Some(row) if sample.column(outcome).is_none_or(|c| c.is_missing(*row)) => counts.missing += 1,
        Some(_) => counts.observed += 1,
    }
}
