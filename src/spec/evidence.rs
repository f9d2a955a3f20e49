//! `bayes_factor:` and `decide:` of a test as written.

use super::Located;
use super::fields::{Fields, Findings};
use super::yaml::Node;
use crate::diagnostic::Place;

/// `{prior: jzs, scale: 0.7071}` or `{prior: normal, mean: 0, sd: 0.5}`.
#[derive(Clone, Debug)]
pub struct BayesFactorSpec {
    pub at: Place,
    pub prior: Option<Located<String>>,
    pub scale: Option<Located<f64>>,
    pub mean: Option<Located<f64>>,
    pub sd: Option<Located<f64>>,
}

pub(super) fn bayes_factor(node: &Node, what: &str, found: &Findings) -> BayesFactorSpec {
    let fields = Fields::open(node, what, &["prior", "scale", "mean", "sd"], found);
    fields.require("prior", "jzs or normal: a Bayes factor is of a prior");
    BayesFactorSpec {
        at: node.at.clone(),
        prior: fields.text("prior"),
        scale: fields.number("scale"),
        mean: fields.number("mean"),
        sd: fields.number("sd"),
    }
}

/// `{bayes_factor: {at_least: 10}}`.
#[derive(Clone, Debug)]
pub struct DecideSpec {
    pub at: Place,
    pub at_least: Option<Located<f64>>,
}

pub(super) fn decide(node: &Node, what: &str, found: &Findings) -> DecideSpec {
    let fields = Fields::open(node, what, &["bayes_factor"], found);
    fields.require("bayes_factor", "such as {bayes_factor: {at_least: 10}}");
    let inner = fields.open_at("bayes_factor", &["at_least"]);
    if let Some(inner) = &inner {
        inner.require(
            "at_least",
            "the Bayes factor from which the test rejects, such as 10",
        );
    }
    DecideSpec {
        at: node.at.clone(),
        at_least: inner.and_then(|i| i.number("at_least")),
    }
}
