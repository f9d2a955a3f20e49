//! Tests that need no model: two groups, several groups, tables.

mod groups;
mod ranks;
mod spread;
mod table;

pub use groups::{student, welch_anova};
pub use ranks::{kruskal_wallis, mann_whitney};
pub use spread::levene;
pub use table::chi_squared;

use crate::design::Refusal;
use crate::diagnostic::codes;

/// What a test without a model gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Direct {
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub statistic: f64,
    /// Empty where the statistic has no degrees of freedom.
    pub df: Vec<f64>,
    pub p_value: f64,
    /// How p came about.
    pub method: &'static str,
}

fn too_few(what: &str) -> Refusal {
    Refusal::new(codes::TOO_FEW_ROWS, what)
}

fn no_variation(what: &str) -> Refusal {
    Refusal::new(codes::NO_VARIATION, what)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Σ(v − v̄)²
fn squares(values: &[f64]) -> f64 {
    let centre = mean(values);
    values.iter().map(|v| (v - centre).powi(2)).sum()
}
