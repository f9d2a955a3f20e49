//! Codings of factors other than treatment contrasts. They move coefficients, and joint tests of terms that are in
//! interactions; contrasts of levels and margins are the same under each.
//!
//! sum: each level's deviation from the mean of the levels, the reference's left out (R's `contr.sum` with the
//! reference last) · helmert: each level against the mean of those before it (`contr.helmert`) · polynomial:
//! orthonormal linear, quadratic, … trends over equally spaced levels (`contr.poly`).

use super::coding::Part;
use crate::plan::{Atom, Coding};

/// The columns of a factor. `names` have the reference first; `order` are their ranks in the registered order.
pub(super) fn columns(coding: Coding, atom: &Atom, names: &[String], order: &[usize]) -> Vec<Part> {
    let part = |name: String, weights: Vec<f64>| Part::Coded {
        atom: atom.clone(),
        name,
        weights,
    };
    let count = names.len();
    let at_rank = |rank: usize| order.iter().position(|o| *o == rank).and_then(|i| names.get(i));
    match coding {
        Coding::Sum => (1..count)
            .map(|level| {
                let weight =
                    |code: usize| f64::from(i8::from(code == level)) - f64::from(i8::from(code == 0));
                let name = names.get(level).cloned().unwrap_or_default();
                part(format!("S.{name}"), (0..count).map(weight).collect())
            })
            .collect(),
        Coding::Helmert => (1..count)
            .map(|level| {
                let weight = |rank: &usize| match rank.cmp(&level) {
                    std::cmp::Ordering::Less => -1.0,
                    std::cmp::Ordering::Equal => level as f64,
                    std::cmp::Ordering::Greater => 0.0,
                };
                let name = at_rank(level).cloned().unwrap_or_default();
                part(format!("H.{name}"), order.iter().map(weight).collect())
            })
            .collect(),
        Coding::Polynomial => {
            let trends = trends(count);
            let weights = |trend: &Vec<f64>| {
                order
                    .iter()
                    .map(|o| trend.get(*o).copied().unwrap_or(f64::NAN))
                    .collect()
            };
            trends
                .iter()
                .enumerate()
                .map(|(at, trend)| part(degree(at + 1), weights(trend)))
                .collect()
        }
    }
}

/// `.L`, `.Q`, `.C`, `^4`, as R names them.
fn degree(power: usize) -> String {
    match power {
        1 => String::from(".L"),
        2 => String::from(".Q"),
        3 => String::from(".C"),
        _ => format!("^{power}"),
    }
}

/// Orthonormal polynomials of degree 1 to count − 1 on 0, 1, …, count − 1, by the three-term recurrence.
fn trends(count: usize) -> Vec<Vec<f64>> {
    let x: Vec<f64> = (0..count)
        .map(|i| i as f64 - (count as f64 - 1.0) / 2.0)
        .collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut all: Vec<Vec<f64>> = vec![vec![1.0 / (count as f64).sqrt(); count]];
    for _ in 1..count {
        let Some(last) = all.last() else { break };
        let mut next: Vec<f64> = last.iter().zip(&x).map(|(p, x)| p * x).collect();
        // Twice, so that rounding does not tilt one against another.
        for _ in 0..2 {
            for earlier in &all {
                let along = dot(&next, earlier);
                next.iter_mut().zip(earlier).for_each(|(n, e)| *n -= along * e);
            }
        }
        let size = dot(&next, &next).sqrt();
        next.iter_mut().for_each(|n| *n /= size);
        all.push(next);
    }
    all.into_iter().skip(1).collect()
}
