//! `contingencies:` as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

/// `{if: a condition, then: {models.approval.vcov: HC3}}`
#[derive(Clone, Debug)]
pub struct ContingencySpec {
    pub at: Place,
    pub condition: Option<Located<String>>,
    /// Dotted path → what it becomes, in the registration's own shape.
    pub then: Vec<(Located<String>, Node)>,
}

pub(super) fn contingency(node: &Node, found: &Findings) -> ContingencySpec {
    let what = "contingencies";
    if let Some(at) = cut_off(node) {
        found.error(
            codes::WRONG_TYPE,
            at,
            "contingencies: the condition ends at its first comma",
            "between braces a comma begins the next key: put the condition in quotes",
        );
        return ContingencySpec {
            at: node.at.clone(),
            condition: None,
            then: Vec::new(),
        };
    }
    let fields = Fields::open(node, what, &["if", "then"], found);
    fields.require("if", "the condition, such as `smallest_cell(arm) < 20`");
    fields.require(
        "then",
        "what is set if it holds, such as {models.approval.vcov: HC3}",
    );
    if let Some(then) = fields
        .node("then")
        .filter(|n| matches!(&n.value, Yaml::Map(m) if m.is_empty()))
    {
        found.error(
            codes::MISSING_KEY,
            &then.at,
            "contingencies: `then` sets nothing",
            "such as {models.approval.vcov: HC3}",
        );
    }
    ContingencySpec {
        at: node.at.clone(),
        condition: fields.text("if"),
        then: fields
            .entries_of("then")
            .into_iter()
            .map(|(path, value)| (path.clone(), value.clone()))
            .collect(),
    }
}

/// Where the condition stands, if a comma inside its parentheses was read as the end of it.
fn cut_off(node: &Node) -> Option<&Place> {
    let Yaml::Map(entries) = &node.value else {
        return None;
    };
    let condition = entries
        .iter()
        .find(|(key, _)| key.value == "if")
        .map(|(_, value)| value)?;
    match &condition.value {
        Yaml::Text(text) if text.matches('(').count() > text.matches(')').count() => Some(&condition.at),
        _ => None,
    }
}
