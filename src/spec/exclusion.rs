//! `exclusions:` as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

#[derive(Clone, Debug)]
pub struct ExclusionSpec {
    pub at: Place,
    pub id: Option<Located<String>>,
    pub drop_if: Option<Located<String>>,
    pub reason: Option<Located<String>>,
}

pub(super) fn exclusion(node: &Node, found: &Findings) -> ExclusionSpec {
    let fields = Fields::open(node, "exclusions", &["id", "drop_if", "reason"], found);
    fields.require("id", "a short name, by which the row counts are listed");
    fields.require("drop_if", "the expression that is true for rows that leave");
    ExclusionSpec {
        at: node.at.clone(),
        id: fields.text("id"),
        drop_if: fields.text("drop_if"),
        reason: fields.text("reason"),
    }
}
