//! The quantity of a test as written: exactly one of them, with the keys that belong to it.

use super::Located;
use super::fields::{Fields, Findings, scalar};
use super::model::texts_of;
use super::registration::Named;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

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
    Slope(Located<String>),
    Parameter(Located<String>),
    Anova(AnovaSpec),
    ProportionalOdds(Vec<Located<String>>),
}

/// `{term: a:b, type: II}`
#[derive(Clone, Debug)]
pub struct AnovaSpec {
    pub at: Place,
    pub term: Option<Located<String>>,
    pub kind: Option<Located<String>>,
}

fn anova(node: &Node, what: &str, found: &Findings) -> AnovaSpec {
    let fields = Fields::open(node, what, &["term", "type"], found);
    fields.require("term", "one term of the model, such as a:b");
    fields.require(
        "type",
        "I, II or III: with unequal cells they are different hypotheses",
    );
    AnovaSpec {
        at: node.at.clone(),
        term: fields.text("term"),
        kind: fields.text("type"),
    }
}

const QUANTITIES: [&str; 8] = [
    "contrast",
    "joint",
    "coefficient",
    "margin",
    "slope",
    "parameter",
    "anova",
    "proportional_odds",
];

pub(super) fn quantity(fields: &Fields<'_>, what: &str, found: &Findings) -> Option<QuantitySpec> {
    let given: Vec<&str> = QUANTITIES
        .into_iter()
        .filter(|k| fields.node(k).is_some())
        .collect();
    let quantity = match given.as_slice() {
        ["contrast"] => QuantitySpec::Contrast {
            contrast: fields.text("contrast")?,
            of: needed_of(fields),
            across: texts_of(fields, "across", found),
        },
        ["joint"] => QuantitySpec::Joint(terms(fields, "joint")?),
        ["proportional_odds"] => QuantitySpec::ProportionalOdds(terms(fields, "proportional_odds")?),
        ["coefficient"] => QuantitySpec::Coefficient(fields.text("coefficient")?),
        ["margin"] => QuantitySpec::Margin {
            level: scalar(fields.node("margin")?, &fields.path("margin"), found)?,
            of: needed_of(fields),
        },
        ["slope"] => QuantitySpec::Slope(fields.text("slope")?),
        ["parameter"] => QuantitySpec::Parameter(fields.text("parameter")?),
        ["anova"] => QuantitySpec::Anova(anova(fields.node("anova")?, &fields.path("anova"), found)),
        other => {
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                format!("{what} has {} quantities", other.len()),
                "give it exactly one of `contrast`, `joint`, `coefficient`, `margin`, `slope`, `parameter`, `anova`, `proportional_odds`",
            );
            return None;
        }
    };
    stray(fields, what, &quantity, found);
    Some(quantity)
}

/// One term or a list of them.
fn terms(fields: &Fields<'_>, key: &str) -> Option<Vec<Located<String>>> {
    Some(match &fields.node(key)?.value {
        Yaml::List(_) => fields.texts(key),
        _ => fields.text(key).into_iter().collect(),
    })
}

fn needed_of(fields: &Fields<'_>) -> Option<Located<String>> {
    fields.require("of", "the factor whose levels it names");
    fields.text("of")
}

/// Keys of quantities that are one number with a side.
const OF_ONE: [&str; 10] = [
    "of",
    "across",
    "average",
    "weigh",
    "scale",
    "category",
    "by",
    "at",
    "alternative",
    "null",
];

/// Keys that this quantity does not have would otherwise be passed over in silence.
fn stray(fields: &Fields<'_>, what: &str, quantity: &QuantitySpec, found: &Findings) {
    let unused: Vec<&str> = match quantity {
        QuantitySpec::Contrast { .. } => vec!["statistic"],
        QuantitySpec::Margin { .. } => vec!["across", "weigh", "statistic"],
        QuantitySpec::Slope(_) => vec!["of", "across", "average", "weigh", "statistic"],
        QuantitySpec::Coefficient(_) | QuantitySpec::Parameter(_) => {
            let sided = ["alternative", "null"];
            let others = OF_ONE.into_iter().filter(|key| !sided.contains(key));
            others.chain(["statistic"]).collect()
        }
        QuantitySpec::Joint(_) => OF_ONE.to_vec(),
        QuantitySpec::Anova(_) | QuantitySpec::ProportionalOdds(_) => {
            OF_ONE.into_iter().chain(["statistic"]).collect()
        }
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
