//! 1 WRITTEN: the two YAML files as their author wrote them, every value with its place.
//!
//! Nothing is resolved here: a formula is still text. What it means is the plan's business.

pub mod pipeline;

use crate::diagnostic::Place;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    pub value: T,
    pub at: Place,
}
