//! `bootstrap:` of a model as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

#[derive(Clone, Debug)]
pub struct BootstrapSpec {
    pub at: Place,
    pub draws: Option<Located<u64>>,
    pub kind: Option<Located<String>>,
    pub intervals: Option<Located<String>>,
}

pub(super) fn bootstrap(node: &Node, what: &str, found: &Findings) -> BootstrapSpec {
    let fields = Fields::open(node, what, &["draws", "kind", "intervals"], found);
    fields.require("draws", "how many draws, such as 2000");
    fields.require("kind", "pairs or wild");
    BootstrapSpec {
        at: node.at.clone(),
        draws: fields.count("draws"),
        kind: fields.text("kind"),
        intervals: fields.text("intervals"),
    }
}
