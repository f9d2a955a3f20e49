//! The registered allocation, drawn again.
//!
//! Independent: every unit by the registered probabilities. Complete: the assigned levels permuted over the units.
//! Blocked: permuted within blocks. Clustered: whole clusters, permuted. Units are the analysed rows or their clusters.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Allocations that are few enough are looked at one by one.
const ENUMERABLE: f64 = 200_000.0;
/// 2⁵³
const BITS: f64 = (1u64 << 53) as f64;

/// How units got their level.
#[derive(Clone, Debug)]
pub(super) enum Scheme {
    /// Tables of cumulative probabilities of the levels, and for each unit its table.
    Independent {
        tables: Vec<Vec<f64>>,
        of: Vec<usize>,
        /// The same tables as bounds of 53 random bits.
        bounds: Vec<Vec<u64>>,
    },
    /// The positions of the units in each stratum, within which levels are permuted.
    Permuted(Vec<Vec<usize>>),
}

impl Scheme {
    /// A level is how many of the bounds are reached, which is where u = bits/2⁵³ stands among the probabilities.
    pub fn independent(tables: Vec<Vec<f64>>, of: Vec<usize>) -> Scheme {
        let bound = |cumulative: &f64| (cumulative * BITS).ceil() as u64;
        let but_last = |table: &Vec<f64>| {
            let inner = table.len().saturating_sub(1);
            table.iter().take(inner).map(bound).collect()
        };
        let bounds = tables.iter().map(but_last).collect();
        Scheme::Independent { tables, of, bounds }
    }
}

/// Units with their assigned levels.
#[derive(Clone, Debug)]
pub(super) struct Allocation {
    pub assigned: Vec<u32>,
    pub scheme: Scheme,
}

impl Allocation {
    /// One draw: always the same for a seed and a number, whichever thread asks for it.
    pub fn draw(&self, seed: [u8; 32], number: u64, into: &mut Vec<u32>) {
        let mut stream = ChaCha8Rng::from_seed(seed);
        stream.set_stream(number);
        into.clear();
        match &self.scheme {
            Scheme::Independent { of, bounds, .. } => match (bounds.as_slice(), few(bounds)) {
                (_, Some(all)) => into.extend(of.iter().map(|_| level(&mut stream, &all))),
                (each, None) => into.extend(of.iter().map(|table| level(&mut stream, &each[*table]))),
            },
            Scheme::Permuted(strata) => {
                into.extend_from_slice(&self.assigned);
                for stratum in strata {
                    for last in (1..stratum.len()).rev() {
                        let other = below(&mut stream, last as u64 + 1) as usize;
                        into.swap(stratum[last], stratum[other]);
                    }
                }
            }
        }
    }

    /// How many different allocations there are, if few enough to look at each.
    pub fn count(&self) -> Option<u64> {
        let count = match &self.scheme {
            Scheme::Independent { tables, of, .. } => {
                let levels = tables.first().map_or(0, Vec::len);
                (levels as f64).powi(i32::try_from(of.len()).ok()?)
            }
            Scheme::Permuted(strata) => strata.iter().map(|s| self.arrangements(s)).product(),
        };
        (count <= ENUMERABLE).then_some(count.round() as u64)
    }

    /// n! / Π nₗ!
    fn arrangements(&self, stratum: &[usize]) -> f64 {
        let mut counts: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
        let mut ways = 1.0;
        for (position, unit) in stratum.iter().enumerate() {
            let count = counts.entry(self.assigned[*unit]).or_insert(0.0);
            *count += 1.0;
            ways *= (position as f64 + 1.0) / *count;
        }
        ways
    }

    /// Calls `look` with every allocation and its probability.
    pub fn each(&self, look: &mut dyn FnMut(&[u32], f64)) {
        match &self.scheme {
            Scheme::Independent { tables, of, .. } => {
                let levels = tables.first().map_or(0, Vec::len);
                let mut codes = vec![0u32; of.len()];
                let share = |code: u32, table: usize| {
                    let (at, cumulative) = (code as usize, &tables[table]);
                    cumulative[at] - if at == 0 { 0.0 } else { cumulative[at - 1] }
                };
                loop {
                    let shares = codes.iter().zip(of).map(|(c, table)| share(*c, *table));
                    let probability: f64 = shares.product();
                    if probability > 0.0 {
                        look(&codes, probability);
                    }
                    let Some(next) = codes.iter().position(|c| (*c as usize) + 1 < levels) else {
                        return;
                    };
                    codes[next] += 1;
                    codes[..next].fill(0);
                }
            }
            Scheme::Permuted(strata) => {
                let probability = 1.0 / strata.iter().map(|s| self.arrangements(s)).product::<f64>();
                let mut codes = self.assigned.clone();
                let mut orders: Vec<Vec<u32>> = strata.iter().map(|s| sorted(s, &codes)).collect();
                strata
                    .iter()
                    .zip(&orders)
                    .for_each(|(s, o)| place(s, o, &mut codes));
                loop {
                    look(&codes, probability);
                    let mut moved = false;
                    for (stratum, order) in strata.iter().zip(&mut orders) {
                        moved = next_permutation(order);
                        place(stratum, order, &mut codes);
                        if moved {
                            break;
                        }
                    }
                    if !moved {
                        return;
                    }
                }
            }
        }
    }
}

fn sorted(stratum: &[usize], codes: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = stratum.iter().map(|unit| codes[*unit]).collect();
    order.sort_unstable();
    order
}

fn place(stratum: &[usize], order: &[u32], codes: &mut [u32]) {
    stratum
        .iter()
        .zip(order)
        .for_each(|(unit, code)| codes[*unit] = *code);
}

/// The next arrangement in lexicographic order; after the last, the first again, and false.
fn next_permutation(order: &mut [u32]) -> bool {
    let Some(pivot) = (1..order.len()).rev().find(|i| order[i - 1] < order[*i]) else {
        order.reverse();
        return false;
    };
    let Some(successor) = (pivot..order.len()).rev().find(|i| order[*i] > order[pivot - 1]) else {
        return false;
    };
    order.swap(pivot - 1, successor);
    order[pivot..].reverse();
    true
}

/// The bounds of a single table of up to five levels, in a form that is compared without a loop.
fn few(tables: &[Vec<u64>]) -> Option<[u64; 4]> {
    let [only] = tables else { return None };
    let never = |at: usize| only.get(at).copied().unwrap_or(u64::MAX);
    (only.len() <= 4).then(|| std::array::from_fn(never))
}

/// A level by 53 random bits.
#[inline]
fn level(stream: &mut ChaCha8Rng, bounds: &[u64]) -> u32 {
    let bits = stream.next_u64() >> 11;
    // Counted rather than searched: a branch on a random bit is mispredicted.
    bounds.iter().map(|bound| u32::from(bits >= *bound)).sum()
}

/// Uniform below `bound`, by the upper half of a 128-bit product: its bias is below bound/2⁶⁴.
fn below(stream: &mut ChaCha8Rng, bound: u64) -> u64 {
    ((u128::from(stream.next_u64()) * u128::from(bound)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permuted(assigned: &[u32], strata: Vec<Vec<usize>>) -> Allocation {
        Allocation {
            assigned: assigned.to_vec(),
            scheme: Scheme::Permuted(strata),
        }
    }

    #[test]
    fn every_allocation_once() {
        let two_blocks = permuted(&[0, 0, 1, 1, 0, 1, 2], vec![vec![0, 1, 2, 3], vec![4, 5, 6]]);
        assert_eq!(two_blocks.count(), Some(36));
        let mut seen = std::collections::BTreeSet::new();
        let mut total = 0.0;
        two_blocks.each(&mut |codes, probability| {
            assert!(seen.insert(codes.to_vec()));
            total += probability;
        });
        assert_eq!(seen.len(), 36);
        assert!((total - 1.0f64).abs() < 1e-12 && seen.contains(&two_blocks.assigned));
        let independent = Allocation {
            assigned: vec![0, 1, 1],
            scheme: Scheme::independent(vec![vec![0.25, 1.0]], vec![0; 3]),
        };
        let (mut count, mut total) = (0, 0.0);
        independent.each(&mut |_, probability| {
            count += 1;
            total += probability;
        });
        assert_eq!((count, independent.count()), (8, Some(8)));
        assert!((total - 1.0f64).abs() < 1e-12);
    }

    #[test]
    fn levels_are_drawn_as_the_cumulative_probabilities_say() {
        let tables = vec![
            vec![0.2, 0.4, 0.6000000000000001, 0.8, 1.0],
            vec![0.0, 1.0 / 3.0, 1.0, 1.0],
            vec![1.0],
            vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0],
        ];
        let of: Vec<usize> = (0..1000).map(|unit| unit % 4).collect();
        let each = Allocation {
            assigned: Vec::new(),
            scheme: Scheme::independent(tables.clone(), of.clone()),
        };
        let alone = Allocation {
            assigned: Vec::new(),
            scheme: Scheme::independent(tables[..1].to_vec(), vec![0; 1000]),
        };
        let (mut drawn, mut drawn_alone) = (Vec::new(), Vec::new());
        for number in 0..20 {
            each.draw([3; 32], number, &mut drawn);
            alone.draw([3; 32], number, &mut drawn_alone);
            let mut stream = ChaCha8Rng::from_seed([3; 32]);
            stream.set_stream(number);
            for (unit, table) in of.iter().enumerate() {
                let u = (stream.next_u64() >> 11) as f64 / BITS;
                let searched = |table: &[f64]| table.iter().position(|c| u < *c).unwrap() as u32;
                assert_eq!(drawn[unit], searched(&tables[*table]));
                assert_eq!(drawn_alone[unit], searched(&tables[0]));
            }
        }
    }

    #[test]
    fn draws_keep_the_counts_of_each_stratum_and_depend_on_their_number_alone() {
        let blocks = permuted(&[0, 0, 1, 1, 0, 1, 2], vec![vec![0, 1, 2, 3], vec![4, 5, 6]]);
        let (mut first, mut again) = (Vec::new(), Vec::new());
        for number in 0..50 {
            blocks.draw([7; 32], number, &mut first);
            blocks.draw([7; 32], number, &mut again);
            assert_eq!(first, again);
            assert_eq!(first[..4].iter().sum::<u32>(), 2);
            let mut rest = first[4..].to_vec();
            rest.sort_unstable();
            assert_eq!(rest, [0, 1, 2]);
        }
    }
}
