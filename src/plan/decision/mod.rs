//! Decision rules: when a hypothesis counts as corroborated or contradicted.

mod falsifiable;
mod parse;

pub use falsifiable::{both_can_hold, outcomes};
pub use parse::{Known, UnknownName, parse};

use super::FamilyPlan;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A rule over tests, each true when its null hypothesis is rejected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    Test(String),
    And(Vec<Rule>),
    Or(Vec<Rule>),
    Not(Box<Rule>),
    All(Vec<Member>),
    Any(Vec<Member>),
    AtLeast { count: u64, of: Vec<Member> },
}

/// What `all()`, `any()` and `at_least()` count over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    Family(String),
    Rule(Rule),
}

impl Rule {
    /// Every test that the rule names, itself or through a family.
    pub fn tests(&self, families: &BTreeMap<String, FamilyPlan>) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.collect(families, &mut found);
        found
    }

    fn collect(&self, families: &BTreeMap<String, FamilyPlan>, found: &mut BTreeSet<String>) {
        match self {
            Rule::Test(id) => {
                found.insert(id.clone());
            }
            Rule::And(rules) | Rule::Or(rules) => rules.iter().for_each(|r| r.collect(families, found)),
            Rule::Not(rule) => rule.collect(families, found),
            Rule::All(members) | Rule::Any(members) | Rule::AtLeast { of: members, .. } => {
                for member in members {
                    match member {
                        Member::Family(id) => {
                            found.extend(families.get(id).into_iter().flat_map(|f| f.tests.iter().cloned()));
                        }
                        Member::Rule(rule) => rule.collect(families, found),
                    }
                }
            }
        }
    }

    /// Kleene's three-valued truth, `outcome` giving each test's rejection or nothing if it could not be run.
    pub fn truth(
        &self,
        families: &BTreeMap<String, FamilyPlan>,
        outcome: &dyn Fn(&str) -> Option<bool>,
    ) -> Option<bool> {
        match self {
            Rule::Test(id) => outcome(id),
            Rule::And(rules) => at_least(rules.len(), &truths(rules, families, outcome)),
            Rule::Or(rules) => at_least(1, &truths(rules, families, outcome)),
            Rule::Not(rule) => rule.truth(families, outcome).map(|t| !t),
            Rule::All(members) => {
                let truths = member_truths(members, families, outcome);
                at_least(truths.len(), &truths)
            }
            Rule::Any(members) => at_least(1, &member_truths(members, families, outcome)),
            Rule::AtLeast { count, of } => at_least(
                usize::try_from(*count).unwrap_or(usize::MAX),
                &member_truths(of, families, outcome),
            ),
        }
    }
}

type Outcome<'a> = &'a dyn Fn(&str) -> Option<bool>;

fn truths(
    rules: &[Rule],
    families: &BTreeMap<String, FamilyPlan>,
    outcome: Outcome<'_>,
) -> Vec<Option<bool>> {
    rules.iter().map(|r| r.truth(families, outcome)).collect()
}

fn member_truths(
    members: &[Member],
    families: &BTreeMap<String, FamilyPlan>,
    outcome: Outcome<'_>,
) -> Vec<Option<bool>> {
    members
        .iter()
        .flat_map(|member| match member {
            Member::Family(id) => families
                .get(id)
                .map(|f| f.tests.iter().map(|t| outcome(t)).collect())
                .unwrap_or_default(),
            Member::Rule(rule) => vec![rule.truth(families, outcome)],
        })
        .collect()
}

fn at_least(count: usize, truths: &[Option<bool>]) -> Option<bool> {
    let sure = truths.iter().filter(|t| **t == Some(true)).count();
    let possible = truths.iter().filter(|t| **t != Some(false)).count();
    if sure >= count {
        Some(true)
    } else if possible < count {
        Some(false)
    } else {
        None
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let list = |members: &[Member]| {
            members
                .iter()
                .map(Member::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let chain = |rules: &[Rule], word: &str| {
            rules
                .iter()
                .map(Rule::nested)
                .collect::<Vec<_>>()
                .join(&format!(" {word} "))
        };
        match self {
            Rule::Test(id) => f.write_str(id),
            Rule::And(rules) => f.write_str(&chain(rules, "and")),
            Rule::Or(rules) => f.write_str(&chain(rules, "or")),
            Rule::Not(rule) => write!(f, "not {}", rule.nested()),
            Rule::All(members) => write!(f, "all({})", list(members)),
            Rule::Any(members) => write!(f, "any({})", list(members)),
            Rule::AtLeast { count, of } => write!(f, "at_least({count}, {})", list(of)),
        }
    }
}

impl Rule {
    fn nested(&self) -> String {
        match self {
            Rule::And(_) | Rule::Or(_) => format!("({self})"),
            _ => self.to_string(),
        }
    }
}

impl std::fmt::Display for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Member::Family(id) => f.write_str(id),
            Member::Rule(rule) => rule.fmt(f),
        }
    }
}
