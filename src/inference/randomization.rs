//! Randomization inference: the share of allocations whose statistic is at least as extreme as the observed one.
//!
//! Exact where all allocations can be looked at: p = Σ P(allocation) over those. Else p = (b + 1)/(m + 1) for b of m
//! draws (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585). The sharp null is that the redrawn factor changes
//! nobody's outcome (Fisher 1935; Gerber & Green 2012, ISBN 9780393979954). Draws come from a seed of the registered
//! plan. Held to complete enumeration and to R (`tests/randomization.rs`).

use super::models::Fitted;
use super::redraw::{Allocation, Scheme};
use super::replicate::{Draw, Replicate, Workspace};
use crate::data::{Column, Sample};
use crate::design::{self, Input, Refusal};
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::plan::expression::Value;
use crate::plan::restriction;
use crate::plan::{self, Alternative, Atom, Plan, PlannedTest, Probability, Quantity, Randomization, Role};
use std::collections::BTreeMap;

/// Draws that one thread takes at a time.
const CHUNK: u64 = 256;

/// p and how it came about.
pub(super) struct Redrawn {
    pub p_value: f64,
    pub method: String,
}

/// # Errors
/// E008 where the allocation's blocks or clusters are not in the data; E015 where a cluster has two levels, or the
/// observed statistic cannot be computed.
pub(super) fn redrawn(
    plan: &Plan,
    sample: &Sample,
    fitted: &Fitted,
    test: &PlannedTest,
    asked: &Randomization,
    row: &[f64],
    seed: [u8; 32],
) -> Result<Redrawn, Refusal> {
    let undefined = |message: &str| Refusal::new(codes::NOT_DEFINED, message);
    let Quantity::Contrast { of, .. } = &test.quantity else {
        return Err(undefined("only a contrast can be redrawn"));
    };
    let atom = Atom::Variable(of.clone());
    let model = plan
        .models
        .get(&test.model)
        .ok_or_else(|| undefined("the test has no model"))?;
    let replicate = Replicate::new(fitted, &atom, row, model.vcov, asked.statistic)
        .ok_or_else(|| undefined("the redrawn factor is not in the model"))?;
    let (allocation, unit) = allocation(plan, sample, of, &fitted.design.origin)?;
    let code = recoded(sample, fitted, of, plan)?;
    let observed = replicate
        .statistic(
            &of_codes(|i| code[allocation.assigned[unit[i]] as usize]),
            &mut Workspace::default(),
        )
        .ok_or_else(|| undefined("the statistic of the assigned levels cannot be computed"))?;
    let extreme = |statistic: f64| {
        // Allocations that give the same statistic but for rounding are as extreme.
        let slack = 1e-9 * observed.abs().max(1e-300);
        match test.alternative {
            Alternative::Greater => statistic >= observed - slack,
            Alternative::Less => statistic <= observed + slack,
            _ => statistic.abs() >= observed.abs() - slack,
        }
    };
    if let Some(count) = allocation.count() {
        let mut work = Workspace::default();
        let (mut p_value, mut possible) = (0.0, 0.0);
        allocation.each(&mut |codes, probability| {
            if let Some(statistic) =
                replicate.statistic(&of_codes(|i| code[codes[unit[i]] as usize]), &mut work)
            {
                possible += probability;
                p_value += if extreme(statistic) { probability } else { 0.0 };
            }
        });
        return Ok(Redrawn {
            p_value: (p_value / possible).min(1.0),
            method: format!("randomization, all {count} allocations"),
        });
    }
    let by_row = unit.iter().enumerate().all(|(row, unit)| row == *unit);
    let hits = tally(asked.draws, 1, &|number, codes, work, hits| {
        allocation.draw(seed, number, codes);
        let statistic = if by_row {
            replicate.statistic(&of_codes(|i| code[codes[i] as usize]), work)
        } else {
            replicate.statistic(&of_codes(|i| code[codes[unit[i]] as usize]), work)
        };
        // An allocation without one of the levels cannot be fitted: it counts against the finding.
        let hit = statistic.is_none_or(&extreme);
        hits.iter_mut().for_each(|h| *h += u64::from(hit));
    });
    let hits = hits.first().copied().unwrap_or(asked.draws);
    Ok(Redrawn {
        p_value: (hits as f64 + 1.0) / (asked.draws as f64 + 1.0),
        method: format!("randomization, {} draws", asked.draws),
    })
}

fn of_codes<Codes: Fn(usize) -> u32>(codes: Codes) -> Draw<'static, Codes> {
    Draw {
        codes,
        times: None,
        centre: 0.0,
    }
}

/// A test's own stream of the registered plan's seed.
pub(super) fn seed(plan: [u8; 32], test: &str) -> [u8; 32] {
    Digest::of(&[plan.as_slice(), test.as_bytes()].concat()).seed()
}

/// What is done with a draw: its number, memory to draw in, and the sums to add to.
pub(super) type Look<'a> = dyn Fn(u64, &mut Vec<u32>, &mut Workspace, &mut [u64]) + Sync + 'a;

/// Sums over draws, on all processors; they do not depend on how many there are.
pub(super) fn tally(draws: u64, size: usize, look: &Look<'_>) -> Vec<u64> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(16);
    let next = std::sync::atomic::AtomicU64::new(0);
    let worker = || {
        let (mut codes, mut work, mut sums) = (Vec::new(), Workspace::default(), vec![0u64; size]);
        loop {
            let from = next.fetch_add(CHUNK, std::sync::atomic::Ordering::Relaxed);
            if from >= draws {
                return sums;
            }
            for number in from..(from + CHUNK).min(draws) {
                look(number, &mut codes, &mut work, &mut sums);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut total = worker();
        for sums in workers.into_iter().filter_map(|w| w.join().ok()) {
            total.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
        }
        total
    })
}

/// The units of some rows of the sample with their levels, and for each of the rows its unit.
pub(super) fn allocation(
    plan: &Plan,
    sample: &Sample,
    of: &str,
    rows: &[usize],
) -> Result<(Allocation, Vec<usize>), Refusal> {
    let absent = || Refusal::new(codes::ESTIMAND_ABSENT, format!("`{of}` is missing in a row"));
    let Some(Column::Factor { levels, codes }) = sample.column(of) else {
        return Err(absent());
    };
    let assigned: Option<Vec<u32>> = rows
        .iter()
        .map(|row| codes.get(*row).copied().flatten())
        .collect();
    let codes = assigned.ok_or_else(absent)?;
    let grouped = |role: Role| {
        let mut found = plan.variables.iter().filter(|(_, v)| v.role == role);
        let name = found.next().map(|(name, _)| name.as_str()).ok_or_else(|| {
            let message = format!(
                "the allocation is by {} but no variable has that role",
                role.word()
            );
            Refusal::new(codes::ESTIMAND_ABSENT, message)
        })?;
        design::grouping(name, sample, rows)
    };
    let each_row: Vec<usize> = (0..rows.len()).collect();
    match plan.design.allocation {
        plan::Allocation::Independent | plan::Allocation::None => {
            let scheme = independent(plan, sample, (of, levels), rows)?;
            Ok((
                Allocation {
                    assigned: codes,
                    scheme,
                },
                each_row,
            ))
        }
        plan::Allocation::Complete => Ok((permuted(codes, &vec![0; rows.len()]), each_row)),
        plan::Allocation::Blocked => Ok((permuted(codes, &grouped(Role::Block)?), each_row)),
        plan::Allocation::Clustered => {
            let clusters = grouped(Role::Cluster)?;
            let mut of_cluster: BTreeMap<u32, u32> = BTreeMap::new();
            for (cluster, code) in clusters.iter().zip(&codes) {
                if of_cluster.entry(*cluster).or_insert(*code) != code {
                    let message =
                        format!("a cluster has two levels of `{of}`, though clusters were assigned");
                    return Err(Refusal::new(codes::NOT_DEFINED, message));
                }
            }
            let assigned: Vec<u32> = of_cluster.into_values().collect();
            let unit = clusters.iter().map(|c| *c as usize).collect();
            let one = vec![0; assigned.len()];
            Ok((permuted(assigned, &one), unit))
        }
    }
}

/// Each unit's level by the registered probabilities, those of its block where they differ; where forbidden cells tie the factor to others, by those that
/// are left beside the unit's own levels of these.
fn independent(
    plan: &Plan,
    sample: &Sample,
    (of, levels): (&str, &[String]),
    rows: &[usize],
) -> Result<Scheme, Refusal> {
    let forbidden = &plan.design.forbidden;
    let mut others = restriction::linked(forbidden, of);
    others.remove(of);
    let probability = plan.variables.get(of).and_then(|v| v.probability.as_ref());
    let mut known: BTreeMap<Vec<&str>, usize> = BTreeMap::new();
    let mut tables: Vec<Vec<f64>> = Vec::new();
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let refused = |problem: &str| {
            let line = sample.lines.get(*row).copied().unwrap_or(0);
            let message = format!("`{of}` cannot be drawn again for line {line}: {problem}");
            Refusal::new(codes::NOT_DEFINED, message)
        };
        let level_of = |factor: &str| match sample.value(factor, *row) {
            Value::Text(level) => Some(level),
            _ => None,
        };
        let key: Option<Vec<&str>> = others.iter().map(|factor| level_of(factor)).collect();
        let mut key = key.ok_or_else(|| refused("a factor that restricts it is missing"))?;
        if let Some(blocked) = probability.and_then(Probability::blocked) {
            key.push(level_of(&blocked.by).ok_or_else(|| refused("its block is missing"))?);
        }
        let shares = probability.and_then(|p| p.of(level_of));
        if restriction::is_forbidden(forbidden, level_of) {
            return Err(refused("it is in a forbidden cell"));
        }
        let next = tables.len();
        let table = *known.entry(key).or_insert(next);
        if table == next {
            let share = |level: &String| {
                let own = shares.and_then(|p| p.get(level)).copied().unwrap_or(0.0);
                let beside = |factor: &str| {
                    if factor == of {
                        Some(level.as_str())
                    } else {
                        level_of(factor)
                    }
                };
                if restriction::is_forbidden(forbidden, beside) {
                    0.0
                } else {
                    own
                }
            };
            tables.push(cumulative(&levels.iter().map(share).collect::<Vec<_>>()));
        }
        places.push(table);
    }
    Ok(Scheme::independent(tables, places))
}

/// Running sums of the shares of their total; exactly one from the last level that can be drawn.
fn cumulative(shares: &[f64]) -> Vec<f64> {
    let total: f64 = shares.iter().sum();
    let last = shares.iter().rposition(|s| *s > 0.0).unwrap_or(0);
    let mut sum = 0.0;
    shares
        .iter()
        .enumerate()
        .map(|(at, share)| {
            sum += share / total;
            if at >= last { 1.0 } else { sum }
        })
        .collect()
}

/// For each level of the sample's column, its code in a design.
///
/// # Errors
/// E005 for a level that may be drawn but that no analysed row has.
pub(super) fn recoded(sample: &Sample, fitted: &Fitted, of: &str, plan: &Plan) -> Result<Vec<u32>, Refusal> {
    let (Some(Column::Factor { levels, .. }), Some(Input::Levels { names, .. })) = (
        sample.column(of),
        fitted.design.inputs.get(&Atom::Variable(of.to_owned())),
    ) else {
        return Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("`{of}` is not in the model"),
        ));
    };
    let probability = plan.variables.get(of).and_then(|v| v.probability.as_ref());
    let possible = |level: &String| !probability.is_some_and(|p| p.never(level));
    levels
        .iter()
        .map(|level| match names.iter().position(|n| n == level) {
            Some(code) => Ok(code as u32),
            None if !possible(level) => Ok(0),
            None => Err(Refusal::new(
                codes::LEVEL_EMPTY,
                format!("no analysed row has the level `{level}` of `{of}`"),
            )),
        })
        .collect()
}

fn permuted(assigned: Vec<u32>, strata: &[u32]) -> Allocation {
    let mut members: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (unit, stratum) in strata.iter().enumerate() {
        members.entry(*stratum).or_default().push(unit);
    }
    Allocation {
        assigned,
        scheme: Scheme::Permuted(members.into_values().collect()),
    }
}
