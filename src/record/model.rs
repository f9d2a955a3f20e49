//! A fitted model: its coefficients, and what a mixed one has beside them.

use super::ListFacts;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ModelRecord {
    pub id: String,
    pub estimator: String,
    pub formula: String,
    pub vcov: String,
    pub n: u64,
    pub dropped_missing: u64,
    pub df_residual: f64,
    pub r_squared: Option<f64>,
    pub sigma: Option<f64>,
    /// Of a model fitted by maximum likelihood.
    pub log_likelihood: Option<f64>,
    /// The column and the kind of the weights, if there are any.
    pub weights: Option<String>,
    /// Kish's effective sample size (Σw)²/Σw², under probability weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_n: Option<f64>,
    /// n over the effective sample size: what unequal weights cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design_effect: Option<f64>,
    /// The columns whose values share their errors.
    pub clusters: Vec<String>,
    /// Rows that left because their weight is zero.
    pub dropped_weight: u64,
    /// Of a list experiment: the lists, the control list first.
    pub lists: Vec<ListFacts>,
    /// The column of the trials in which the outcome counts successes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trials: Option<String>,
    /// What was imputed, and how often: the coefficients are pooled over the completed data sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imputed: Option<ImputedRecord>,
    /// Of a bootstrap variance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draws: Option<DrawsRecord>,
    pub coefficients: Vec<Coefficient>,
    /// Of a mixed model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed: Option<MixedRecord>,
    /// Why the model could not be fitted, or what a reader must know of its fit.
    pub note: Option<String>,
}

/// A bootstrap's draws: those that could not be fitted have no part in the variance.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DrawsRecord {
    pub asked: u64,
    pub failed: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Coefficient {
    pub term: String,
    pub estimate: f64,
    pub std_error: f64,
    /// Where each coefficient has degrees of freedom of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub df: Option<f64>,
    pub statistic: f64,
    pub p_value: f64,
    pub conf_low: f64,
    pub conf_high: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MixedRecord {
    /// What was maximised: `reml` or `ml`. The model's log-likelihood is of this kind.
    pub likelihood: String,
    /// −2 times the log-likelihood: lme4's REML criterion, or its deviance.
    pub criterion: f64,
    /// A variance is estimated as zero, or a correlation as ±1.
    pub singular: bool,
    /// Steps of the search for the maximum.
    pub iterations: u64,
    pub random: Vec<RandomRecord>,
}

/// A random term: its groups, and how the effects vary over them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RandomRecord {
    /// As in the formula: `(1 + x | g)`.
    pub term: String,
    /// The columns whose combinations of values are the groups.
    pub group: Vec<String>,
    /// How many groups have rows.
    pub groups: u64,
    pub singular: bool,
    pub effects: Vec<RandomEffect>,
    /// Of every pair of effects.
    pub correlations: Vec<RandomCorrelation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RandomEffect {
    pub effect: String,
    /// Its standard deviation over the groups.
    pub sd: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RandomCorrelation {
    pub effects: [String; 2],
    /// Nothing where one of them does not vary.
    pub correlation: Option<f64>,
}

/// Multiple imputation by chained equations, predictive mean matching.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ImputedRecord {
    /// Completed data sets.
    pub draws: u64,
    /// Rounds of the chained equations in each.
    pub iterations: u64,
    /// The nearest observed rows of which one gave its value.
    pub donors: u64,
    pub cells: Vec<ImputedCells>,
}

/// How many cells of a variable the model's rows lack.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ImputedCells {
    pub variable: String,
    pub cells: u64,
}
