//! How missing covariates are imputed, where `multiple_imputation` is their rule.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImputationPlan {
    /// Completed data sets.
    pub draws: u64,
    /// Rounds of chained equations before a data set counts as complete.
    pub iterations: u64,
}

impl ImputationPlan {
    /// The nearest observed values of which one is taken: mice's default.
    pub const DONORS: usize = 5;
}
