//! Whether a factor was allocated as registered: Pearson's χ² of the counts against the probabilities.
//!
//! χ² = Σ (O − E)² / E, df = levels − 1. R's `chisq.test(x, p = )`.

use crate::estimate::tails;
use crate::record::FactorFacts;

/// Fills the statistic, its degrees of freedom and p. Levels of probability 0 are left to another rule.
pub fn allocation(facts: &mut FactorFacts) {
    let cells: Vec<(f64, f64)> = facts
        .levels
        .iter()
        .filter_map(|l| Some((l.rows as f64, l.probability.filter(|p| *p > 0.0)?)))
        .collect();
    let total: f64 = cells.iter().map(|(rows, _)| rows).sum();
    if total == 0.0 || cells.len() < 2 {
        return;
    }
    let statistic: f64 = cells
        .iter()
        .map(|(rows, p)| (rows - total * p).powi(2) / (total * p))
        .sum();
    let df = cells.len() as f64 - 1.0;
    facts.statistic = Some(statistic);
    facts.df = Some(df);
    facts.p_value = Some(tails::chi2_sf(statistic, df));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::LevelFacts;

    #[test]
    fn as_r_chisq_test() {
        let level = |rows, probability| LevelFacts {
            level: String::new(),
            probability: Some(probability),
            rows,
        };
        let mut facts = FactorFacts {
            factor: String::new(),
            levels: vec![level(40, 0.25), level(30, 0.25), level(30, 0.5)],
            statistic: None,
            df: None,
            p_value: None,
        };
        allocation(&mut facts);
        // chisq.test(c(40, 30, 30), p = c(.25, .25, .5)): X-squared = 18, df = 2, p-value = 0.0001234098
        assert!((facts.statistic.unwrap() - 18.0).abs() < 1e-12);
        assert!((facts.p_value.unwrap() - 0.000_123_409_804_086_68).abs() < 1e-15);
    }
}
