//! Words for people: labels, titles and the order things were written in. No comparison sees them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Labels, titles and the order things were written in: for people, never compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wording {
    pub title: String,
    pub note: Option<String>,
    pub authors: Vec<String>,
    pub registry: Option<Registry>,
    /// Variable → its label.
    pub labels: BTreeMap<String, String>,
    /// Variable → (level, label), in the order they were written.
    pub levels: BTreeMap<String, Vec<(String, String)>>,
    /// Exclusion → its reason.
    pub reasons: BTreeMap<String, String>,
    /// Tests, hypotheses and families in the order they were written.
    pub tests: Vec<String>,
    pub hypotheses: Vec<String>,
    pub exploratory: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Registry {
    pub name: String,
    pub url: Option<String>,
    pub registered: Option<String>,
}

impl Wording {
    /// The label of a variable, or its name.
    pub fn variable<'a>(&'a self, name: &'a str) -> &'a str {
        self.labels.get(name).map_or(name, String::as_str)
    }

    /// The label of a level, or its name.
    pub fn level<'a>(&'a self, variable: &str, level: &'a str) -> &'a str {
        self.levels
            .get(variable)
            .and_then(|levels| levels.iter().find(|(l, _)| l == level))
            .map_or(level, |(_, label)| label.as_str())
    }
}
