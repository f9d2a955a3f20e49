//! `models:` and `tests:` as written.

use super::Located;
use super::bootstrap::{BootstrapSpec, bootstrap};
use super::evidence::{BayesFactorSpec, DecideSpec, bayes_factor, decide};
use super::fields::{Fields, Findings, scalar};
use super::quantity::quantity;
pub use super::quantity::{AnovaSpec, QuantitySpec};
use super::randomization::{RandomizationSpec, randomization};
use super::registration::Named;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

#[derive(Clone, Debug)]
pub struct ModelSpec {
    pub at: Place,
    pub estimator: Option<Located<String>>,
    pub formula: Option<Located<String>>,
    pub vcov: Option<Located<String>>,
    pub subset: Option<Located<String>>,
    pub weights: Option<WeightsSpec>,
    pub cluster: Vec<Located<String>>,
    pub information: Option<Located<String>>,
    pub family: Option<Located<String>>,
    pub link: Option<Located<String>>,
    pub contrasts: Named<Located<String>>,
    pub blocks: Option<Located<String>>,
    pub bootstrap: Option<BootstrapSpec>,
    pub items: Option<Located<u64>>,
    pub likelihood: Option<Located<String>>,
    pub trials: Option<Located<String>>,
    /// Of `estimator: ipw`.
    pub form: Option<Located<String>>,
}

#[derive(Clone, Debug)]
pub struct WeightsSpec {
    pub at: Place,
    pub column: Option<Located<String>>,
    pub kind: Option<Located<String>>,
}

pub(super) fn model(node: &Node, what: &str, found: &Findings) -> ModelSpec {
    let keys = [
        "estimator",
        "formula",
        "vcov",
        "subset",
        "weights",
        "cluster",
        "information",
        "family",
        "link",
        "contrasts",
        "blocks",
        "bootstrap",
        "items",
        "likelihood",
        "trials",
        "form",
    ];
    let fields = Fields::open(node, what, &keys, found);
    fields.require("estimator", "such as `ols` or `logit`");
    fields.require("formula", "as in R: `approval ~ us_response * regime`");
    fields.require(
        "vcov",
        "such as HC2, or CR2 with a `cluster`: it changes every p-value, so there is no default",
    );
    ModelSpec {
        at: node.at.clone(),
        estimator: fields.text("estimator"),
        formula: fields.text("formula"),
        vcov: fields.text("vcov"),
        subset: fields.text("subset"),
        weights: fields
            .node("weights")
            .map(|w| weights(w, &fields.path("weights"), found)),
        cluster: text_or_texts(&fields, "cluster"),
        information: fields.text("information"),
        family: fields.text("family"),
        link: fields.text("link"),
        contrasts: texts_of(&fields, "contrasts", found),
        blocks: fields.text("blocks"),
        trials: fields.text("trials"),
        form: fields.text("form"),
        bootstrap: fields
            .node("bootstrap")
            .map(|n| bootstrap(n, &fields.path("bootstrap"), found)),
        items: fields.count("items"),
        likelihood: fields.text("likelihood"),
    }
}

fn weights(node: &Node, what: &str, found: &Findings) -> WeightsSpec {
    let fields = Fields::open(node, what, &["column", "kind"], found);
    fields.require("column", "the variable that holds the weights");
    fields.require(
        "kind",
        "probability, analytic or frequency: the same column gives other errors under each",
    );
    WeightsSpec {
        at: node.at.clone(),
        column: fields.text("column"),
        kind: fields.text("kind"),
    }
}

fn text_or_texts(fields: &Fields<'_>, key: &str) -> Vec<Located<String>> {
    match fields.node(key).map(|n| &n.value) {
        Some(Yaml::List(_)) => fields.texts(key),
        Some(_) => fields.text(key).into_iter().collect(),
        None => Vec::new(),
    }
}

#[derive(Clone, Debug)]
pub struct TestSpec {
    pub at: Place,
    pub model: Option<Located<String>>,
    pub quantity: Option<QuantitySpec>,
    pub average: Option<Located<String>>,
    /// Of a contrast: by what the levels of each side weigh.
    pub weigh: Option<Located<String>>,
    /// Of a joint test.
    pub statistic: Option<Located<String>>,
    pub scale: Option<Located<String>>,
    pub category: Option<Located<String>>,
    pub by: Named<Located<String>>,
    pub at_values: Named<AtSpec>,
    pub alternative: Option<AlternativeSpec>,
    pub null: Option<Located<f64>>,
    pub alpha: Option<Located<f64>>,
    pub conf_level: Option<Located<f64>>,
    pub randomization: Option<RandomizationSpec>,
    pub effect_size: Option<Located<String>>,
    pub bayes_factor: Option<BayesFactorSpec>,
    pub decide: Option<DecideSpec>,
}

/// A value that a moderator is set to.
#[derive(Clone, Debug)]
pub enum AtSpec {
    Text(Located<String>),
    Number(Located<f64>),
}

/// A word, or a word with the margins that it needs.
#[derive(Clone, Debug)]
pub struct AlternativeSpec {
    pub word: Located<String>,
    pub low: Option<Located<f64>>,
    pub high: Option<Located<f64>>,
    pub margin: Option<Located<f64>>,
    pub better: Option<Located<String>>,
}

pub(super) fn test(node: &Node, what: &str, found: &Findings) -> TestSpec {
    let keys = [
        "model",
        "contrast",
        "of",
        "across",
        "joint",
        "coefficient",
        "margin",
        "slope",
        "parameter",
        "anova",
        "proportional_odds",
        "statistic",
        "weigh",
        "scale",
        "category",
        "by",
        "at",
        "average",
        "alternative",
        "null",
        "alpha",
        "conf_level",
        "randomization",
        "effect_size",
        "bayes_factor",
        "decide",
    ];
    let fields = Fields::open(node, what, &keys, found);
    fields.require("model", "the id of one of the `models`");
    fields.require("alpha", "the level at which the test rejects, such as 0.05");
    TestSpec {
        at: node.at.clone(),
        model: fields.text("model"),
        quantity: quantity(&fields, what, found),
        average: fields.text("average"),
        weigh: fields.text("weigh"),
        statistic: fields.text("statistic"),
        scale: fields.text("scale"),
        category: fields
            .node("category")
            .and_then(|n| scalar(n, &fields.path("category"), found)),
        by: texts_of(&fields, "by", found),
        at_values: at_values(&fields, found),
        alternative: alternative(&fields, found),
        null: fields.number("null"),
        alpha: fields.number("alpha"),
        conf_level: fields.number("conf_level"),
        randomization: fields
            .node("randomization")
            .map(|n| randomization(n, &fields.path("randomization"), found)),
        effect_size: fields.text("effect_size"),
        bayes_factor: fields
            .node("bayes_factor")
            .map(|n| bayes_factor(n, &fields.path("bayes_factor"), found)),
        decide: fields
            .node("decide")
            .map(|n| decide(n, &fields.path("decide"), found)),
    }
}

pub(super) fn texts_of(fields: &Fields<'_>, key: &str, found: &Findings) -> Named<Located<String>> {
    fields
        .entries_of(key)
        .into_iter()
        .filter_map(|(k, v)| Some((k.clone(), scalar(v, &fields.path(key), found)?)))
        .collect()
}

fn at_values(fields: &Fields<'_>, found: &Findings) -> Named<AtSpec> {
    let read = |node: &Node| match &node.value {
        Yaml::Number(_) => super::fields::number(node, &fields.path("at"), found).map(AtSpec::Number),
        _ => scalar(node, &fields.path("at"), found).map(AtSpec::Text),
    };
    let entries = fields.entries_of("at").into_iter();
    entries.filter_map(|(k, v)| Some((k.clone(), read(v)?))).collect()
}

/// `greater`, or `{equivalent: {low: -0.2, high: 0.2}}`, or `{not_inferior: {margin: 0.3, better: higher}}`.
fn alternative(fields: &Fields<'_>, found: &Findings) -> Option<AlternativeSpec> {
    let node = fields.node("alternative")?;
    let path = fields.path("alternative");
    let Yaml::Map(entries) = &node.value else {
        return Some(AlternativeSpec {
            word: fields.text("alternative")?,
            low: None,
            high: None,
            margin: None,
            better: None,
        });
    };
    let [(word, inner)] = entries.as_slice() else {
        found.error(
            codes::WRONG_TYPE,
            &node.at,
            format!("{path}: expected one alternative with its margins"),
            "such as {equivalent: {low: -0.2, high: 0.2}}",
        );
        return None;
    };
    let keys: &[&str] = match word.value.as_str() {
        "equivalent" => &["low", "high"],
        _ => &["margin", "better"],
    };
    let inner = Fields::open(inner, &format!("{path}.{}", word.value), keys, found);
    Some(AlternativeSpec {
        word: word.clone(),
        low: inner.number("low"),
        high: inner.number("high"),
        margin: inner.number("margin"),
        better: inner.text("better"),
    })
}
