//! Whether a factor was allocated as registered: Pearson's χ² of the counts against the probabilities.
//!
//! χ² = Σ (O − E)² / E, df = levels − 1. R's `chisq.test(x, p = )`. Where the probabilities differ by block, it is summed
//! over the blocks, as are its degrees of freedom.

use crate::estimate::tails;
use crate::record::{FactorFacts, LevelFacts};

/// Fills the statistic, its degrees of freedom and p. Levels of probability 0 have no expectation to be compared with.
pub fn allocation(facts: &mut FactorFacts) {
    let strata: Vec<&[LevelFacts]> = match facts.blocks.as_slice() {
        [] => vec![&facts.levels],
        blocks => blocks.iter().map(|b| b.levels.as_slice()).collect(),
    };
    let (mut statistic, mut df) = (0.0, 0.0);
    for levels in strata {
        let known = |l: &LevelFacts| Some((l.rows as f64, l.probability.filter(|p| *p > 0.0)?));
        let cells: Vec<(f64, f64)> = levels.iter().filter_map(known).collect();
        let total: f64 = cells.iter().map(|(rows, _)| rows).sum();
        if total == 0.0 || cells.len() < 2 {
            continue;
        }
        let each = |(rows, p): &(f64, f64)| (rows - total * p).powi(2) / (total * p);
        statistic += cells.iter().map(each).sum::<f64>();
        df += cells.len() as f64 - 1.0;
    }
    if df > 0.0 {
        facts.statistic = Some(statistic);
        facts.df = Some(df);
        facts.p_value = Some(tails::chi2_sf(statistic, df));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::BlockFacts;

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
            blocks: Vec::new(),
            statistic: None,
            df: None,
            p_value: None,
        };
        allocation(&mut facts);
        // chisq.test(c(40, 30, 30), p = c(.25, .25, .5)): X-squared = 18, df = 2, p-value = 0.0001234098
        assert!((facts.statistic.unwrap() - 18.0).abs() < 1e-12);
        assert!((facts.p_value.unwrap() - 0.000_123_409_804_086_68).abs() < 1e-15);
    }

    #[test]
    fn blocks_are_summed() {
        let level = |rows, probability| LevelFacts {
            level: String::new(),
            probability: Some(probability),
            rows,
        };
        let block = |levels| BlockFacts {
            by: String::new(),
            block: String::new(),
            levels,
        };
        let mut facts = FactorFacts {
            factor: String::new(),
            levels: Vec::new(),
            blocks: vec![
                block(vec![level(40, 0.5), level(60, 0.5)]),
                block(vec![level(30, 0.2), level(70, 0.8), level(0, 0.0)]),
                block(vec![level(0, 0.5), level(0, 0.5)]),
            ],
            statistic: None,
            df: None,
            p_value: None,
        };
        allocation(&mut facts);
        // chisq.test(c(40, 60)): 4; chisq.test(c(30, 70), p = c(.2, .8)): 6.25; pchisq(10.25, 2, lower = FALSE)
        assert!((facts.statistic.unwrap() - 10.25).abs() < 1e-12);
        assert_eq!(facts.df, Some(2.0));
        assert!((facts.p_value.unwrap() - 0.005_946_217_356_472_094).abs() < 1e-12);
    }
}
