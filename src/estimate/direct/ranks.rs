//! Rank tests: Mann–Whitney for two groups, Kruskal–Wallis for several.

use super::{Asked, Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::estimate::tails;
use crate::plan::Alternative;

/// Below this many values, and without ties, p is exact, as R's `wilcox.test` and `cor.test` choose.
pub(super) const EXACT_BELOW: usize = 50;

/// Mann–Whitney's U of `x` over `y`: the pairs with x > y, ties counting half (Mann & Whitney 1947,
/// doi:10.1214/aoms/1177730491).
///
/// Exact for fewer than 50 values in each group without ties; else normal, with the variance corrected for ties and a
/// continuity correction of 1/2: R's `wilcox.test`, scipy's `mannwhitneyu`. With `corrected` false always normal and
/// without the continuity correction: coin's `wilcox_test`, Stata's `ranksum`. Held to them (`tests/direct.rs`).
/// The estimate is U/mn, the probability of superiority.
///
/// # Errors
/// E002 for an empty group; E009 where all values are tied.
pub fn mann_whitney(x: &[f64], y: &[f64], corrected: bool, asked: Asked) -> Result<Direct, Refusal> {
    if x.is_empty() || y.is_empty() {
        return Err(too_few("a group is empty"));
    }
    let (m, n) = (x.len() as f64, y.len() as f64);
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let (ranks, ties) = ranked(&all);
    let u = ranks.iter().take(x.len()).sum::<f64>() - m * (m + 1.0) / 2.0;
    let found = |p_value: f64, method: &str| Direct {
        estimate: Some(u / (m * n)),
        ..Direct::new("U", u, p_value, method)
    };
    if corrected && ties == 0.0 && x.len() < EXACT_BELOW && y.len() < EXACT_BELOW {
        return Ok(found(exact(u, x.len(), y.len(), asked), "Mann–Whitney, exact"));
    }
    let total = m + n;
    let variance = m * n / 12.0 * ((total + 1.0) - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return Err(no_variation("all values are tied: there is nothing to rank"));
    }
    let (off, spread) = (u - m * n / 2.0, variance.sqrt());
    let (less, method) = match corrected {
        true => (0.5, "Mann–Whitney, normal with tie and continuity corrections"),
        false => (0.0, "Mann–Whitney, normal with tie correction"),
    };
    let p_value = match asked.alternative {
        Alternative::Greater => tails::normal_sf((off - less) / spread),
        Alternative::Less => tails::normal_sf((-off - less) / spread),
        _ => (2.0 * tails::normal_sf((off.abs() - less) / spread)).min(1.0),
    };
    Ok(found(p_value, method))
}

/// P by counting the arrangements of each U.
fn exact(u: f64, m: usize, n: usize, asked: Asked) -> f64 {
    let counts = arrangements(m, n);
    let total: f64 = counts.iter().sum();
    let u = u.round() as usize;
    let upper = || counts.iter().skip(u).sum::<f64>() / total;
    let lower = || counts.iter().take(u + 1).sum::<f64>() / total;
    asked.p(upper, lower)
}

/// How many of the arrangements of m among m + n have each U from 0 to mn, by whose the largest value is: an `x` is
/// above every y, a `y` is above nobody (Mann & Whitney 1947). Nothing is subtracted, so that the rarest keep their digits.
fn arrangements(m: usize, n: usize) -> Vec<f64> {
    // Of i among i + j, for each j up to n.
    let mut counts: Vec<Vec<f64>> = vec![vec![1.0]; n + 1];
    for i in 1..=m {
        let mut next: Vec<Vec<f64>> = Vec::with_capacity(n + 1);
        for (j, without_x) in counts.iter().enumerate() {
            let mut ways = vec![0.0; i * j + 1];
            let with_x = ways.iter_mut().skip(j);
            with_x.zip(without_x).for_each(|(w, count)| *w += count);
            if let Some(without_y) = next.last() {
                ways.iter_mut().zip(without_y).for_each(|(w, count)| *w += count);
            }
            next.push(ways);
        }
        counts = next;
    }
    counts.pop().unwrap_or_default()
}

/// Midranks from 1, and Σ(t³ − t) over the ties.
pub(super) fn ranked(values: &[f64]) -> (Vec<f64>, f64) {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let (mut ties, mut at) = (0.0, 0);
    while at < order.len() {
        let alike = order[at..]
            .iter()
            .take_while(|i| values[**i] == values[order[at]])
            .count();
        let rank = at as f64 + (alike as f64 + 1.0) / 2.0;
        order[at..at + alike].iter().for_each(|i| ranks[*i] = rank);
        let t = alike as f64;
        ties += t * t * t - t;
        at += alike;
    }
    (ranks, ties)
}

/// Kruskal–Wallis' H, corrected for ties, by χ²(k − 1) (Kruskal & Wallis 1952, doi:10.1080/01621459.1952.10483441).
///
/// H = [12/(N(N + 1)) ΣRᵢ²/nᵢ − 3(N + 1)] / [1 − Σ(t³ − t)/(N³ − N)]. Held to R's `kruskal.test` and scipy
/// (`tests/direct.rs`).
///
/// # Errors
/// E002 for fewer than two groups or an empty one; E009 where all values are tied.
pub fn kruskal_wallis(groups: &[Vec<f64>]) -> Result<Direct, Refusal> {
    if groups.len() < 2 || groups.iter().any(Vec::is_empty) {
        return Err(too_few("there are fewer than two groups with rows"));
    }
    let all: Vec<f64> = groups.iter().flatten().copied().collect();
    let n = all.len() as f64;
    let (ranks, ties) = ranked(&all);
    let correction = 1.0 - ties / (n * n * n - n);
    if correction <= 0.0 {
        return Err(no_variation("all values are tied: there is nothing to rank"));
    }
    let (mut from, mut sum) = (0, 0.0);
    for group in groups {
        let size = group.len() as f64;
        let average = ranks[from..from + group.len()].iter().sum::<f64>() / size;
        // About the mean rank, so that nothing cancels.
        sum += size * (average - (n + 1.0) / 2.0).powi(2);
        from += group.len();
    }
    let statistic = 12.0 / (n * (n + 1.0)) * sum / correction;
    let df = groups.len() as f64 - 1.0;
    Ok(Direct {
        df: vec![df],
        ..Direct::new(
            "H",
            statistic,
            tails::chi2_sf(statistic, df),
            "Kruskal–Wallis, corrected for ties",
        )
    })
}
