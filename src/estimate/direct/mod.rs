//! Tests that need no model: one sample, pairs, two groups, several groups, tables, correlations.

mod arrangement;
mod concordance;
mod correlation;
mod fisher;
mod groups;
mod pairs;
mod proportion;
mod ranks;
mod sample;
mod signed;
mod smirnov;
mod spread;
mod table;
mod tables;

pub use arrangement::mann_whitney_exact;
pub use concordance::kendall;
pub use correlation::{pearson, spearman};
pub use fisher::odds_ratio;
pub use groups::{student, welch_anova};
pub use pairs::mcnemar;
pub use proportion::{binomial, one_proportion, two_proportions};
pub use ranks::{kruskal_wallis, mann_whitney};
pub use sample::mean_t;
pub use signed::signed_rank;
pub use smirnov::kolmogorov_smirnov;
pub use spread::{Centre, levene};
pub use table::chi_squared;
pub use tables::fisher_exact;

use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::Alternative;

/// What a test without a model gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Direct {
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    /// Two-sided, at the level that was asked for; an end may be infinite.
    pub interval: Option<(f64, f64)>,
    /// The statistic with its letter, where there is one.
    pub statistic: Option<(&'static str, f64)>,
    /// Empty where the statistic has no degrees of freedom.
    pub df: Vec<f64>,
    pub p_value: f64,
    /// How p came about.
    pub method: String,
}

impl Direct {
    /// A statistic with its p, and nothing else yet.
    fn new(name: &'static str, statistic: f64, p_value: f64, method: impl Into<String>) -> Direct {
        Direct {
            estimate: None,
            std_error: None,
            interval: None,
            statistic: Some((name, statistic)),
            df: Vec::new(),
            p_value,
            method: method.into(),
        }
    }
}

/// What a test is asked: its side, its null value and the level of its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    pub alternative: Alternative,
    pub null: f64,
    pub conf_level: f64,
}

impl Asked {
    /// p from both tails, each with what was observed; two-sided twice the smaller.
    fn p(self, upper: impl Fn() -> f64, lower: impl Fn() -> f64) -> f64 {
        match self.alternative {
            Alternative::Greater => upper(),
            Alternative::Less => lower(),
            _ => (2.0 * upper().min(lower())).min(1.0),
        }
    }

    /// The probability beyond each end of its interval.
    fn beyond(self) -> f64 {
        (1.0 - self.conf_level) / 2.0
    }
}

fn too_few(what: &str) -> Refusal {
    Refusal::new(codes::TOO_FEW_ROWS, what)
}

fn no_variation(what: &str) -> Refusal {
    Refusal::new(codes::NO_VARIATION, what)
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ(v − v̄)²
pub fn squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|v| (v - centre).powi(2)).sum()
}
