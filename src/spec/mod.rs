//! 1 WRITTEN: the two YAML files as their author wrote them, every value with its place.
//!
//! Nothing is resolved here: a formula is still text. What it means is the plan's business.

pub mod analysed;
mod bootstrap;
pub mod claims;
pub mod codebook;
pub mod contingency;
pub mod departures;
pub mod derived;
pub mod evidence;
pub mod exclusion;
pub mod fields;
mod format;
pub mod hypothesis;
pub mod imputation;
pub mod join;
pub mod long;
pub mod model;
pub mod pipeline;
mod quantity;
pub mod randomization;
pub mod registration;
pub mod shape;
pub mod yaml;

use crate::diagnostic::Place;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<T> {
    pub value: T,
    pub at: Place,
}
