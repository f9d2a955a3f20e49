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
use crate::plan::{Allocation, ExclusionRule, MissingRule, Plan, Probability, Role, Shares};
use crate::record::{
    ArmFlow, BlockFacts, Collection, ExclusionFacts, FactorFacts, FlowStep, ForbiddenFacts, LevelFacts,
    RowFacts,
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

/// How often each level of each assigned factor was collected, and in each block where that has its own probabilities; of
/// other factors, where nobody has a level that a test compares.
pub fn assignment(collected: &Collected, plan: &Plan) -> Vec<FactorFacts> {
    let sample = &collected.sample;
    let units = units(collected, plan);
    let of_factor = |name: &String| {
        let Some(Column::Factor { levels, codes }) = sample.column(name) else {
            return None;
        };
        let probability = plan.shares(name);
        let among = |units: &[usize], share: &dyn Fn(&str) -> Option<f64>| {
            let mut rows = vec![0; levels.len()];
            for code in units.iter().filter_map(|row| codes.get(*row).copied().flatten()) {
                if let Some(count) = rows.get_mut(code as usize) {
                    *count += 1;
                }
            }
            let fact = |(level, rows): (&String, u64)| LevelFacts {
                level: level.clone(),
                probability: share(level),
                rows,
            };
            levels.iter().zip(rows).map(fact).collect::<Vec<_>>()
        };
        let own = |shares: &Shares, level: &str| shares.get(level).copied();
        let block_of = |row: usize, by: &str| sample.column(by).and_then(|c| c.level(row));
        let blocked = probability.as_ref().and_then(Probability::blocked);
        let blocks: Vec<BlockFacts> = blocked.map_or_else(Vec::new, |blocked| {
            let each = |(block, shares): (&String, &Shares)| {
                let inside = |row: &&usize| block_of(**row, &blocked.by) == Some(block);
                let units: Vec<usize> = units.iter().filter(inside).copied().collect();
                BlockFacts {
                    by: blocked.by.clone(),
                    block: block.clone(),
                    levels: among(&units, &|level| own(shares, level)),
                }
            };
            blocked.blocks.iter().map(each).collect()
        });
        let expected = |level: &str| match probability.as_ref()? {
            Probability::Same(shares) => own(shares, level),
            Probability::Blocked(_) => mean_share(&blocks, level),
        };
        let levels = among(&units, &expected);
        let lacks =
            |l: &LevelFacts| l.rows == 0 && plan.tests.values().any(|t| t.quantity.compares(name, &l.level));
        (probability.is_some() || levels.iter().any(lacks)).then(|| FactorFacts {
            factor: name.clone(),
            levels,
            blocks,
            statistic: None,
            df: None,
            p_value: None,
        })
    };
    plan.variables.keys().filter_map(of_factor).collect()
}

/// The mean probability of a level over the rows of all blocks.
fn mean_share(blocks: &[BlockFacts], level: &str) -> Option<f64> {
    let (mut expected, mut total) = (0.0, 0.0);
    for block in blocks {
        let rows: u64 = block.levels.iter().map(|l| l.rows).sum();
        let own = block.levels.iter().find(|l| l.level == level);
        expected += own.and_then(|l| l.probability).unwrap_or(0.0) * rows as f64;
        total += rows as f64;
    }
    (total > 0.0).then(|| expected / total)
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
