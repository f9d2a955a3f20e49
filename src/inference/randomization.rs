//! Randomization inference: the share of allocations whose statistic is at least as extreme as the observed one.
//!
//! Exact where all allocations can be looked at: p = Σ P(allocation) over those. Else p = (b + 1)/(m + 1) for b of m
//! draws (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585). The sharp null is that the redrawn factor changes
//! nobody's outcome (Fisher 1935; Gerber & Green 2012, ISBN 9780393979954). Draws come from a seed of the registered
//! plan. Held to complete enumeration and to R (`tests/randomization.rs`).

use super::models::Fitted;
use super::redraw::{Allocation, Scheme};
use super::replicate::{Replicate, Workspace};
use crate::data::Sample;
use crate::design::{self, Input, Refusal};
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::plan::{self, Alternative, Atom, Plan, PlannedTest, Quantity, Randomization, Role};
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
    let (allocation, unit) = allocation(plan, sample, fitted, of)?;
    let observed = replicate
        .statistic(&|i| allocation.assigned[unit[i]], &mut Workspace::default())
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
            if let Some(statistic) = replicate.statistic(&|i| codes[unit[i]], &mut work) {
                possible += probability;
                p_value += if extreme(statistic) { probability } else { 0.0 };
            }
        });
        return Ok(Redrawn {
            p_value: (p_value / possible).min(1.0),
            method: format!("randomization, all {count} allocations"),
        });
    }
    let hits = count(asked.draws, &|number, codes, work| {
        allocation.draw(seed, number, codes);
        // An allocation without one of the levels cannot be fitted: it counts against the finding.
        replicate
            .statistic(&|i| codes[unit[i]], work)
            .is_none_or(&extreme)
    });
    Ok(Redrawn {
        p_value: (hits as f64 + 1.0) / (asked.draws as f64 + 1.0),
        method: format!("randomization, {} draws", asked.draws),
    })
}

/// A test's own stream of the registered plan's seed.
pub(super) fn seed(plan: [u8; 32], test: &str) -> [u8; 32] {
    Digest::of(&[plan.as_slice(), test.as_bytes()].concat()).seed()
}

/// How many draws are extreme, over all processors; the sum does not depend on how many there are.
fn count(draws: u64, hit: &(dyn Fn(u64, &mut Vec<u32>, &mut Workspace) -> bool + Sync)) -> u64 {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(16);
    let next = std::sync::atomic::AtomicU64::new(0);
    let worker = || {
        let (mut codes, mut work, mut hits) = (Vec::new(), Workspace::default(), 0u64);
        loop {
            let from = next.fetch_add(CHUNK, std::sync::atomic::Ordering::Relaxed);
            if from >= draws {
                return hits;
            }
            for number in from..(from + CHUNK).min(draws) {
                hits += u64::from(hit(number, &mut codes, &mut work));
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let own = worker();
        own + workers.into_iter().filter_map(|w| w.join().ok()).sum::<u64>()
    })
}

/// The units with their levels, and for each analysed row its unit.
fn allocation(
    plan: &Plan,
    sample: &Sample,
    fitted: &Fitted,
    of: &str,
) -> Result<(Allocation, Vec<usize>), Refusal> {
    let design = &fitted.design;
    let Some(Input::Levels { names, codes }) = design.inputs.get(&Atom::Variable(of.to_owned())) else {
        return Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("`{of}` is not in the model"),
        ));
    };
    let column = |role: Role| {
        plan.variables
            .iter()
            .find(|(_, v)| v.role == role)
            .map(|(name, _)| name.as_str())
    };
    let grouped = |role: Role| {
        let name = column(role).ok_or_else(|| {
            let message = format!(
                "the allocation is by {} but no variable has that role",
                role.word()
            );
            Refusal::new(codes::ESTIMAND_ABSENT, message)
        })?;
        design::grouping(name, sample, &design.origin)
    };
    let each_row: Vec<usize> = (0..design.rows()).collect();
    match plan.design.allocation {
        plan::Allocation::Independent | plan::Allocation::None => {
            let probability = plan.variables.get(of).and_then(|v| v.probability.as_ref());
            let shares: Vec<f64> = names
                .iter()
                .map(|name| probability.and_then(|p| p.get(name)).copied().unwrap_or(0.0))
                .collect();
            let total: f64 = shares.iter().sum();
            let cumulative = shares
                .iter()
                .scan(0.0, |sum, share| {
                    *sum += share / total;
                    Some(*sum)
                })
                .collect();
            Ok((
                Allocation {
                    assigned: codes.clone(),
                    scheme: Scheme::Independent(cumulative),
                },
                each_row,
            ))
        }
        plan::Allocation::Complete => Ok((permuted(codes.clone(), &vec![0; codes.len()]), each_row)),
        plan::Allocation::Blocked => Ok((permuted(codes.clone(), &grouped(Role::Block)?), each_row)),
        plan::Allocation::Clustered => {
            let clusters = grouped(Role::Cluster)?;
            let mut levels: BTreeMap<u32, u32> = BTreeMap::new();
            for (cluster, code) in clusters.iter().zip(codes) {
                if *levels.entry(*cluster).or_insert(*code) != *code {
                    let message =
                        format!("a cluster has two levels of `{of}`, though clusters were assigned");
                    return Err(Refusal::new(codes::NOT_DEFINED, message));
                }
            }
            let assigned: Vec<u32> = levels.into_values().collect();
            let unit = clusters.iter().map(|c| *c as usize).collect();
            Ok((permuted(assigned.clone(), &vec![0; assigned.len()]), unit))
        }
    }
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
