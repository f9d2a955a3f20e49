//! Mann–Whitney's U against every arrangement of the observed ranks, ties and all.

use super::ranks::ranked;
use super::{Asked, Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::Alternative;

/// Steps of the count: some 70 rows in each of two groups.
const LIMIT: usize = 200_000_000;

/// U as in [`super::mann_whitney`], exact given the ties: over all choices of the first group's midranks.
///
/// Two-sided, p is the share of the arrangements whose U is at least as far from mn/2: coin's `wilcox_test` and
/// exactRankTests' `wilcox.exact`, held to both (`tests/direct_shared.rs`).
///
/// # Errors
/// E002 for an empty group; E009 where all values are tied; E015 for more than about 70 rows in each group.
pub fn mann_whitney_exact(x: &[f64], y: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    if x.is_empty() || y.is_empty() {
        return Err(too_few("a group is empty"));
    }
    let (m, n) = (x.len(), y.len());
    let all: Vec<f64> = x.iter().chain(y).copied().collect();
    let (ranks, _) = ranked(&all);
    if ranks.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(no_variation("all values are tied: there is nothing to rank"));
    }
    // Midranks are whole or half: twice them are counts.
    let doubled: Vec<usize> = ranks.iter().map(|r| (2.0 * r).round() as usize).collect();
    let total: usize = doubled.iter().sum();
    if m.min(n).saturating_mul(all.len()).saturating_mul(total) > LIMIT {
        let message = "the groups are too large to look at every arrangement: `mann_whitney` is for groups of this size";
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    }
    let of_x: usize = doubled.iter().take(m).sum();
    let (size, observed) = if m <= n { (m, of_x) } else { (n, total - of_x) };
    let counts = choices(&doubled, size, total);
    let ways: f64 = counts.iter().sum();
    let share = |holds: &dyn Fn(usize) -> bool| {
        let counted = counts.iter().enumerate().filter(|(sum, _)| holds(*sum));
        counted.map(|(_, count)| count).sum::<f64>() / ways
    };
    // The mean of a sum of doubled midranks is size · (N + 1).
    let centre = size * (all.len() + 1);
    let (upper, lower) = (share(&|s| s >= observed), share(&|s| s <= observed));
    let p_value = match (asked.alternative, m <= n) {
        (Alternative::Greater, true) | (Alternative::Less, false) => upper,
        (Alternative::Less, true) | (Alternative::Greater, false) => lower,
        _ => share(&|s| s.abs_diff(centre) >= observed.abs_diff(centre)),
    };
    let u = of_x as f64 / 2.0 - (m * (m + 1)) as f64 / 2.0;
    Ok(Direct {
        estimate: Some(u / (m * n) as f64),
        ..Direct::new("U", u, p_value, "Mann–Whitney, exact given the ties")
    })
}

/// How many choices of `size` of the values have each sum from 0 to `total`.
fn choices(values: &[usize], size: usize, total: usize) -> Vec<f64> {
    let mut by_size = vec![vec![0.0; total + 1]; size + 1];
    by_size[0][0] = 1.0;
    for (taken, value) in values.iter().enumerate() {
        for chosen in (1..=size.min(taken + 1)).rev() {
            let (fewer, these) = by_size.split_at_mut(chosen);
            let from = fewer.last().map(Vec::as_slice).unwrap_or_default();
            for (to, count) in these[0].iter_mut().skip(*value).zip(from) {
                *to += count;
            }
        }
    }
    by_size.pop().unwrap_or_default()
}
