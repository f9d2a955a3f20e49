//! What rows weigh, and what their weights mean.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsPlan {
    pub column: String,
    pub kind: WeightKind,
    /// Of an inverse probability: the variable by whose levels the registered one differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Of Horvitz and Thompson's form: how the levels depend on each other, where rows were not drawn by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dealt: Option<Dealt>,
}

/// Levels that were dealt out in fixed numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dealt {
    /// Over all rows.
    Complete,
    /// Within the levels of this variable.
    Blocked(String),
    /// Over whole clusters.
    Clustered,
}

/// What a weight says of its row: three different things, with the same coefficients and other errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeightKind {
    /// The inverse of its probability of being sampled (Stata's pweight, R's survey).
    Probability,
    /// The inverse of its error variance (Stata's aweight, R's `lm(weights =)`).
    Analytic,
    /// How many identical rows it stands for (Stata's fweight).
    Frequency,
    /// The inverse of the registered probability of its level of `column`, an assigned factor: no column of the data.
    InverseProbability,
}

impl WeightsPlan {
    /// Every column that it reads.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let strata = match &self.dealt {
            Some(Dealt::Blocked(by)) => Some(by),
            _ => None,
        };
        let all = std::iter::once(&self.column).chain(&self.by).chain(strata);
        all.map(String::as_str)
    }

    pub fn words(&self) -> String {
        match self.kind {
            WeightKind::InverseProbability => match &self.by {
                Some(by) => format!("1/P({} | {by}), registered", self.column),
                None => format!("1/P({}), registered", self.column),
            },
            kind => format!("{} ({} weights)", self.column, kind.word()),
        }
    }
}

impl WeightKind {
    /// Those that a registration writes; `estimator: ipw` means the other.
    pub const ALL: [(&'static str, WeightKind); 3] = [
        ("probability", WeightKind::Probability),
        ("analytic", WeightKind::Analytic),
        ("frequency", WeightKind::Frequency),
    ];

    pub fn word(self) -> &'static str {
        WeightKind::ALL
            .iter()
            .find(|(_, k)| *k == self)
            .map_or("", |(w, _)| w)
    }
}
