//! What is gathered while a right-hand side is read.

use super::{Atom, RandomTerm, Term};
use crate::plan::text::Unreadable;

/// A set of terms in the order they first appear; the empty term is the intercept.
pub(super) type Terms = Vec<Vec<Atom>>;

/// What stands right of `~`, or in a parenthesis.
#[derive(Default)]
pub(super) struct Side {
    pub terms: Terms,
    pub random: Vec<RandomTerm>,
}

impl Side {
    pub fn with_intercept() -> Side {
        Side {
            terms: vec![Vec::new()],
            random: Vec::new(),
        }
    }

    /// Whether the intercept is among the terms, and the others.
    pub fn products(self) -> (bool, Vec<Term>) {
        let intercept = self.terms.iter().any(Vec::is_empty);
        let others = self.terms.into_iter().filter(|t| !t.is_empty());
        (intercept, others.map(Term).collect())
    }

    pub fn fixed_alone(&self, offset: usize) -> Result<(), Unreadable> {
        if self.random.is_empty() {
            return Ok(());
        }
        Err(Unreadable::new(
            "a random term stands by itself, as in y ~ x + (1 | g)",
            offset,
        ))
    }
}
