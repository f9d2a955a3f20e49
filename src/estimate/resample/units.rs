//! What is drawn: rows or clusters, in strata, and how often each row stands in a draw.

use super::kernel::Work;
use crate::design::{Design, Input, Refusal};
use crate::diagnostic::codes;
use crate::estimate::likelihood::distinct;
use crate::plan::{Estimator, ModelPlan};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws that one thread takes at a time.
const CHUNK: u64 = 16;

pub(super) struct Units {
    /// For each row, its unit.
    of_row: Vec<u32>,
    /// The units that are drawn among each other.
    strata: Vec<Vec<u32>>,
    count: usize,
}

impl Units {
    /// Clusters if there are any, else rows; a difference in means keeps the size of its arms.
    ///
    /// # Errors
    /// E012 for fewer than two clusters.
    pub fn new(design: &Design, model: &ModelPlan) -> Result<Units, Refusal> {
        let of_row = match design.clusters.first() {
            Some(groups) => groups.clone(),
            None => (0..design.rows() as u32).collect(),
        };
        let count = distinct(&of_row);
        if count < 2 {
            return Err(Refusal::new(codes::FEW_CLUSTERS, "all rows are in one cluster"));
        }
        let strata = match (model.estimator, design.inputs.values().next()) {
            (
                Estimator::DifferenceInMeans | Estimator::ListExperiment,
                Some(Input::Levels { names, codes }),
            ) => {
                let mut arms = vec![Vec::new(); names.len()];
                for (unit, code) in codes.iter().enumerate() {
                    if let Some(arm) = arms.get_mut(*code as usize) {
                        arm.push(unit as u32);
                    }
                }
                arms
            }
            _ => vec![(0..count as u32).collect()],
        };
        Ok(Units {
            of_row,
            strata,
            count,
        })
    }

    pub fn count(&self) -> usize {
        self.count
    }

    pub fn strata(&self) -> &[Vec<u32>] {
        &self.strata
    }

    /// The line of a unit's first row.
    pub fn line(&self, unit: usize, design: &Design) -> u64 {
        let row = self.of_row.iter().position(|u| *u as usize == unit);
        row.and_then(|r| design.lines.get(r)).copied().unwrap_or(0)
    }

    /// Draw `number`: units with replacement, within their strata.
    pub fn draw(&self, seed: [u8; 32], number: u64, work: &mut Work) {
        let mut stream = stream(seed, number);
        work.counts.clear();
        work.counts.resize(self.count, 0.0);
        for stratum in &self.strata {
            for _ in 0..stratum.len() {
                let at = (u128::from(stream.next_u64()) * stratum.len() as u128) >> 64;
                work.counts[stratum[at as usize] as usize] += 1.0;
            }
        }
        self.spread(work);
    }

    /// Signs of the units for draw `number`.
    pub fn signs(&self, seed: [u8; 32], number: u64, work: &mut Work) {
        let mut stream = stream(seed, number);
        work.counts.clear();
        let sign = |_| if stream.next_u32() & 1 == 0 { 1.0 } else { -1.0 };
        work.counts.extend((0..self.count).map(sign));
        self.spread(work);
    }

    /// Every row once but those of one unit.
    pub fn without(&self, unit: usize, work: &mut Work) {
        work.counts.clear();
        work.counts.resize(self.count, 1.0);
        work.counts[unit] = 0.0;
        self.spread(work);
    }

    fn spread(&self, work: &mut Work) {
        work.times.clear();
        let counts = &work.counts;
        work.times.extend(self.of_row.iter().map(|u| counts[*u as usize]));
    }
}

fn stream(seed: [u8; 32], number: u64) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::from_seed(seed);
    stream.set_stream(number);
    stream
}

/// Results in the order of their numbers, whichever thread computed them.
pub(super) fn over_processors<T: Send>(count: u64, one: &(dyn Fn(u64, &mut Work) -> T + Sync)) -> Vec<T> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(16);
    let next = AtomicU64::new(0);
    let worker = || {
        let (mut work, mut done) = (Work::default(), Vec::new());
        loop {
            let from = next.fetch_add(CHUNK, Ordering::Relaxed);
            if from >= count {
                return done;
            }
            let numbers = from..(from + CHUNK).min(count);
            done.extend(numbers.map(|number| (number, one(number, &mut work))));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut all = worker();
        workers
            .into_iter()
            .filter_map(|w| w.join().ok())
            .for_each(|part| all.extend(part));
        all
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}
