//! The largest distance of two groups' distributions.

use super::{Asked, Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::estimate::tails;
use crate::plan::Alternative;

/// Below this product of the groups' sizes p is counted, as R's `ks.test` chooses.
const COUNTED_BELOW: usize = 10_000;

/// Kolmogorov and Smirnov's D of two groups: max |F_x − F_y|, or one-sided max (F_x − F_y) (Smirnov 1939).
///
/// `greater` means that the distribution function of x lies above that of y, so that x is the smaller: R's `ks.test`.
/// Counted over the orders of the pooled values where mn < 10,000, given their ties (Schröer & Trenkler 1995,
/// doi:10.1016/0167-9473(94)00040-P); else Kolmogorov's limit, one-sided exp(−2D²mn/(m + n)), which takes no notice of
/// ties. Held to R and scipy (`tests/direct_oracle.rs`).
///
/// # Errors
/// E002 for an empty group; E009 where all values are tied.
pub fn kolmogorov_smirnov(x: &[f64], y: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    if x.is_empty() || y.is_empty() {
        return Err(too_few("a group is empty"));
    }
    let (m, n) = (x.len(), y.len());
    let mut pooled: Vec<(f64, bool)> = x.iter().map(|v| (*v, true)).collect();
    pooled.extend(y.iter().map(|v| (*v, false)));
    pooled.sort_by(|a, b| a.0.total_cmp(&b.0));
    let blocks: Vec<&[(f64, bool)]> = pooled.chunk_by(|a, b| a.0 == b.0).collect();
    if blocks.len() == 1 {
        return Err(no_variation("all values are tied: the groups cannot differ"));
    }
    let tied = blocks.len() < pooled.len();
    // Whether something can be seen after the k-th of the pooled values: not within a tie.
    let mut seen = vec![false; m + n + 1];
    let (mut u, mut v, mut gap) = (0, 0, i64::MIN);
    for block in &blocks {
        let of_x = block.iter().filter(|(_, is_x)| *is_x).count();
        u += of_x;
        v += block.len() - of_x;
        seen[u + v] = true;
        gap = gap.max(distance(u, v, (m, n), asked.alternative));
    }
    let d = gap as f64 / (m as f64 * n as f64);
    let name = match asked.alternative {
        Alternative::Greater => "D⁺",
        Alternative::Less => "D⁻",
        _ => "D",
    };
    let (p_value, how) = if m * n < COUNTED_BELOW {
        let method = if tied { "exact, given the ties" } else { "exact" };
        (counted(gap, (m, n), &seen, asked.alternative), method)
    } else {
        let size = m as f64 * n as f64 / (m + n) as f64;
        let p = match asked.alternative {
            Alternative::Greater | Alternative::Less => (-2.0 * size * d * d).exp(),
            _ => tails::kolmogorov_sf(size.sqrt() * d),
        };
        let method = match tied {
            true => "by its limit, which takes no notice of ties",
            false => "by its limit",
        };
        (p, method)
    };
    let method = format!("Kolmogorov–Smirnov, {how}");
    Ok(Direct::new(name, d, p_value, method))
}

/// mn times the distance after u of x and v of y, on the side that is asked for.
fn distance(u: usize, v: usize, (m, n): (usize, usize), alternative: Alternative) -> i64 {
    let gap = (u * n) as i64 - (v * m) as i64;
    match alternative {
        Alternative::Greater => gap,
        Alternative::Less => -gap,
        _ => gap.abs(),
    }
}

/// The share of the orders of m and n values that come at least as far apart: what has come there stays there.
fn counted(gap: i64, (m, n): (usize, usize), seen: &[bool], alternative: Alternative) -> f64 {
    // For each v: the shares of the orders that have not come there, and that have.
    let mut column = vec![(0.0, 0.0); n + 1];
    for u in 0..=m {
        for v in 0..=n {
            let total = |taken: usize| (m + n + 1 - taken) as f64;
            let (mut free, mut there) = if u + v == 0 { (1.0, 0.0) } else { (0.0, 0.0) };
            if u > 0 {
                let share = (m + 1 - u) as f64 / total(u + v);
                free += column[v].0 * share;
                there += column[v].1 * share;
            }
            if v > 0 {
                let share = (n + 1 - v) as f64 / total(u + v);
                free += column[v - 1].0 * share;
                there += column[v - 1].1 * share;
            }
            if seen[u + v] && distance(u, v, (m, n), alternative) >= gap {
                there += free;
                free = 0.0;
            }
            column[v] = (free, there);
        }
    }
    column[n].1.min(1.0)
}
