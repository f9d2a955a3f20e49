//! `imputation:` as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

#[derive(Clone, Debug)]
pub struct ImputationSpec {
    pub at: Place,
    pub draws: Option<Located<u64>>,
    pub iterations: Option<Located<u64>>,
}

pub(super) fn imputation(node: &Node, found: &Findings) -> ImputationSpec {
    let fields = Fields::open(node, "imputation", &["draws", "iterations"], found);
    fields.require("draws", "how many completed data sets: 20, or more");
    fields.require("iterations", "how many rounds of chained equations: 10, or more");
    ImputationSpec {
        at: node.at.clone(),
        draws: fields.count("draws"),
        iterations: fields.count("iterations"),
    }
}
