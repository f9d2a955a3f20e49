//! Corrections over a registered family, as R's `p.adjust` where it has them.
//!
//! Bonferroni: m·p · Šidák (1967, doi:10.1080/01621459.1967.10482935): 1 − (1 − p)ᵐ ·
//! Holm (1979, jstor 4615733): step-down max of (m − i + 1)·p₍ᵢ₎; Holm–Šidák the same with Šidák's ·
//! Hochberg (1988, doi:10.1093/biomet/75.4.800): step-up min of (m − i + 1)·p₍ᵢ₎ ·
//! Hommel (1988, doi:10.1093/biomet/75.2.383) · Benjamini & Hochberg (1995,
//! doi:10.1111/j.2517-6161.1995.tb02031.x): step-up min of m/i·p₍ᵢ₎; Benjamini & Yekutieli (2001,
//! doi:10.1214/aos/1013699998): the same times Σ1/i · two-stage (Benjamini, Krieger & Yekutieli 2006,
//! doi:10.1093/biomet/93.3.491): the same times (1 + α)(m − r)/m, r of m rejected by BH at α/(1 + α), as statsmodels'
//! `fdr_tsbky` · fixed sequence: max of the p so far, in the registered order.
//! m is the family's registered size: a member that could not be run counts with p = 1, which can only raise the others.

use crate::plan::{Adjust, GateRule};

/// Adjusted p-values in the family's order; nothing where p is nothing. `alpha` is the level of its tests.
pub fn adjusted(p: &[Option<f64>], adjust: Adjust, alpha: f64) -> Vec<Option<f64>> {
    let full: Vec<f64> = p.iter().map(|p| p.unwrap_or(1.0)).collect();
    let m = full.len() as f64;
    let corrected = match adjust {
        // What is drawn again is corrected in `resampled`.
        Adjust::None | Adjust::WestfallYoung | Adjust::RomanoWolf => full,
        Adjust::Bonferroni => full.iter().map(|p| p * m).collect(),
        Adjust::Sidak => full.iter().map(|p| sidak(*p, m)).collect(),
        Adjust::Holm => step_down(&full, |p, left| p * left),
        Adjust::HolmSidak => step_down(&full, sidak),
        Adjust::Hochberg => step_up(&full, |p, rank| p * (m - rank + 1.0)),
        Adjust::Hommel => hommel(&full),
        Adjust::Bh => benjamini_hochberg(&full),
        Adjust::BhTwoStage => two_stage(&full, alpha),
        Adjust::By => {
            let harmonic: f64 = (1..=full.len()).map(|i| 1.0 / i as f64).sum();
            step_up(&full, |p, rank| p * m / rank * harmonic)
        }
        Adjust::FixedSequence => full
            .iter()
            .scan(0.0f64, |highest, p| {
                *highest = highest.max(*p);
                Some(*highest)
            })
            .collect(),
    };
    corrected
        .into_iter()
        .zip(p)
        .map(|(corrected, p)| p.map(|_| corrected.min(1.0)))
        .collect()
}

/// The p-value of a gate: the largest of its family must reject, or the smallest. A member that could not be
/// run keeps a serial gate shut.
pub fn gate(p: &[Option<f64>], rule: GateRule) -> Option<f64> {
    match rule {
        GateRule::All => p.iter().try_fold(0.0f64, |highest, p| Some(highest.max((*p)?))),
        GateRule::Any => p.iter().flatten().copied().reduce(f64::min),
    }
}

/// 1 − (1 − p)ᵐ without cancellation.
fn sidak(p: f64, m: f64) -> f64 {
    -(m * (-p).ln_1p()).exp_m1()
}

fn order(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

/// From the smallest on: the correction for those not yet rejected, never below the one before.
fn step_down(p: &[f64], correct: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut result = vec![1.0; p.len()];
    let mut highest = 0.0f64;
    for (rank, at) in order(p).into_iter().enumerate() {
        highest = highest.max(correct(p[at], (p.len() - rank) as f64));
        result[at] = highest;
    }
    result
}

/// From the largest on: the correction by rank from 1, never above the one after.
fn step_up(p: &[f64], correct: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let mut result = vec![1.0; p.len()];
    let mut lowest = 1.0f64;
    for (rank, at) in order(p).into_iter().enumerate().rev() {
        lowest = lowest.min(correct(p[at], rank as f64 + 1.0));
        result[at] = lowest;
    }
    result
}

fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let m = p.len() as f64;
    step_up(p, |p, rank| p * m / rank)
}

/// The first stage counts what it rejects; where that is nothing or everything, the second is the first.
fn two_stage(p: &[f64], alpha: f64) -> Vec<f64> {
    let first = benjamini_hochberg(p);
    let level = alpha / (1.0 + alpha);
    let rejected = first.iter().filter(|p| **p <= level).count();
    let left = (p.len() - rejected) as f64 / p.len() as f64;
    let share = if left > 0.0 { left } else { 1.0 };
    first.iter().map(|p| p * share * (1.0 + alpha)).collect()
}

/// Hommel's closed procedure by Wright's algorithm (1992, doi:10.2307/2532694), as R's `p.adjust`.
fn hommel(p: &[f64]) -> Vec<f64> {
    let n = p.len();
    let order = order(p);
    let sorted: Vec<f64> = order.iter().map(|at| p[*at]).collect();
    let first = (1..=n)
        .map(|i| n as f64 * sorted[i - 1] / i as f64)
        .fold(f64::INFINITY, f64::min);
    let mut q = vec![first; n];
    let mut result = vec![first; n];
    for m in (2..n).rev() {
        let split = n - m + 1;
        let share = m as f64;
        let tail = (2..=m)
            .map(|i| share * sorted[split + i - 2] / i as f64)
            .fold(f64::INFINITY, f64::min);
        for i in 0..split {
            q[i] = (share * sorted[i]).min(tail);
        }
        for i in split..n {
            q[i] = q[split - 1];
        }
        result.iter_mut().zip(&q).for_each(|(r, q)| *r = r.max(*q));
    }
    let mut placed = vec![1.0; n];
    for (rank, at) in order.into_iter().enumerate() {
        placed[at] = result[rank].max(sorted[rank]);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_member_counts() {
        assert_eq!(
            adjusted(&[Some(0.01), None], Adjust::Holm, 0.05),
            [Some(0.02), None]
        );
        assert_eq!(
            adjusted(&[Some(0.6), None], Adjust::Bonferroni, 0.05),
            [Some(1.0), None]
        );
        assert_eq!(
            adjusted(&[Some(0.01), None], Adjust::Bh, 0.05),
            [Some(0.02), None]
        );
    }

    #[test]
    fn a_sequence_stops_at_the_first_that_fails() {
        let p = [Some(0.01), Some(0.2), Some(0.001)];
        let found = adjusted(&p, Adjust::FixedSequence, 0.05);
        assert_eq!(found, [Some(0.01), Some(0.2), Some(0.2)]);
        assert_eq!(
            adjusted(&[Some(0.01), None, Some(0.02)], Adjust::FixedSequence, 0.05)[2],
            Some(1.0)
        );
    }

    #[test]
    fn gates_open_as_registered() {
        assert_eq!(gate(&[Some(0.01), Some(0.2)], GateRule::All), Some(0.2));
        assert_eq!(gate(&[Some(0.01), Some(0.2)], GateRule::Any), Some(0.01));
        assert_eq!(gate(&[Some(0.01), None], GateRule::All), None);
    }
}
