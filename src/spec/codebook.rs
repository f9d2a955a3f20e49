//! `variables:`, the codebook as written.

use super::Located;
use super::fields::{Fields, Findings, number, scalar};
use super::registration::Named;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

#[derive(Clone, Debug)]
pub struct VariableSpec {
    pub at: Place,
    pub role: Option<Located<String>>,
    pub label: Option<Located<String>>,
    /// Level name → its label, which is the name where none is given.
    pub levels: Named<Located<String>>,
    pub levels_at: Option<Place>,
    pub ordered: Option<Located<bool>>,
    pub reference: Option<Located<String>>,
    pub probability: Option<ProbabilitySpec>,
    pub min: Option<Located<f64>>,
    pub max: Option<Located<f64>>,
    pub stage: Option<Located<String>>,
    /// A regular expression that every cell matches whole.
    pub pattern: Option<Located<String>>,
    pub whole: Option<Located<bool>>,
}

#[derive(Clone, Debug)]
pub enum ProbabilitySpec {
    Same(SharesSpec),
    /// By the level that the row has of another variable.
    Blocked {
        at: Place,
        by: Located<String>,
        blocks: Named<SharesSpec>,
    },
}

/// The probabilities of a factor's levels.
#[derive(Clone, Debug)]
pub enum SharesSpec {
    Equal(Place),
    Each(Place, Named<Located<f64>>),
}

impl ProbabilitySpec {
    pub fn at(&self) -> &Place {
        match self {
            ProbabilitySpec::Same(SharesSpec::Equal(at) | SharesSpec::Each(at, _))
            | ProbabilitySpec::Blocked { at, .. } => at,
        }
    }
}

pub(super) fn variable(node: &Node, what: &str, found: &Findings) -> VariableSpec {
    let keys = [
        "role",
        "label",
        "levels",
        "ordered",
        "reference",
        "probability",
        "scale",
        "stage",
        "pattern",
        "whole",
    ];
    let fields = Fields::open(node, what, &keys, found);
    fields.require(
        "role",
        "one of factor, outcome, covariate, weight, cluster, check, id, time, block, text",
    );
    let scale = fields.open_at("scale", &["min", "max"]);
    VariableSpec {
        at: node.at.clone(),
        role: fields.text("role"),
        label: fields.text("label"),
        levels: levels(&fields, found),
        levels_at: fields.key("levels").map(|k| k.at.clone()),
        ordered: fields.truth("ordered"),
        reference: fields
            .node("reference")
            .and_then(|n| scalar(n, &fields.path("reference"), found)),
        probability: probability(&fields, found),
        min: scale.as_ref().and_then(|s| s.number("min")),
        max: scale.as_ref().and_then(|s| s.number("max")),
        stage: fields.text("stage"),
        pattern: fields.text("pattern"),
        whole: fields.truth("whole"),
    }
}

fn levels(fields: &Fields<'_>, found: &Findings) -> Named<Located<String>> {
    let Some(node) = fields.node("levels") else {
        return Vec::new();
    };
    let what = fields.path("levels");
    if let Yaml::List(items) = &node.value {
        let names: Vec<Located<String>> = items.iter().filter_map(|i| scalar(i, &what, found)).collect();
        for (position, name) in names.iter().enumerate() {
            if names.iter().take(position).any(|n| n.value == name.value) {
                found.error(
                    codes::DUPLICATE_KEY,
                    &name.at,
                    format!("level `{}` stands twice in {what}", name.value),
                    "keep one of the two",
                );
            }
        }
        return names.into_iter().map(|name| (name.clone(), name)).collect();
    }
    fields
        .entries_of("levels")
        .into_iter()
        .filter_map(|(name, label)| match label.value {
            Yaml::Null => Some((name.clone(), name.clone())),
            _ => Some((name.clone(), scalar(label, &what, found)?)),
        })
        .collect()
}

/// `equal`, `{level: p}`, or `{by: block, blocks: {name: equal, name: {level: p}}}`.
fn probability(fields: &Fields<'_>, found: &Findings) -> Option<ProbabilitySpec> {
    let node = fields.node("probability")?;
    let what = fields.path("probability");
    let blocked = matches!(&node.value, Yaml::Map(entries) if entries
        .iter()
        .any(|(key, value)| key.value == "by" && matches!(value.value, Yaml::Text(_))));
    if !blocked {
        return shares(node, &what, found).map(ProbabilitySpec::Same);
    }
    let own = Fields::open(node, &what, &["by", "blocks"], found);
    own.require(
        "blocks",
        "the probabilities of each block: {name: equal, name: {level: p}}",
    );
    let each = |(block, node): (&Located<String>, &Node)| {
        Some((
            block.clone(),
            shares(node, &format!("{what}.blocks.{}", block.value), found)?,
        ))
    };
    Some(ProbabilitySpec::Blocked {
        at: node.at.clone(),
        by: own.text("by")?,
        blocks: own.entries_of("blocks").into_iter().filter_map(each).collect(),
    })
}

fn shares(node: &Node, what: &str, found: &Findings) -> Option<SharesSpec> {
    match &node.value {
        Yaml::Text(text) if text == "equal" => Some(SharesSpec::Equal(node.at.clone())),
        Yaml::Map(entries) => {
            let one = |(k, v): &(Located<String>, Node)| Some((k.clone(), number(v, what, found)?));
            Some(SharesSpec::Each(
                node.at.clone(),
                entries.iter().filter_map(one).collect(),
            ))
        }
        other => {
            found.error(
                codes::WRONG_TYPE,
                &node.at,
                format!("{what}: expected `equal` or a mapping, found {}", other.kind()),
                "write `equal`, or {level: probability, …}, or {by: block, blocks: {…}}",
            );
            None
        }
    }
}
