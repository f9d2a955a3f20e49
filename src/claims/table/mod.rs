//! Tables of coefficients, as R's and Stata's programs print them, as claims about the run's models.
//!
//! A column is a model, a row a coefficient with its error in parentheses beside or below it; or the columns have names. Which model and which coefficient is
//! told by the row's label, or, where labels are the authors' own, by the numbers; what cannot be told is said, never guessed.

mod columns;
mod grid;
mod labels;
mod rows;
mod wide;

pub use columns::{Read, read};
pub use grid::{Grid, grid};

use crate::claims::printed::Printed;

/// A coefficient as a column prints it: its numbers by their keys, the estimate first.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub line: usize,
    pub label: String,
    pub says: Vec<(&'static str, Printed)>,
}
