//! Corrections over a registered family, as R's `p.adjust`.
//!
//! Bonferroni: m·p · Holm (1979, jstor 4615733): step-down max of (m − i + 1)·p₍ᵢ₎ ·
//! Benjamini & Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x): step-up min of m/i·p₍ᵢ₎.
//! m is the family's registered size: a member that could not be run still counts, which can only raise p.

use crate::plan::Adjust;

/// Adjusted p-values in the family's order; nothing where p is nothing.
pub fn adjusted(p: &[Option<f64>], adjust: Adjust) -> Vec<Option<f64>> {
    let m = p.len() as f64;
    let mut order: Vec<(usize, f64)> = p
        .iter()
        .enumerate()
        .filter_map(|(i, p)| Some((i, (*p)?)))
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut result = vec![None; p.len()];
    let mut put = |at: usize, value: f64| {
        if let Some(slot) = result.get_mut(at) {
            *slot = Some(value.min(1.0));
        }
    };
    match adjust {
        Adjust::None => order.iter().for_each(|(at, p)| put(*at, *p)),
        Adjust::Bonferroni => order.iter().for_each(|(at, p)| put(*at, p * m)),
        Adjust::Holm => {
            let mut highest = 0.0f64;
            for (rank, (at, p)) in order.iter().enumerate() {
                highest = highest.max(p * (m - rank as f64));
                put(*at, highest);
            }
        }
        Adjust::Bh => {
            // Ranks of members that could not be run are the highest, so theirs are passed over first.
            let mut lowest = 1.0f64;
            for (rank, (at, p)) in order.iter().enumerate().rev() {
                lowest = lowest.min(p * m / (rank as f64 + 1.0));
                put(*at, lowest);
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_r_p_adjust() {
        // p.adjust(c(0.01, 0.04, 0.03, 0.005), method) of R 4.2.2
        let p = [Some(0.01), Some(0.04), Some(0.03), Some(0.005)];
        for (adjust, expected) in [
            (Adjust::Bonferroni, [0.04, 0.16, 0.12, 0.02]),
            (Adjust::Holm, [0.03, 0.06, 0.06, 0.02]),
            (Adjust::Bh, [0.02, 0.04, 0.04, 0.02]),
        ] {
            for (found, expected) in adjusted(&p, adjust).iter().zip(expected) {
                assert!(
                    (found.unwrap() - expected).abs() < 1e-15,
                    "{adjust:?} {found:?} {expected}"
                );
            }
        }
    }

    #[test]
    fn a_missing_member_counts() {
        assert_eq!(adjusted(&[Some(0.01), None], Adjust::Holm), [Some(0.02), None]);
        assert_eq!(
            adjusted(&[Some(0.6), None], Adjust::Bonferroni),
            [Some(1.0), None]
        );
        assert_eq!(adjusted(&[Some(0.01), None], Adjust::Bh), [Some(0.02), None]);
    }
}
