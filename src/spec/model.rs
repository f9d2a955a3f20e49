//! `models:` and `tests:` as written.

use super::Located;
use super::fields::{Fields, Findings, scalar};
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
}

pub(super) fn model(node: &Node, what: &str, found: &Findings) -> ModelSpec {
    let keys = [
        "estimator",
        "formula",
        "vcov",
        "subset",
        "weights",
        "cluster",
        "family",
        "link",
        "information",
    ];
    let fields = Fields::open(node, what, &keys, found);
    for key in ["weights", "cluster", "family", "link", "information"] {
        refuse(&fields, key, found);
    }
    fields.require("estimator", "`ols`");
    fields.require("formula", "as in R: `approval ~ us_response * regime`");
    fields.require(
        "vcov",
        "one of classical, HC0, HC1, HC2, HC3: it changes every p-value, so there is no default",
    );
    ModelSpec {
        at: node.at.clone(),
        estimator: fields.text("estimator"),
        formula: fields.text("formula"),
        vcov: fields.text("vcov"),
        subset: fields.text("subset"),
    }
}

fn refuse(fields: &Fields<'_>, key: &str, found: &Findings) {
    if let Some(key) = fields.node(key).and(fields.key(key)) {
        found.error(
            codes::NOT_SUPPORTED,
            &key.at,
            format!("{} cannot be run by this version", fields.path(&key.value)),
            "the program refuses rather than run another model than the one registered",
        );
    }
}

#[derive(Clone, Debug)]
pub struct TestSpec {
    pub at: Place,
    pub model: Option<Located<String>>,
    pub quantity: Option<QuantitySpec>,
    pub average: Option<Located<String>>,
    pub alternative: Option<Located<String>>,
    pub null: Option<Located<f64>>,
    pub alpha: Option<Located<f64>>,
    pub conf_level: Option<Located<f64>>,
}

#[derive(Clone, Debug)]
pub enum QuantitySpec {
    Contrast {
        contrast: Located<String>,
        of: Option<Located<String>>,
        across: Named<Located<String>>,
    },
    Joint(Vec<Located<String>>),
    Coefficient(Located<String>),
    Margin {
        level: Located<String>,
        of: Option<Located<String>>,
    },
}

const QUANTITIES: [&str; 4] = ["contrast", "joint", "coefficient", "margin"];

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
        "by",
        "average",
        "alternative",
        "null",
        "alpha",
        "conf_level",
    ];
    let fields = Fields::open(node, what, &keys, found);
    for key in ["slope", "by"] {
        refuse(&fields, key, found);
    }
    fields.require("model", "the id of one of the `models`");
    fields.require("alpha", "the level at which the test rejects, such as 0.05");
    TestSpec {
        at: node.at.clone(),
        model: fields.text("model"),
        quantity: quantity(&fields, what, found),
        average: fields.text("average"),
        alternative: alternative(&fields, found),
        null: fields.number("null"),
        alpha: fields.number("alpha"),
        conf_level: fields.number("conf_level"),
    }
}

fn quantity(fields: &Fields<'_>, what: &str, found: &Findings) -> Option<QuantitySpec> {
    let given: Vec<&str> = QUANTITIES
        .into_iter()
        .filter(|k| fields.node(k).is_some())
        .collect();
    let quantity = match given.as_slice() {
        ["contrast"] => QuantitySpec::Contrast {
            contrast: fields.text("contrast")?,
            of: needed_of(fields),
            across: fields
                .entries_of("across")
                .into_iter()
                .filter_map(|(k, v)| {
                    Some((k.clone(), super::fields::text(v, &fields.path("across"), found)?))
                })
                .collect(),
        },
        ["joint"] => QuantitySpec::Joint(match &fields.node("joint")?.value {
            Yaml::List(_) => fields.texts("joint"),
            _ => fields.text("joint").into_iter().collect(),
        }),
        ["coefficient"] => QuantitySpec::Coefficient(fields.text("coefficient")?),
        ["margin"] => QuantitySpec::Margin {
            level: scalar(fields.node("margin")?, &fields.path("margin"), found)?,
            of: needed_of(fields),
        },
        other => {
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                format!("{what} has {} quantities", other.len()),
                "give it exactly one of `contrast`, `joint`, `coefficient`, `margin`",
            );
            return None;
        }
    };
    stray(fields, what, &quantity, found);
    Some(quantity)
}

fn needed_of(fields: &Fields<'_>) -> Option<Located<String>> {
    fields.require("of", "the factor whose levels it names");
    fields.text("of")
}

/// Keys that this quantity does not have would otherwise be passed over in silence.
fn stray(fields: &Fields<'_>, what: &str, quantity: &QuantitySpec, found: &Findings) {
    let unused: &[&str] = match quantity {
        QuantitySpec::Contrast { .. } => &[],
        QuantitySpec::Margin { .. } => &["across"],
        QuantitySpec::Coefficient(_) => &["of", "across", "average"],
        QuantitySpec::Joint(_) => &["of", "across", "average", "alternative", "null"],
    };
    for key in unused {
        if let Some(key) = fields.node(key).and(fields.key(key)) {
            found.error(
                codes::UNKNOWN_KEY,
                &key.at,
                format!("{what}: `{}` means nothing for this quantity", key.value),
                "remove it, so that nobody reads it as a promise",
            );
        }
    }
}

fn alternative(fields: &Fields<'_>, found: &Findings) -> Option<Located<String>> {
    let node = fields.node("alternative")?;
    if let Yaml::Map(_) = node.value {
        found.error(
            codes::NOT_SUPPORTED,
            &node.at,
            format!(
                "{}: equivalence and margins cannot be run by this version",
                fields.path("alternative")
            ),
            "the alternatives are two_sided, greater, less",
        );
        return None;
    }
    fields.text("alternative")
}
