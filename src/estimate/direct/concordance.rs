//! Kendall's correlation: pairs of rows in the same order and in the other.

use super::ranks::EXACT_BELOW;
use super::{Asked, Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// Kendall's τ-b (Kendall 1938, doi:10.2307/2332226; 1945, doi:10.2307/2332303).
///
/// Exact for fewer than 50 rows without ties, T the concordant pairs; else z = S/√Var(S) with the variance corrected for
/// ties and no continuity correction: R's `cor.test`. Pairs are counted by Knight's merge sort (1966,
/// doi:10.1080/01621459.1966.10480879). Held to R and scipy (`tests/direct_oracle.rs`).
///
/// # Errors
/// E002 for fewer than two rows; E009 where a variable is constant.
pub fn kendall(y: &[f64], x: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    let (rows, n) = (y.len(), y.len() as f64);
    if rows < 2 {
        return Err(too_few("there are fewer than two rows"));
    }
    let (in_x, in_y) = (Ties::of(x), Ties::of(y));
    let all = n * (n - 1.0) / 2.0;
    let (free_x, free_y) = (all - in_x.pairs / 2.0, all - in_y.pairs / 2.0);
    if free_x <= 0.0 || free_y <= 0.0 {
        return Err(no_variation("a variable is the same in every row"));
    }
    let (swaps, in_both) = discordant(y, x);
    let score = all - in_x.pairs / 2.0 - in_y.pairs / 2.0 + in_both - 2.0 * swaps;
    let tau = (score / (free_x.sqrt() * free_y.sqrt())).clamp(-1.0, 1.0);
    let found = |name: &'static str, statistic: f64, p_value: f64, how: &str| Direct {
        estimate: Some(tau),
        ..Direct::new(name, statistic, p_value, format!("Kendall's τ, {how}"))
    };
    if rows < EXACT_BELOW && in_x.pairs + in_y.pairs == 0.0 {
        let concordant = all - swaps;
        let shares = inversions(rows);
        let at = concordant.round() as usize;
        let upper = || shares.iter().skip(at).sum::<f64>();
        let lower = || shares.iter().take(at + 1).sum::<f64>();
        return Ok(found("T", concordant, asked.p(upper, lower), "exact"));
    }
    let mut variance = (n * (n - 1.0) * (2.0 * n + 5.0) - in_x.spread - in_y.spread) / 18.0
        + in_x.pairs * in_y.pairs / (2.0 * n * (n - 1.0));
    if rows > 2 {
        variance += in_x.triples * in_y.triples / (9.0 * n * (n - 1.0) * (n - 2.0));
    }
    let z = score / variance.sqrt();
    let how = match in_x.pairs + in_y.pairs {
        0.0 => "normal",
        _ => "τ-b, normal with tie correction",
    };
    let p = asked.p(|| tails::normal_sf(z), || tails::normal_sf(-z));
    Ok(found("z", z, p, how))
}

/// Sums over the ties of a variable, t values alike.
struct Ties {
    /// Σt(t − 1)
    pairs: f64,
    /// Σt(t − 1)(t − 2)
    triples: f64,
    /// Σt(t − 1)(2t + 5)
    spread: f64,
}

impl Ties {
    fn of(values: &[f64]) -> Ties {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut ties = Ties {
            pairs: 0.0,
            triples: 0.0,
            spread: 0.0,
        };
        for alike in sorted.chunk_by(|a, b| a == b) {
            let t = alike.len() as f64;
            ties.pairs += t * (t - 1.0);
            ties.triples += t * (t - 1.0) * (t - 2.0);
            ties.spread += t * (t - 1.0) * (2.0 * t + 5.0);
        }
        ties
    }
}

/// The discordant pairs, and the pairs that are tied in both.
fn discordant(y: &[f64], x: &[f64]) -> (f64, f64) {
    let mut rows: Vec<(f64, f64)> = x.iter().copied().zip(y.iter().copied()).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let both = rows
        .chunk_by(|a, b| a == b)
        .map(|alike| alike.len() as f64 * (alike.len() as f64 - 1.0) / 2.0)
        .sum();
    let mut of_y: Vec<f64> = rows.iter().map(|row| row.1).collect();
    (swaps(&mut of_y), both)
}

/// How many exchanges of neighbours sort the values, by merging; they are sorted afterwards.
fn swaps(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if middle == 0 {
        return 0.0;
    }
    let mut total = {
        let (left, right) = values.split_at_mut(middle);
        swaps(left) + swaps(right)
    };
    let (left, right) = values.split_at(middle);
    let (mut i, mut j, mut merged) = (0, 0, Vec::with_capacity(values.len()));
    while let (Some(a), Some(b)) = (left.get(i), right.get(j)) {
        if b < a {
            total += (left.len() - i) as f64;
            merged.push(*b);
            j += 1;
        } else {
            merged.push(*a);
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    values.copy_from_slice(&merged);
    total
}

/// The share of the permutations of n that has each number of inversions.
fn inversions(n: usize) -> Vec<f64> {
    let mut shares = vec![1.0];
    for i in 2..=n {
        let mut next = vec![0.0; shares.len() + i - 1];
        for (at, share) in shares.iter().enumerate() {
            next[at..at + i].iter_mut().for_each(|v| *v += share / i as f64);
        }
        shares = next;
    }
    shares
}
