//! `randomization:` of a test as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

#[derive(Clone, Debug)]
pub struct RandomizationSpec {
    pub at: Place,
    pub draws: Option<Located<u64>>,
    pub statistic: Option<Located<String>>,
}

pub(super) fn randomization(node: &Node, what: &str, found: &Findings) -> RandomizationSpec {
    let fields = Fields::open(node, what, &["draws", "statistic"], found);
    fields.require("draws", "how often the allocation is redrawn, such as 10000");
    fields.require("statistic", "t or estimate");
    RandomizationSpec {
        at: node.at.clone(),
        draws: fields.count("draws"),
        statistic: fields.text("statistic"),
    }
}
