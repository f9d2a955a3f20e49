//! Results as a manuscript prints them: `t(28) = 2.20, p = .036`, or `b = 0.71, SE = 0.09, p < .001`.

mod draft;
mod estimates;
mod find;
mod matching;
mod recompute;

pub use draft::draft;
pub use find::find;
pub use matching::{Candidate, Matched, matched};
pub use recompute::{Agreement, Recomputed, recompute};

use super::printed::Printed;
use crate::diagnostic::Place;
use serde::Serialize;

/// The statistics of which p can be recomputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    T,
    F,
    ChiSquared,
    Z,
    R,
    Q,
    /// An estimate with its error and p, and no statistic: its p is the run's to tell.
    Estimate,
}

/// A result as it is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    pub at: Place,
    /// The result in the manuscript's own words.
    pub text: String,
    pub kind: Kind,
    pub df: Vec<Printed>,
    pub statistic: Printed,
    pub p: Printed,
    /// `n.s.` in the place of a p.
    pub not_significant: bool,
    pub n: Option<Printed>,
    pub estimate: Option<Printed>,
    pub std_error: Option<Printed>,
    /// Whether a one-sided test is spoken of nearby.
    pub one_sided: bool,
}
