//! Wilcoxon's signed ranks of one sample, or of the differences within pairs.

use super::ranks::{EXACT_BELOW, ranked};
use super::{Asked, Direct, no_variation};
use crate::design::Refusal;
use crate::estimate::tails;
use crate::plan::Alternative;

/// V, the sum of the ranks of |x − null| over x > null (Wilcoxon 1945, doi:10.2307/3001968).
///
/// Zeroes are dropped, and the method says how many. Exact for fewer than 50 values without ties and zeroes; else normal,
/// with the variance n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48 and a continuity correction of 1/2: R's `wilcox.test`. The
/// estimate is the pseudomedian of what is left, the median of (xᵢ + xⱼ)/2, i ≤ j (Hodges & Lehmann 1963,
/// doi:10.1214/aoms/1177704172); its interval is given where p is exact and its level can be had. Held to R and scipy
/// (`tests/direct_oracle.rs`).
///
/// # Errors
/// E009 where every value is the null.
pub fn signed_rank(values: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    let off: Vec<f64> = values
        .iter()
        .map(|v| v - asked.null)
        .filter(|x| *x != 0.0)
        .collect();
    let zeroes = values.len() - off.len();
    if off.is_empty() {
        return Err(no_variation("every value is the null: there is nothing to rank"));
    }
    let sizes: Vec<f64> = off.iter().map(|x| x.abs()).collect();
    let (ranks, ties) = ranked(&sizes);
    let v: f64 = ranks
        .iter()
        .zip(&off)
        .filter(|(_, x)| **x > 0.0)
        .map(|(r, _)| r)
        .sum();
    let mut sorted = off;
    sorted.sort_by(f64::total_cmp);
    let pairs = sorted.len() * (sorted.len() + 1) / 2;
    let middle = 0.5 * (walsh(&sorted, pairs.div_ceil(2)) + walsh(&sorted, pairs / 2 + 1));
    let dropped = match zeroes {
        0 => String::new(),
        1 => String::from("; 1 zero dropped"),
        many => format!("; {many} zeroes dropped"),
    };
    let exact = ties == 0.0 && zeroes == 0 && sorted.len() < EXACT_BELOW;
    let (p_value, how) = match exact {
        true => (exact_p(v, sorted.len(), asked), "exact"),
        false => (
            normal_p(v, sorted.len() as f64, ties, asked.alternative),
            "normal with tie and continuity corrections",
        ),
    };
    let interval = exact.then(|| interval(&sorted, asked)).flatten();
    Ok(Direct {
        estimate: Some(middle + asked.null),
        interval: interval.map(|(low, high)| (low + asked.null, high + asked.null)),
        ..Direct::new(
            "V",
            v,
            p_value,
            format!("Wilcoxon's signed ranks, {how}{dropped}"),
        )
    })
}

fn normal_p(v: f64, n: f64, ties: f64, alternative: Alternative) -> f64 {
    let off = v - n * (n + 1.0) / 4.0;
    let spread = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0).sqrt();
    match alternative {
        Alternative::Greater => tails::normal_sf((off - 0.5) / spread),
        Alternative::Less => tails::normal_sf((-off - 0.5) / spread),
        _ => (2.0 * tails::normal_sf((off.abs() - 0.5) / spread)).min(1.0),
    }
}

/// How many of the 2ⁿ choices of signs have each V from 0 to n(n + 1)/2.
fn signs(n: usize) -> Vec<f64> {
    let mut counts = vec![0.0; n * (n + 1) / 2 + 1];
    counts[0] = 1.0;
    for rank in 1..=n {
        for at in (rank..counts.len()).rev() {
            counts[at] += counts[at - rank];
        }
    }
    counts
}

fn exact_p(v: f64, n: usize, asked: Asked) -> f64 {
    let counts = signs(n);
    let (total, v) = (2f64.powi(n as i32), v.round() as usize);
    let upper = || counts.iter().skip(v).sum::<f64>() / total;
    let lower = || counts.iter().take(v + 1).sum::<f64>() / total;
    asked.p(upper, lower)
}

/// The pair means between which the null is not rejected; none where n is too small for the level.
fn interval(sorted: &[f64], asked: Asked) -> Option<(f64, f64)> {
    let n = sorted.len();
    let (counts, total) = (signs(n), 2f64.powi(n as i32));
    let (mut below, mut cut) = (0.0, 0);
    while below + counts.get(cut)? / total < asked.beyond() {
        below += counts.get(cut)? / total;
        cut += 1;
    }
    (cut > 0).then(|| (walsh(sorted, cut), walsh(sorted, n * (n + 1) / 2 - cut + 1)))
}

/// The k-th smallest, from 1, of (xᵢ + xⱼ)/2, i ≤ j, by bisection on the doubles themselves: O(n) memory.
fn walsh(sorted: &[f64], k: usize) -> f64 {
    let at_most = |m: f64| -> usize {
        let (mut total, mut own, mut j) = (0, 0, sorted.len());
        for x in sorted {
            while j > 0 && 0.5 * (x + sorted[j - 1]) > m {
                j -= 1;
            }
            total += j;
            own += usize::from(*x <= m);
        }
        (total + own) / 2
    };
    let (mut low, mut high) = (key(f64::MIN), key(f64::MAX));
    while low < high {
        let middle = low.midpoint(high);
        if at_most(value(middle)) >= k {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    value(low)
}

/// Doubles as whole numbers in the same order.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_mean_in_its_place() {
        let sorted = [-3.5, -0.25, 0.0, 0.1, 2.0, 2.0, 7.75];
        let mut means = Vec::new();
        for (i, x) in sorted.iter().enumerate() {
            means.extend(sorted.iter().skip(i).map(|y| 0.5 * (x + y)));
        }
        means.sort_by(f64::total_cmp);
        for (at, mean) in means.iter().enumerate() {
            assert_eq!(walsh(&sorted, at + 1), *mean);
        }
    }
}
