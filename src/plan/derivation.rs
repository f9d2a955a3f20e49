//! What a derived variable is: one rule over earlier columns.

use super::Expr;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DerivedPlan {
    pub name: String,
    pub rule: Derivation,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Derivation {
    /// The mean of the items that are present, missing below `at_least` of them.
    MeanOf {
        items: Vec<String>,
        reverse: Vec<String>,
        at_least: u64,
    },
    /// The sum, missing unless `at_least` are present.
    SumOf {
        items: Vec<String>,
        reverse: Vec<String>,
        at_least: u64,
    },
    /// 1 where the expression is true, 0 where false, missing where unknown.
    When(Expr),
    /// What the expression gives; missing where any part of it is.
    Value(Expr),
    /// How many of the points, which ascend, lie at or below the value.
    Cut { of: String, at: Vec<f64> },
    /// The number of its level.
    Recode { of: String, to: BTreeMap<String, f64> },
    /// (x − mean)/sd, sd with n − 1, of the rows that `over` names.
    Standardise { of: String, over: Over },
    /// Whole days between the dates of two times.
    Days { from: String, to: String },
    /// The value in the row before of the same unit, ordered by `order`; missing in the first.
    Lag { of: String, order: String },
    /// 1 where the text contains any of these in either case, else 0; missing where there is no text.
    Contains { of: String, any_of: Vec<String> },
    /// A weight by which the kept rows have these shares of each factor's levels; missing where a factor is.
    Rake { to: Margins, trim: Option<Trim> },
}

/// Factor → level → share. The shares of a factor sum to 1.
pub type Margins = BTreeMap<String, BTreeMap<String, f64>>;

/// Bounds of weights whose mean is 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trim {
    pub low: f64,
    pub high: f64,
}

/// The rows whose mean and standard deviation standardise a variable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    Collected,
    /// Those that no exclusion leaves out.
    Kept,
    /// The collected rows with this level.
    Level {
        factor: String,
        level: String,
    },
}

impl Derivation {
    /// Whether it is over the rows that the exclusions leave.
    pub fn is_over_kept(&self) -> bool {
        matches!(
            self,
            Derivation::Rake { .. } | Derivation::Standardise { over: Over::Kept, .. }
        )
    }

    /// The columns that it reads, each once.
    pub fn columns(&self) -> BTreeSet<String> {
        match self {
            Derivation::MeanOf { items, .. } | Derivation::SumOf { items, .. } => {
                items.iter().cloned().collect()
            }
            Derivation::When(expression) | Derivation::Value(expression) => expression.columns(),
            Derivation::Cut { of, .. } | Derivation::Recode { of, .. } | Derivation::Contains { of, .. } => {
                BTreeSet::from([of.clone()])
            }
            Derivation::Standardise { of, over } => {
                let factor = match over {
                    Over::Level { factor, .. } => Some(factor.clone()),
                    Over::Collected | Over::Kept => None,
                };
                factor.into_iter().chain([of.clone()]).collect()
            }
            Derivation::Days { from, to } => BTreeSet::from([from.clone(), to.clone()]),
            Derivation::Rake { to, .. } => to.keys().cloned().collect(),
            Derivation::Lag { of, order } => BTreeSet::from([of.clone(), order.clone()]),
        }
    }
}
