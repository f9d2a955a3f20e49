//! Marks of significance, by the legend of the manuscript's own tables.

use super::compare::Comparison;
use super::printed::{Printed, Relation};
use super::target::Target;
use crate::spec::claims::{Claim, Claims};

/// A comparison for each number that carries a mark: p must lie below its bound, and not below the next one's.
pub(super) fn stars(claim: &Claim, claims: &Claims, target: Target<'_>) -> Vec<Comparison> {
    let p = match target {
        Target::Test { result, .. } => result.p_value,
        Target::Term { coefficient, .. } => Some(coefficient.p_value),
        Target::Hypothesis(_) | Target::Model(_) => None,
    };
    let marked = claim.numbers.iter().filter_map(|(_, text)| {
        let mark = Printed::read(&text.value, claims.decimal)?.mark;
        (!mark.is_empty()).then_some((mark, text))
    });
    marked
        .map(|(mark, text)| {
            let bounds = bounds(&mark, &claims.stars);
            let (relation, note) = match (p, bounds) {
                (Some(p), Some((low, high))) if low <= p && p < high => (Some(Relation::Holds), None),
                (Some(_), Some((low, high))) if low > 0.0 => {
                    let note = format!("by the legend this is p from {low} to below {high}");
                    (Some(Relation::Differs), Some(note))
                }
                (Some(_), Some((_, high))) => (
                    Some(Relation::Differs),
                    Some(format!("by the legend this is p < {high}")),
                ),
                (None, _) => (None, Some(String::from("the run has no p of it"))),
                (_, None) => (None, Some(format!("`stars` has no legend for {mark}"))),
            };
            Comparison {
                key: "stars",
                text: mark,
                at: text.at.clone(),
                printed: None,
                found: p.filter(|_| relation.is_some()),
                relation,
                several: None,
                note,
            }
        })
        .collect()
}

/// From where to below where p lies for a mark.
fn bounds(mark: &str, legend: &[(String, f64)]) -> Option<(f64, f64)> {
    let position = legend.iter().position(|(known, _)| known == mark)?;
    let high = legend.get(position)?.1;
    Some((legend.get(position + 1).map_or(0.0, |(_, low)| *low), high))
}
