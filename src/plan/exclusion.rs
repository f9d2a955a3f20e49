//! What an exclusion is: a condition of the row itself, or of its place among the rows that stay so far.

use super::Expr;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct ExclusionPlan {
    pub id: String,
    pub rule: ExclusionRule,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExclusionRule {
    /// A row leaves where the expression is true.
    DropIf(Expr),
    /// Of the rows that agree in all of `by`, all but the one to keep leave.
    Duplicates { by: Vec<String>, keep: Keep },
    /// A row leaves where its value lies farther from the centre than `cutoff` times the spread.
    Outliers {
        of: String,
        method: OutlierMethod,
        cutoff: f64,
        /// The factors in whose cells centre and spread are taken. Sorted.
        within: Vec<String>,
    },
}

/// Which of several rows stays, by their order in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    First,
    Last,
    None,
}

/// Centre and spread of an outlier rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutlierMethod {
    /// Mean and standard deviation (n − 1).
    Sd,
    /// Median and 1.4826 times the median absolute deviation.
    Mad,
    /// Tukey's fences: beyond the quartiles by more than `cutoff` interquartile ranges.
    Iqr,
}

impl Keep {
    pub const ALL: [(&'static str, Keep); 3] =
        [("first", Keep::First), ("last", Keep::Last), ("none", Keep::None)];

    fn words(self) -> &'static str {
        match self {
            Keep::First => "the first stays",
            Keep::Last => "the last stays",
            Keep::None => "none stays",
        }
    }
}

impl OutlierMethod {
    pub const ALL: [(&'static str, OutlierMethod); 3] = [
        ("sd", OutlierMethod::Sd),
        ("mad", OutlierMethod::Mad),
        ("iqr", OutlierMethod::Iqr),
    ];

    fn words(self) -> &'static str {
        match self {
            OutlierMethod::Sd => "standard deviations from the mean",
            OutlierMethod::Mad => "median absolute deviations from the median",
            OutlierMethod::Iqr => "interquartile ranges beyond the quartiles",
        }
    }
}

impl ExclusionRule {
    /// The columns that it reads, each once.
    pub fn columns(&self) -> BTreeSet<String> {
        match self {
            ExclusionRule::DropIf(expression) => expression.columns(),
            ExclusionRule::Duplicates { by, .. } => by.iter().cloned().collect(),
            ExclusionRule::Outliers { of, within, .. } => within.iter().chain([of]).cloned().collect(),
        }
    }

    /// The condition of a single row, if that is what it is.
    pub fn condition(&self) -> Option<&Expr> {
        match self {
            ExclusionRule::DropIf(expression) => Some(expression),
            ExclusionRule::Duplicates { .. } | ExclusionRule::Outliers { .. } => None,
        }
    }
}

impl fmt::Display for ExclusionRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExclusionRule::DropIf(expression) => write!(f, "{expression}"),
            ExclusionRule::Duplicates { by, keep } => {
                write!(f, "duplicates by {}, {}", by.join(", "), keep.words())
            }
            ExclusionRule::Outliers {
                of,
                method,
                cutoff,
                within,
            } => {
                write!(f, "{of} more than {cutoff} {}", method.words())?;
                if within.is_empty() {
                    return Ok(());
                }
                write!(f, ", within {}", within.join(", "))
            }
        }
    }
}

/// The form that is locked and hashed: one key says the rule.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drop_if: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duplicates: Option<WrittenDuplicates>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    outliers: Option<WrittenOutliers>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDuplicates {
    by: Vec<String>,
    keep: Keep,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOutliers {
    of: String,
    method: OutlierMethod,
    cutoff: f64,
    within: Vec<String>,
}

impl From<ExclusionPlan> for Written {
    fn from(plan: ExclusionPlan) -> Written {
        let mut written = Written {
            id: plan.id,
            drop_if: None,
            duplicates: None,
            outliers: None,
        };
        match plan.rule {
            ExclusionRule::DropIf(expression) => written.drop_if = Some(expression),
            ExclusionRule::Duplicates { by, keep } => {
                written.duplicates = Some(WrittenDuplicates { by, keep });
            }
            ExclusionRule::Outliers {
                of,
                method,
                cutoff,
                within,
            } => {
                written.outliers = Some(WrittenOutliers {
                    of,
                    method,
                    cutoff,
                    within,
                });
            }
        }
        written
    }
}

impl TryFrom<Written> for ExclusionPlan {
    type Error = String;

    fn try_from(written: Written) -> Result<ExclusionPlan, String> {
        let rule = match (written.drop_if, written.duplicates, written.outliers) {
            (Some(expression), None, None) => ExclusionRule::DropIf(expression),
            (None, Some(WrittenDuplicates { by, keep }), None) => ExclusionRule::Duplicates { by, keep },
            (None, None, Some(outliers)) => ExclusionRule::Outliers {
                of: outliers.of,
                method: outliers.method,
                cutoff: outliers.cutoff,
                within: outliers.within,
            },
            _ => return Err(format!("the exclusion `{}` has not exactly one rule", written.id)),
        };
        Ok(ExclusionPlan { id: written.id, rule })
    }
}
