//! Registered contingencies: `if` a fact of the collected data, `then` these fields of the plan.
//!
//! A condition is data, as every expression is: a closed list of facts, compared with numbers.

pub mod parse;

pub use parse::parse;

use super::Plan;
use super::expression::Comparison;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A registered branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContingencyPlan {
    #[serde(rename = "if")]
    pub condition: Condition,
    /// In the order of their paths.
    pub then: Vec<Assignment>,
}

/// When a branch is taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    Compare {
        fact: Fact,
        op: Comparison,
        value: f64,
    },
    /// The model cannot be fitted as the plan stands.
    Refused(String),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
}

/// What can be known of the analysed rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Rows after the exclusions.
    Rows,
    /// The fewest rows in a combination of these factors' levels that can occur. Sorted.
    SmallestCell(Vec<String>),
    /// The share of the rows in which the variable is missing.
    ShareMissing(String),
    /// The largest leverage in a linear model.
    MaxLeverage(String),
    /// The p-value of Levene's test about medians, over the cells of a model's factors.
    Levene(String),
}

/// A field of a named part of the plan, and what it becomes: in the plan's own canonical form, null where it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    pub section: Section,
    pub of: String,
    pub field: String,
    pub value: Value,
}

/// The parts of a plan that a contingency may set. Who is analysed is settled before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    Models,
    Tests,
    Families,
}

impl Section {
    pub const ALL: [(&'static str, Section); 3] = [
        ("models", Section::Models),
        ("tests", Section::Tests),
        ("families", Section::Families),
    ];

    pub fn word(self) -> &'static str {
        Section::ALL
            .iter()
            .find(|(_, s)| *s == self)
            .map_or("", |(w, _)| w)
    }
}

impl Assignment {
    /// `models.approval.vcov`
    pub fn path(&self) -> String {
        format!("{}.{}.{}", self.section.word(), self.of, self.field)
    }

    /// Whether a test's numbers depend on the field.
    pub fn bears_on(&self, plan: &Plan, test: &str) -> bool {
        match self.section {
            Section::Models => plan.tests.get(test).is_some_and(|t| t.model == self.of),
            Section::Tests => self.of == test,
            Section::Families => plan.family_of(test).is_some_and(|(family, _)| *family == self.of),
        }
    }
}

impl ContingencyPlan {
    /// What it sets, by which it is recognised when its condition or its values change.
    pub fn key(&self) -> String {
        self.then
            .iter()
            .map(Assignment::path)
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub fn bears_on(&self, plan: &Plan, test: &str) -> bool {
        self.then.iter().any(|a| a.bears_on(plan, test))
    }
}

impl Condition {
    /// Kleene's three-valued truth: a fact that cannot be known makes a comparison unknown.
    pub fn truth(
        &self,
        value: &mut dyn FnMut(&Fact) -> Option<f64>,
        refused: &mut dyn FnMut(&str) -> Option<bool>,
    ) -> Option<bool> {
        match self {
            Condition::Compare {
                fact,
                op,
                value: limit,
            } => value(fact)
                .and_then(|v| v.partial_cmp(limit))
                .map(|order| op.holds(order)),
            Condition::Refused(model) => refused(model),
            Condition::And(parts) => all(parts.iter().map(|p| p.truth(value, refused)).collect()),
            Condition::Or(parts) => {
                let opposite = |t: Option<bool>| t.map(|t| !t);
                opposite(all(parts
                    .iter()
                    .map(|p| opposite(p.truth(value, refused)))
                    .collect()))
            }
            Condition::Not(inner) => inner.truth(value, refused).map(|t| !t),
        }
    }

    /// Every variable whose cells it counts.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Condition::Compare {
                fact: Fact::SmallestCell(factors),
                ..
            } => factors.iter().map(String::as_str).collect(),
            Condition::Compare {
                fact: Fact::ShareMissing(column),
                ..
            } => vec![column],
            Condition::Compare { .. } | Condition::Refused(_) => Vec::new(),
            Condition::And(parts) | Condition::Or(parts) => {
                parts.iter().flat_map(Condition::columns).collect()
            }
            Condition::Not(inner) => inner.columns(),
        }
    }

    fn nested(&self) -> String {
        match self {
            Condition::And(_) | Condition::Or(_) => format!("({self})"),
            _ => self.to_string(),
        }
    }
}

fn all(truths: Vec<Option<bool>>) -> Option<bool> {
    if truths.contains(&Some(false)) {
        Some(false)
    } else if truths.contains(&None) {
        None
    } else {
        Some(true)
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fact::Rows => f.write_str("rows"),
            Fact::SmallestCell(factors) => write!(f, "smallest_cell({})", factors.join(", ")),
            Fact::ShareMissing(column) => write!(f, "share_missing({column})"),
            Fact::MaxLeverage(model) => write!(f, "max_leverage({model})"),
            Fact::Levene(model) => write!(f, "levene({model})"),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chain = |parts: &[Condition], word: &str| {
            parts.iter().map(Condition::nested).collect::<Vec<_>>().join(word)
        };
        match self {
            Condition::Compare { fact, op, value } => write!(f, "{fact} {} {value}", op.sign()),
            Condition::Refused(model) => write!(f, "refused({model})"),
            Condition::And(parts) => f.write_str(&chain(parts, " and ")),
            Condition::Or(parts) => f.write_str(&chain(parts, " or ")),
            Condition::Not(inner) => write!(f, "not {}", inner.nested()),
        }
    }
}

impl Plan {
    /// The plan with a contingency's branch in force. What the plan no longer has is passed over.
    ///
    /// # Errors
    /// If a value is none that its field can have.
    pub fn with(&self, contingency: &ContingencyPlan) -> Result<Plan, serde_json::Error> {
        let mut plan = self.clone();
        for assignment in &contingency.then {
            match assignment.section {
                Section::Models => set(&mut plan.models, assignment)?,
                Section::Tests => set(&mut plan.tests, assignment)?,
                Section::Families => set(&mut plan.families, assignment)?,
            }
        }
        Ok(plan)
    }
}

fn set<T: Serialize + DeserializeOwned>(
    entries: &mut BTreeMap<String, T>,
    assignment: &Assignment,
) -> Result<(), serde_json::Error> {
    let Some(entry) = entries.get_mut(&assignment.of) else {
        return Ok(());
    };
    let mut value = serde_json::to_value(&*entry)?;
    if let Value::Object(fields) = &mut value {
        match &assignment.value {
            Value::Null => fields.remove(&assignment.field),
            other => fields.insert(assignment.field.clone(), other.clone()),
        };
    }
    *entry = serde_json::from_value(value)?;
    Ok(())
}
