//! `exclusions:` as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::{Place, codes};

#[derive(Clone, Debug)]
pub struct ExclusionSpec {
    pub at: Place,
    pub id: Option<Located<String>>,
    pub rule: Option<ExclusionRuleSpec>,
    pub reason: Option<Located<String>>,
}

#[derive(Clone, Debug)]
pub enum ExclusionRuleSpec {
    DropIf(Located<String>),
    Duplicates(DuplicatesSpec),
    Outliers(OutliersSpec),
}

/// Rows that agree in `by`.
#[derive(Clone, Debug)]
pub struct DuplicatesSpec {
    pub at: Place,
    pub by: Vec<Located<String>>,
    pub keep: Option<Located<String>>,
}

/// Values far from the others.
#[derive(Clone, Debug)]
pub struct OutliersSpec {
    pub at: Place,
    pub of: Option<Located<String>>,
    pub method: Option<Located<String>>,
    pub cutoff: Option<Located<f64>>,
    pub within: Vec<Located<String>>,
}

const RULES: [&str; 3] = ["drop_if", "duplicates", "outliers"];

pub(super) fn exclusion(node: &Node, found: &Findings) -> ExclusionSpec {
    let allowed = ["id", "drop_if", "duplicates", "outliers", "reason"];
    let fields = Fields::open(node, "exclusions", &allowed, found);
    fields.require("id", "a short name, by which the row counts are listed");
    let written: Vec<&str> = RULES.into_iter().filter(|k| fields.node(k).is_some()).collect();
    let rule = match written.as_slice() {
        [] => {
            fields.require("drop_if", "the expression that is true for rows that leave");
            None
        }
        [one] => rule(&fields, one),
        several => {
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                format!("an exclusion has {} rules: {}", several.len(), several.join(", ")),
                "give each rule an exclusion of its own, so that its rows are counted",
            );
            None
        }
    };
    ExclusionSpec {
        at: node.at.clone(),
        id: fields.text("id"),
        rule,
        reason: fields.text("reason"),
    }
}

fn rule(fields: &Fields<'_>, name: &str) -> Option<ExclusionRuleSpec> {
    match name {
        "drop_if" => fields.text("drop_if").map(ExclusionRuleSpec::DropIf),
        "duplicates" => {
            let own = fields.open_at("duplicates", &["by", "keep"])?;
            own.require("by", "the columns in which repeated rows agree: [id]");
            own.require("keep", "which of them stays: first, last or none");
            Some(ExclusionRuleSpec::Duplicates(DuplicatesSpec {
                at: own.at().clone(),
                by: own.texts("by"),
                keep: own.text("keep"),
            }))
        }
        _ => {
            let own = fields.open_at("outliers", &["of", "method", "cutoff", "within"])?;
            own.require("of", "the variable whose values are far from the others");
            own.require("method", "what far is measured by: sd, mad or iqr");
            own.require(
                "cutoff",
                "how far: 3 standard deviations, 1.5 interquartile ranges",
            );
            Some(ExclusionRuleSpec::Outliers(OutliersSpec {
                at: own.at().clone(),
                of: own.text("of"),
                method: own.text("method"),
                cutoff: own.number("cutoff"),
                within: own.texts("within"),
            }))
        }
    }
}
