//! `families:` and `hypotheses:` as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

#[derive(Clone, Debug)]
pub struct FamilySpec {
    pub at: Place,
    pub tests: Vec<Located<String>>,
    pub adjust: Option<Located<String>>,
    pub gate: Option<GateSpec>,
    pub draws: Option<Located<u64>>,
}

#[derive(Clone, Debug)]
pub struct GateSpec {
    pub family: Option<Located<String>>,
    pub open_if: Option<Located<String>>,
}

pub(super) fn family(node: &Node, what: &str, found: &Findings) -> FamilySpec {
    let fields = Fields::open(node, what, &["tests", "adjust", "gate", "draws"], found);
    fields.require("tests", "the tests that share one correction");
    fields.require("adjust", "such as none, bonferroni, holm, bh or fixed_sequence");
    FamilySpec {
        at: node.at.clone(),
        tests: fields.texts("tests"),
        adjust: fields.text("adjust"),
        draws: fields.count("draws"),
        gate: fields.node("gate").map(|g| gate(g, &fields.path("gate"), found)),
    }
}

fn gate(node: &Node, what: &str, found: &Findings) -> GateSpec {
    let fields = Fields::open(node, what, &["family", "open_if"], found);
    fields.require("family", "the family that must reject before this one may");
    fields.require("open_if", "all (serial gatekeeping) or any (parallel)");
    GateSpec {
        family: fields.text("family"),
        open_if: fields.text("open_if"),
    }
}

#[derive(Clone, Debug)]
pub struct HypothesisSpec {
    pub at: Place,
    pub statement: Option<Located<String>>,
    pub status: Option<Located<String>>,
    pub corroborated_if: Option<Located<String>>,
    pub contradicted_if: Option<Located<String>>,
}

pub(super) fn hypothesis(node: &Node, what: &str, found: &Findings) -> HypothesisSpec {
    let keys = ["statement", "status", "corroborated_if", "contradicted_if"];
    let fields = Fields::open(node, what, &keys, found);
    fields.require("statement", "the hypothesis in one sentence");
    fields.require("status", "primary or secondary");
    fields.require(
        "corroborated_if",
        "the rule over its tests, such as `H1.any and all(arms)`",
    );
    HypothesisSpec {
        at: node.at.clone(),
        statement: fields.text("statement"),
        status: fields.text("status"),
        corroborated_if: fields.text("corroborated_if"),
        contradicted_if: fields.text("contradicted_if"),
    }
}
