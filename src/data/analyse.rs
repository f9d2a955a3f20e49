//! Who is analysed: derived variables, then the exclusions in order, each counted.

use super::among::truths;
use super::arms::Arms;
use super::collect::Collected;
use super::dates;
use super::derive::{derive, derive_more};
use super::repeats::repeats;
use super::sample::{Column, Sample};
use crate::plan::expression::Value;
use crate::plan::restriction::is_forbidden;
use crate::plan::{Allocation, ExclusionRule, MissingRule, Plan, Role};
use crate::record::{
    ArmFlow, Collection, ExclusionFacts, FactorFacts, FlowStep, ForbiddenFacts, LevelFacts, RowFacts,
};

/// The analysed rows and how they came to be.
#[derive(Clone, Debug)]
pub struct Analysed {
    pub sample: Sample,
    pub flow: Vec<FlowStep>,
    pub flow_by_arm: Vec<ArmFlow>,
    pub exclusions: Vec<ExclusionFacts>,
}

/// Derives, then leaves out the rows of which an exclusion is true among those that stay so far; where it is unknown, a
/// row stays.
pub fn analyse(collected: &Collected, plan: &Plan) -> Analysed {
    let sample = derive(collected.sample.clone(), plan);
    let mut keep = vec![true; sample.rows()];
    let mut flow = vec![FlowStep {
        step: String::from("collected"),
        dropped: None,
        rows: keep.len() as u64,
    }];
    let mut arms = Arms::new(&sample, plan);
    let mut exclusions = Vec::new();
    for exclusion in &plan.exclusions {
        let alone = truths(&exclusion.rule, &sample, &vec![true; sample.rows()]);
        let among = match exclusion.rule {
            ExclusionRule::DropIf(_) => alone.clone(),
            _ => truths(&exclusion.rule, &sample, &keep),
        };
        let dropped = drop_rows(&mut keep, among.iter().map(|t| *t == Some(true)));
        exclusions.push(ExclusionFacts {
            id: exclusion.id.clone(),
            drop_if: exclusion.rule.to_string(),
            alone: alone.iter().filter(|t| **t == Some(true)).count() as u64,
            in_sequence: dropped,
            unknown: alone.iter().filter(|t| t.is_none()).count() as u64,
            registered: false,
            requested: false,
        });
        step(&mut flow, exclusion.id.clone(), dropped, &keep);
        arms.step(&exclusion.id, &keep);
    }
    for (role, rule) in &plan.missing {
        if *rule == MissingRule::DropFromStudy {
            let columns = used_columns(plan, *role);
            let dropped = drop_rows(
                &mut keep,
                (0..sample.rows()).map(|row| {
                    columns
                        .iter()
                        .any(|c| sample.column(c).is_some_and(|c| c.is_missing(row)))
                }),
            );
            let name = format!("missing {}", role.word());
            arms.step(&name, &keep);
            step(&mut flow, name, dropped, &keep);
        }
    }
    Analysed {
        sample: derive_more(sample.filter(&keep), plan),
        flow,
        flow_by_arm: arms.flow(),
        exclusions,
    }
}

fn drop_rows(keep: &mut [bool], leaving: impl Iterator<Item = bool>) -> u64 {
    let mut dropped = 0;
    for (kept, leaves) in keep.iter_mut().zip(leaving.collect::<Vec<_>>()) {
        if *kept && leaves {
            *kept = false;
            dropped += 1;
        }
    }
    dropped
}

fn step(flow: &mut Vec<FlowStep>, step: String, dropped: u64, keep: &[bool]) {
    let rows = keep.iter().filter(|k| **k).count() as u64;
    flow.push(FlowStep {
        step,
        dropped: Some(dropped),
        rows,
    });
}

/// The columns of a role that some model uses.
fn used_columns(plan: &Plan, role: Role) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for model in plan.models.values() {
        for column in model.columns() {
            if plan.role_in(model, column) == role && !found.contains(&column) {
                found.push(column);
            }
        }
    }
    found
}

/// When and how much was collected. `counted` are the rows that the registered sample size counts.
pub fn collection(collected: &Collected, plan: &Plan, counted: u64) -> Collection {
    let sample = &collected.sample;
    let mut facts = Collection {
        rows: sample.rows() as u64,
        counted,
        ..Collection::default()
    };
    let time = plan
        .variables
        .iter()
        .find(|(_, v)| v.role == Role::Time)
        .map(|(name, _)| name);
    let Some(Column::Text(times)) = time.and_then(|name| sample.column(name)) else {
        return facts;
    };
    facts.first = times.iter().flatten().min().cloned();
    facts.last = times.iter().flatten().max().cloned();
    facts.undated = times.iter().filter(|t| t.is_none()).count() as u64;
    let Some(window) = &plan.design.collected else {
        return facts;
    };
    for (time, line) in times.iter().zip(&sample.lines) {
        let Some(time) = time else { continue };
        let day = dates::day(time);
        if day < window.from.as_str() || day > window.to.as_str() {
            facts.outside_window_count += 1;
            if facts.outside_window.len() < 10 {
                facts.outside_window.push(RowFacts {
                    line: *line,
                    value: time.clone(),
                });
            }
        }
    }
    facts
}

/// How often each level of each assigned factor was collected; of other factors, where nobody has a level that a test
/// compares.
pub fn assignment(collected: &Collected, plan: &Plan) -> Vec<FactorFacts> {
    let mut all = Vec::new();
    let units = units(collected, plan);
    for name in plan.variables.keys() {
        let Some(Column::Factor { levels, codes }) = collected.sample.column(name) else {
            continue;
        };
        let shares = plan.shares(name);
        let probability = shares.clone().unwrap_or_default();
        let rows = |position: usize| {
            let of_unit = units.iter().filter_map(|row| codes.get(*row).copied().flatten());
            of_unit.filter(|c| usize::try_from(*c) == Ok(position)).count() as u64
        };
        let levels = levels.iter().enumerate().map(|(position, level)| LevelFacts {
            level: level.clone(),
            probability: probability.get(level).copied(),
            rows: rows(position),
        });
        let levels: Vec<LevelFacts> = levels.collect();
        let lacks =
            |l: &LevelFacts| l.rows == 0 && plan.tests.values().any(|t| t.quantity.compares(name, &l.level));
        if shares.is_none() && !levels.iter().any(lacks) {
            continue;
        }
        all.push(FactorFacts {
            factor: name.clone(),
            levels,
            statistic: None,
            df: None,
            p_value: None,
        });
    }
    all
}

/// The rows that were collected in a forbidden cell, for each cell that has some.
pub fn forbidden(collected: &Collected, plan: &Plan, file: &str) -> Vec<ForbiddenFacts> {
    let sample = &collected.sample;
    let level = |row: usize, factor: &str| match sample.value(factor, row) {
        Value::Text(level) => Some(level),
        _ => None,
    };
    let mut all = Vec::new();
    for cell in &plan.design.forbidden {
        let inside =
            (0..sample.rows()).filter(|row| is_forbidden(std::slice::from_ref(cell), |f| level(*row, f)));
        let lines: Vec<u64> = inside.filter_map(|row| sample.lines.get(row).copied()).collect();
        if !lines.is_empty() {
            all.push(ForbiddenFacts {
                cell: cell.clone(),
                count: lines.len() as u64,
                file: file.to_owned(),
                lines: lines.into_iter().take(10).collect(),
            });
        }
    }
    all
}

/// What was assigned: rows, or the first row of each cluster.
fn units(collected: &Collected, plan: &Plan) -> Vec<usize> {
    let rows = 0..collected.sample.rows();
    let cluster = plan.variables.iter().find(|(_, v)| v.role == Role::Cluster);
    let (Allocation::Clustered, Some((name, _))) = (plan.design.allocation, cluster) else {
        return rows.collect();
    };
    let Some(column) = collected.sample.column(name) else {
        return rows.collect();
    };
    // Rows without a cluster count as one.
    let first_missing = rows.clone().find(|row| column.is_missing(*row));
    let first = rows.zip(repeats(column));
    first
        .filter(|(row, again)| !again && (!column.is_missing(*row) || first_missing == Some(*row)))
        .map(|(row, _)| row)
        .collect()
}
