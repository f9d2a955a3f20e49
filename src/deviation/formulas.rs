//! What a change of a formula consists of: each part is its own deviation.

use crate::plan::{Formula, Term};

/// One way in which a requested formula is not the registered one.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Outcome,
    CovariateAdded(Vec<String>),
    CovariateDropped(Vec<String>),
    /// With the main effects that came along.
    InteractionAdded(Vec<String>),
    InteractionDropped(Vec<String>),
    FixedEffects,
    /// Intercept, random terms, or another function of the same columns.
    Terms,
}

/// The parts of a change, in the order of the table; of equal formulas none.
pub fn parts(before: &Formula, after: &Formula) -> Vec<Part> {
    let mut found = Vec::new();
    if before.outcome != after.outcome || before.less != after.less {
        found.push(Part::Outcome);
    }
    let (mut dropped, mut added) = (missing_in(before, after), missing_in(after, before));
    // A factor that is absorbed and no longer written out, or the reverse, is the same effect by another route.
    dropped.retain(|t| !absorbs(after, t));
    added.retain(|t| !absorbs(before, t));
    let rewritten = |t: &Term, other: &[Term]| other.iter().any(|o| columns(o) == columns(t));
    let same = |own: &[Term], other: &[Term]| own.iter().any(|t| rewritten(t, other));
    let terms =
        same(&dropped, &added) || before.intercept != after.intercept || random(before) != random(after);
    let (lost, new) = (dropped.clone(), added.clone());
    dropped.retain(|t| !rewritten(t, &new));
    added.retain(|t| !rewritten(t, &lost));
    let (covariates, interactions) = sorted(&added);
    found.extend(some(covariates).map(Part::CovariateAdded));
    let (gone, apart) = sorted(&dropped);
    found.extend(some(gone).map(Part::CovariateDropped));
    found.extend(some(interactions).map(Part::InteractionAdded));
    found.extend(some(apart).map(Part::InteractionDropped));
    if before.absorbed != after.absorbed {
        found.push(Part::FixedEffects);
    }
    if terms || (found.is_empty() && before != after) {
        found.push(Part::Terms);
    }
    found
}

/// A formula with one part of the change from `before` to `after` made in it.
pub(super) fn with(own: &Formula, before: &Formula, after: &Formula, part: &Part) -> Formula {
    let mut made = own.clone();
    let named = |terms: &[String], t: &Term| terms.contains(&t.to_string());
    match part {
        Part::Outcome => {
            made.outcome = after.outcome.clone();
            made.less = after.less.clone();
        }
        Part::CovariateAdded(terms) | Part::InteractionAdded(terms) => {
            add(
                &mut made.terms,
                missing_in(after, before).into_iter().filter(|t| named(terms, t)),
            );
        }
        Part::CovariateDropped(terms) | Part::InteractionDropped(terms) => {
            let gone = missing_in(before, after);
            made.terms.retain(|t| !(gone.contains(t) && named(terms, t)));
        }
        Part::FixedEffects => {
            made.absorbed = after.absorbed.clone();
            made.terms
                .retain(|t| after.terms.contains(t) || !absorbs(after, t));
            add(
                &mut made.terms,
                missing_in(after, before)
                    .into_iter()
                    .filter(|t| absorbs(before, t)),
            );
        }
        Part::Terms => {
            made.intercept = after.intercept;
            made.random = after.random.clone();
            let (gone, new) = (missing_in(before, after), missing_in(after, before));
            let rewritten = |t: &Term, other: &[Term]| other.iter().any(|o| columns(o) == columns(t));
            made.terms.retain(|t| !(gone.contains(t) && rewritten(t, &new)));
            add(
                &mut made.terms,
                new.iter().filter(|t| rewritten(t, &gone)).cloned(),
            );
        }
    }
    made
}

/// Main effects stay before products, products of fewer variables before those of more.
fn add(terms: &mut Vec<Term>, more: impl Iterator<Item = Term>) {
    for term in more {
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms.sort_by_key(|t| t.0.len());
}

fn missing_in(of: &Formula, other: &Formula) -> Vec<Term> {
    let absent = of.terms.iter().filter(|t| !other.terms.contains(t));
    absent.cloned().collect()
}

fn absorbs(formula: &Formula, term: &Term) -> bool {
    let columns = columns(term);
    columns.len() == 1 && columns.iter().all(|c| formula.absorbed.iter().any(|a| a == c))
}

fn columns(term: &Term) -> Vec<&str> {
    let mut columns: Vec<&str> = term.columns().collect();
    columns.sort_unstable();
    columns
}

fn random(formula: &Formula) -> Vec<String> {
    let mut random: Vec<String> = formula.random.iter().map(ToString::to_string).collect();
    random.sort();
    random
}

/// Main effects by themselves, and interactions with the main effects that they bring along.
fn sorted(terms: &[Term]) -> (Vec<String>, Vec<String>) {
    let products = || terms.iter().filter(|t| t.0.len() > 1);
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for term in terms.iter().filter(|t| t.0.len() == 1) {
        let brought = products().any(|p| term.0.iter().all(|atom| p.0.contains(atom)));
        let place = if brought { &mut together } else { &mut alone };
        place.push(term.to_string());
    }
    together.extend(products().map(Term::to_string));
    (alone, together)
}

fn some(terms: Vec<String>) -> Option<Vec<String>> {
    (!terms.is_empty()).then_some(terms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, after: &str) -> Vec<Part> {
        let read = |text: &str| Formula::parse(text).unwrap();
        parts(&read(before), &read(after))
    }

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_change_falls_into_its_parts() {
        assert_eq!(of("y ~ a * b", "y ~ b + a + b:a"), []);
        assert_eq!(of("y ~ a", "y ~ a + x + z"), [Part::CovariateAdded(words("x z"))]);
        assert_eq!(of("y ~ a + x", "y ~ a"), [Part::CovariateDropped(words("x"))]);
        assert_eq!(of("y ~ a", "y ~ a * b"), [Part::InteractionAdded(words("b a:b"))]);
        assert_eq!(
            of("y ~ a * b", "y ~ a + b"),
            [Part::InteractionDropped(words("a:b"))]
        );
        assert_eq!(of("y ~ a", "z ~ a"), [Part::Outcome]);
        assert_eq!(of("y ~ a + x", "y ~ a + log(x)"), [Part::Terms]);
        assert_eq!(of("y ~ a", "y ~ 0 + a"), [Part::Terms]);
        assert_eq!(of("y ~ a", "y ~ a | firm"), [Part::FixedEffects]);
        assert_eq!(of("y ~ a + firm", "y ~ a | firm"), [Part::FixedEffects]);
        assert_eq!(
            of("y ~ a * b + x", "z ~ a * c"),
            [
                Part::Outcome,
                Part::CovariateDropped(words("x")),
                Part::InteractionAdded(words("c a:c")),
                Part::InteractionDropped(words("b a:b")),
            ]
        );
    }
}
