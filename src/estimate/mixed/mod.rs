//! Linear mixed models y = Xβ + Zb + ε by REML or ML, as lme4 and lmerTest compute them.
//!
//! b ~ N(0, σ²ΛΛ′), ε ~ N(0, σ²I); the deviance is profiled over β and σ and minimised in θ, the entries of Λ
//! (Bates, Mächler, Bolker & Walker 2015, doi:10.18637/jss.v067.i01). Degrees of freedom by Satterthwaite
//! (Kuznetsova, Brockhoff & Christensen 2017, doi:10.18637/jss.v082.i13).
//! Held to lme4 and lmerTest by `tests/mixed.rs`.

mod check;
mod components;
mod derivative;
mod fit;
mod matrix;
mod model;
mod problem;
mod profile;
mod satterthwaite;
mod search;

pub use components::Components;
pub use fit::fit;
pub(super) use model::model;
pub use satterthwaite::{FTest, contest, satterthwaite};

use crate::plan::Likelihood;

/// A random term: `(1 + x | g)`, or `(1 + x || g)` where the effects are uncorrelated.
#[derive(Clone, Debug)]
pub struct Term {
    /// What messages call it.
    pub name: String,
    /// n codes below `groups`.
    pub codes: Vec<u32>,
    pub groups: usize,
    /// q columns of n values, an intercept as a column of ones.
    pub columns: Vec<Vec<f64>>,
    pub correlated: bool,
}

/// How the search for θ ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convergence {
    /// Newton steps taken.
    pub iterations: usize,
    /// The largest |∂d/∂θ|, each column of Z scaled to a mean sum of squares near one a group.
    pub largest_gradient: f64,
}

/// A fitted mixed model with k fixed effects.
#[derive(Clone, Debug)]
pub struct Fit {
    pub likelihood: Likelihood,
    /// k values, in the order of X's columns.
    pub coefficients: Vec<f64>,
    /// k × k, by rows.
    pub vcov: Vec<Vec<f64>>,
    /// For each term, the lower triangle of its Λ by columns, or the diagonal where uncorrelated.
    pub theta: Vec<Vec<f64>>,
    /// For each term, standard deviations and correlations.
    pub components: Vec<Components>,
    /// The residual standard deviation.
    pub sigma: f64,
    /// −½ of the criterion.
    pub log_likelihood: f64,
    /// lme4's REML criterion, or −2 log L under ML.
    pub criterion: f64,
    pub observations: usize,
    /// For each term, how many groups have rows.
    pub groups: Vec<usize>,
    /// A diagonal entry of Λ is below 1e-4 on the scale of `Convergence::largest_gradient`: a variance is zero
    /// or a correlation ±1.
    pub singular: bool,
    pub convergence: Convergence,
    curvature: satterthwaite::Curvature,
}
