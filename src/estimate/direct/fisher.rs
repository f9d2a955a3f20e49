//! Fisher's exact test of a table of two by two, with the odds ratio.

use super::proportion::SAME;
use super::{Asked, Direct, no_variation};
use crate::design::Refusal;
use crate::estimate::tails;
use crate::plan::Alternative;

/// The odds of the second category in the first group over those in the second, by the conditional distribution of the
/// table given its margins (Fisher 1935, doi:10.2307/2342435).
///
/// The estimate is the conditional maximum likelihood's, the interval inverts the two one-sided tests, p is one-sided or
/// the probability of all tables that are no likelier: R's `fisher.test`, whose root-finding is accurate to 1e-4 where this
/// goes on to the last digit; scipy's `odds_ratio`. Held to both (`tests/direct_oracle.rs`). An odds ratio without bound,
/// where a cell is empty, is not estimated. `counts` are two rows of two cells.
///
/// # Errors
/// E009 for a row or column without counts.
pub fn odds_ratio(counts: &[Vec<f64>], asked: Asked) -> Result<Direct, Refusal> {
    let [a, b] = counts else {
        return Err(no_variation("the table has not two rows"));
    };
    let ([no, yes], [other_no, other_yes]) = (a.as_slice(), b.as_slice()) else {
        return Err(no_variation(
            "the outcome has not two categories: an odds ratio is of two",
        ));
    };
    let margins = [no + yes, other_no + other_yes, no + other_no, yes + other_yes];
    if margins.iter().any(|m| *m <= 0.0) {
        return Err(no_variation("a row or a column of the table has no counts"));
    }
    let table = Conditional::of(margins[0], margins[1], margins[3]);
    let (x, low, high) = (*yes, table.low, table.high());
    let at = (x - low) as usize;
    let null = table.shares(asked.null.ln());
    let upper = || null.iter().skip(at).sum::<f64>();
    let lower = || null.iter().take(at + 1).sum::<f64>();
    let p_value = match asked.alternative {
        Alternative::Greater => upper(),
        Alternative::Less => lower(),
        _ => {
            let likely = null.get(at).copied().unwrap_or(0.0) * (1.0 + SAME);
            null.iter().filter(|d| **d <= likely).sum::<f64>()
        }
    };
    let solve =
        |holds: &dyn Fn(&[f64]) -> bool| tails::turning(-745.0, 709.0, |ln| holds(&table.shares(ln))).exp();
    let mean = |shares: &[f64]| {
        shares
            .iter()
            .enumerate()
            .map(|(i, d)| (low + i as f64) * d)
            .sum::<f64>()
    };
    let tail = |shares: &[f64], from: usize| shares.iter().skip(from).sum::<f64>();
    let head = |shares: &[f64], to: usize| shares.iter().take(to + 1).sum::<f64>();
    let estimate = match x {
        x if x == high => None,
        x if x == low => Some(0.0),
        x => Some(solve(&|shares| mean(shares) > x)),
    };
    let from = match x {
        x if x == low => 0.0,
        _ => solve(&|shares| tail(shares, at) > asked.beyond()),
    };
    let to = match x {
        x if x == high => f64::INFINITY,
        _ => solve(&|shares| head(shares, at) < asked.beyond()),
    };
    let method = match estimate {
        Some(_) => "Fisher's exact test, conditional odds ratio",
        None => "Fisher's exact test; the conditional odds ratio is without bound: a cell is empty",
    };
    Ok(Direct {
        estimate,
        interval: Some((from, to)),
        ..Direct::new("k", x, p_value.min(1.0), method)
    })
}

/// A cell of a table with fixed margins: the noncentral hypergeometric distribution.
struct Conditional {
    low: f64,
    /// Their logarithms at an odds ratio of one, up to a constant.
    ln: Vec<f64>,
}

impl Conditional {
    /// Of the first of two groups with m and n rows, k of which have the category.
    fn of(m: f64, n: f64, k: f64) -> Conditional {
        let (low, high) = ((k - n).max(0.0), k.min(m));
        let (mut ln, mut at) = (vec![0.0], low);
        while at < high {
            let ratio = (m - at) * (k - at) / ((at + 1.0) * (n - k + at + 1.0));
            ln.push(ln.last().copied().unwrap_or(0.0) + ratio.ln());
            at += 1.0;
        }
        Conditional { low, ln }
    }

    fn high(&self) -> f64 {
        self.low + self.ln.len() as f64 - 1.0
    }

    /// The probabilities at an odds ratio.
    fn shares(&self, ln_ratio: f64) -> Vec<f64> {
        let tilted = || self.ln.iter().enumerate().map(|(i, l)| l + i as f64 * ln_ratio);
        let most = tilted().fold(f64::NEG_INFINITY, f64::max);
        let mut shares: Vec<f64> = tilted().map(|l| (l - most).exp()).collect();
        let total: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|d| *d /= total);
        shares
    }
}
