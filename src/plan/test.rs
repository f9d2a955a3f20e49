//! What a test is: its estimand, its alternative, its level; families and hypotheses over tests.

use super::{Rule, Term};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedTest {
    pub model: String,
    pub quantity: Quantity,
    pub alternative: Alternative,
    pub null: f64,
    pub alpha: f64,
    pub conf_level: f64,
}

/// The estimand of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Σ w(level) · margin(level) of the factor `of`; with `across`, the same difference taken again
    /// over the other factors' weights (a contrast of contrasts).
    Contrast {
        of: String,
        weights: BTreeMap<String, f64>,
        across: BTreeMap<String, BTreeMap<String, f64>>,
        average: Average,
    },
    /// Wald test that every coefficient of these terms is zero.
    Joint { terms: Vec<Term> },
    /// One coefficient, by its name, such as `us_response[denounce]:regime[democracy]`.
    Coefficient { term: String },
    /// Predictive margin: the mean prediction with `of` set to `level` for everybody.
    Margin {
        of: String,
        level: String,
        average: Average,
    },
}

impl Quantity {
    pub fn word(&self) -> &'static str {
        match self {
            Quantity::Contrast { .. } => "contrast",
            Quantity::Joint { .. } => "joint",
            Quantity::Coefficient { .. } => "coefficient",
            Quantity::Margin { .. } => "margin",
        }
    }
}

/// Over what the other variables of the model are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// The analysed sample, as Stata's `margins` and marginaleffects' `avg_predictions`.
    Observed,
    /// Every combination of the other factors' levels equally, numeric covariates at their mean, as emmeans.
    Balanced,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    TwoSided,
    Greater,
    Less,
}

impl Alternative {
    pub const ALL: [(&'static str, Alternative); 3] = [
        ("two_sided", Alternative::TwoSided),
        ("greater", Alternative::Greater),
        ("less", Alternative::Less),
    ];

    pub fn word(self) -> &'static str {
        Alternative::ALL
            .iter()
            .find(|(_, a)| *a == self)
            .map_or("", |(w, _)| w)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyPlan {
    /// Sorted: the order of a family's tests changes none of these corrections.
    pub tests: Vec<String>,
    pub adjust: Adjust,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjust {
    None,
    Bonferroni,
    Holm,
    Bh,
}

impl Adjust {
    pub const ALL: [(&'static str, Adjust); 4] = [
        ("none", Adjust::None),
        ("bonferroni", Adjust::Bonferroni),
        ("holm", Adjust::Holm),
        ("bh", Adjust::Bh),
    ];

    pub fn word(self) -> &'static str {
        Adjust::ALL
            .iter()
            .find(|(_, a)| *a == self)
            .map_or("", |(w, _)| w)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HypothesisPlan {
    pub statement: String,
    pub status: Status,
    pub corroborated_if: Rule,
    pub contradicted_if: Option<Rule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Primary,
    Secondary,
}
