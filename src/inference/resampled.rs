//! Corrections that draw the statistics of a whole family again, step by step down from the largest.
//!
//! For tests ordered by their statistics s₁ ≥ s₂ ≥ …, the adjusted p of the j-th is the share of draws in which
//! max over the tests from j on of their drawn statistics is at least sⱼ, never below the one before.
//! Westfall & Young (1993, ISBN 9780471557616): the allocation is redrawn. Romano & Wolf (2005,
//! doi:10.1198/016214504000000539): rows are drawn with replacement, statistics centred at the estimates.
//! p = (b + 1)/(m + 1) unless every allocation is looked at. Held to multtest's `mt.maxT` and to pyfixest's
//! step-down (`tests/multiplicity.rs`).

use super::models::Fitted;
use super::randomization::{allocation, recoded, tally};
use super::replicate::{Draw, Replicate, Workspace};
use super::{contrast, randomization};
use crate::data::Sample;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::{
    Adjust, Alternative, Atom, FamilyPlan, Plan, PlannedTest, Quantity, RandomizationStatistic,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};

/// A test that is drawn again.
struct Member<'a> {
    test: &'a PlannedTest,
    fitted: &'a Fitted,
    replicate: Replicate,
    estimate: f64,
    /// Turned so that larger is more extreme.
    observed: f64,
    /// The design's code of each of the sample's levels.
    code: Vec<u32>,
    /// For each row of the design, its place among the rows that are drawn.
    place: Vec<usize>,
}

impl Member<'_> {
    fn turned(&self, statistic: f64) -> f64 {
        match self.test.alternative {
            Alternative::Greater => statistic,
            Alternative::Less => -statistic,
            _ => statistic.abs(),
        }
    }
}

/// Adjusted p-values in the family's order.
///
/// # Errors
/// E015 where a test of the family could not be run: the others cannot be corrected for it.
pub(super) fn adjusted(
    plan: &Plan,
    sample: &Sample,
    fits: &BTreeMap<String, Result<Fitted, Refusal>>,
    family: &FamilyPlan,
    seed: [u8; 32],
) -> Result<Vec<f64>, Refusal> {
    let seed = randomization::seed(seed, &family.tests.join(" "));
    let rows = rows(plan, fits, family);
    let members: Vec<Member<'_>> = family
        .tests
        .iter()
        .map(|id| member(plan, sample, fits, id, &rows))
        .collect::<Result<_, _>>()?;
    let observed: Vec<f64> = members.iter().map(|m| m.observed).collect();
    let order = falling(&observed);
    let draws = family.draws.unwrap_or(0);
    let shares = match family.adjust {
        Adjust::WestfallYoung => permuted(plan, sample, &members, &observed, &rows, draws, seed)?,
        _ => bootstrapped(&members, &observed, rows.len(), draws, seed),
    };
    Ok(never_below(&order, &shares))
}

/// The step-down of drawn statistics (m × tests) against the observed ones, larger being more extreme.
pub fn step_down(observed: &[f64], drawn: &[Vec<f64>]) -> Vec<f64> {
    let order = falling(observed);
    let mut hits = vec![0; observed.len()];
    for statistics in drawn {
        reached(observed, &order, statistics, |rank| hits[rank] += 1);
    }
    never_below(&order, &shares(&hits, drawn.len() as u64))
}

fn falling(observed: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..observed.len()).collect();
    order.sort_by(|a, b| observed[*b].total_cmp(&observed[*a]));
    order
}

/// The shares by rank, each at least the one before, in the family's order.
fn never_below(order: &[usize], shares: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![1.0; order.len()];
    let mut highest = 0.0f64;
    for (at, share) in order.iter().zip(shares) {
        highest = highest.max(*share);
        adjusted[*at] = highest;
    }
    adjusted
}

/// The rows of the sample that any of the family's models analyses.
fn rows(plan: &Plan, fits: &BTreeMap<String, Result<Fitted, Refusal>>, family: &FamilyPlan) -> Vec<usize> {
    let models = family
        .tests
        .iter()
        .filter_map(|t| plan.tests.get(t))
        .map(|t| &t.model);
    let fitted = models.filter_map(|m| fits.get(m)?.as_ref().ok());
    let all: BTreeSet<usize> = fitted.flat_map(|f| f.design.origin.iter().copied()).collect();
    all.into_iter().collect()
}

fn member<'a>(
    plan: &'a Plan,
    sample: &Sample,
    fits: &'a BTreeMap<String, Result<Fitted, Refusal>>,
    id: &String,
    rows: &[usize],
) -> Result<Member<'a>, Refusal> {
    let not_run = || {
        Refusal::new(
            codes::NOT_DEFINED,
            format!("the family cannot be corrected: {id} could not be run"),
        )
    };
    let test = plan.tests.get(id).ok_or_else(not_run)?;
    let model = plan.models.get(&test.model).ok_or_else(not_run)?;
    let Some(Ok(fitted)) = fits.get(&test.model) else {
        return Err(not_run());
    };
    let Quantity::Contrast { of, .. } = &test.quantity else {
        return Err(not_run());
    };
    let estimand = contrast::estimand(fitted, test).map_err(|_| not_run())?;
    let atom = Atom::Variable(of.clone());
    let statistic = RandomizationStatistic::T;
    let replicate =
        Replicate::new(fitted, &atom, &estimand.gradient, model.vcov, statistic).ok_or_else(not_run)?;
    let code = recoded(sample, fitted, of, plan).or_else(|refusal| match plan.variables.get(of) {
        Some(v) if v.probability.is_some() => Err(refusal),
        _ => Ok(Vec::new()),
    })?;
    let position: BTreeMap<usize, usize> = rows.iter().enumerate().map(|(at, row)| (*row, at)).collect();
    let place = fitted
        .design
        .origin
        .iter()
        .filter_map(|row| position.get(row).copied())
        .collect();
    let mut member = Member {
        test,
        fitted,
        replicate,
        estimate: estimand.value,
        observed: 0.0,
        code,
        place,
    };
    let own = own_codes(&member, of);
    let draw = Draw {
        codes: |i: usize| own[i],
        times: None,
        centre: 0.0,
    };
    let observed = member
        .replicate
        .statistic(&draw, &mut Workspace::default())
        .ok_or_else(not_run)?;
    member.observed = member.turned(observed);
    Ok(member)
}

/// The levels that the rows were assigned.
fn own_codes(member: &Member<'_>, of: &str) -> Vec<u32> {
    match member.fitted.design.inputs.get(&Atom::Variable(of.to_owned())) {
        Some(crate::design::Input::Levels { codes, .. }) => codes.clone(),
        _ => Vec::new(),
    }
}

/// Which of the successive maxima, from the smallest statistic up, reach the observed ones.
fn reached(observed: &[f64], order: &[usize], drawn: &[f64], mut hit: impl FnMut(usize)) {
    let mut highest = f64::NEG_INFINITY;
    for (rank, at) in order.iter().enumerate().rev() {
        highest = highest.max(drawn[*at]);
        let observed = observed[*at];
        if highest >= observed - 1e-9 * observed.abs() {
            hit(rank);
        }
    }
}

fn permuted(
    plan: &Plan,
    sample: &Sample,
    members: &[Member<'_>],
    observed: &[f64],
    rows: &[usize],
    draws: u64,
    seed: [u8; 32],
) -> Result<Vec<f64>, Refusal> {
    let Some(Quantity::Contrast { of, .. }) = members.first().map(|m| &m.test.quantity) else {
        return Ok(Vec::new());
    };
    let (allocation, unit) = allocation(plan, sample, of, rows)?;
    let order = falling(observed);
    let drawn = |codes: &[u32], work: &mut Workspace| -> Vec<f64> {
        let one = |member: &Member<'_>, work: &mut Workspace| {
            let level = |i: usize| member.code[codes[unit[member.place[i]]] as usize];
            let draw = Draw {
                codes: level,
                times: None,
                centre: 0.0,
            };
            // What cannot be fitted counts against the finding.
            member
                .replicate
                .statistic(&draw, work)
                .map_or(f64::INFINITY, |s| member.turned(s))
        };
        members.iter().map(|m| one(m, work)).collect()
    };
    if allocation.count().is_some() {
        let mut shares = vec![0.0; members.len()];
        let mut work = Workspace::default();
        allocation.each(&mut |codes, probability| {
            reached(observed, &order, &drawn(codes, &mut work), |rank| {
                shares[rank] += probability
            });
        });
        return Ok(shares);
    }
    let hits = tally(draws, members.len(), &|number, codes, work, hits| {
        allocation.draw(seed, number, codes);
        reached(observed, &order, &drawn(codes, work), |rank| hits[rank] += 1);
    });
    Ok(shares(&hits, draws))
}

fn bootstrapped(
    members: &[Member<'_>],
    observed: &[f64],
    rows: usize,
    draws: u64,
    seed: [u8; 32],
) -> Vec<f64> {
    let own: Vec<Vec<u32>> = members
        .iter()
        .map(|m| match &m.test.quantity {
            Quantity::Contrast { of, .. } => own_codes(m, of),
            _ => Vec::new(),
        })
        .collect();
    let order = falling(observed);
    let hits = tally(draws, members.len(), &|number, _, work, hits| {
        let mut stream = ChaCha8Rng::from_seed(seed);
        stream.set_stream(number);
        let mut times = vec![0.0; rows];
        for _ in 0..rows {
            let at = (u128::from(stream.next_u64()) * rows as u128) >> 64;
            times[at as usize] += 1.0;
        }
        let one = |(member, own): (&Member<'_>, &Vec<u32>)| {
            let often: Vec<f64> = member.place.iter().map(|p| times[*p]).collect();
            let draw = Draw {
                codes: |i: usize| own[i],
                times: Some(&often),
                centre: member.estimate,
            };
            member
                .replicate
                .statistic(&draw, work)
                .map_or(f64::INFINITY, |s| member.turned(s))
        };
        let drawn: Vec<f64> = members.iter().zip(&own).map(one).collect();
        reached(observed, &order, &drawn, |rank| hits[rank] += 1);
    });
    shares(&hits, draws)
}

fn shares(hits: &[u64], draws: u64) -> Vec<f64> {
    hits.iter()
        .map(|h| (*h as f64 + 1.0) / (draws as f64 + 1.0))
        .collect()
}
