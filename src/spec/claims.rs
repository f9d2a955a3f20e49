//! `claims.yaml`: what the manuscript says, as it is printed there.
//!
//! Every number is text: its digits tell how it was rounded, and 0.710 says more than 0.71.

use super::Located;
use super::fields::{Fields, Findings};
use super::pipeline::Decimal;
use super::registration::version;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The claims of a manuscript.
#[derive(Clone, Debug)]
pub struct Claims {
    pub rounding: Rounding,
    pub decimal: Decimal,
    /// From the table's note: a mark and the p below which it stands, the weakest first.
    pub stars: Vec<(String, f64)>,
    pub claims: Vec<Claim>,
}

/// How the manuscript's numbers were cut to their digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest; a tie may go up, away from zero, or to the even digit.
    #[default]
    Nearest,
    /// Towards zero.
    Truncate,
}

/// One place of the manuscript, and what it says there.
#[derive(Clone, Debug)]
pub struct Claim {
    pub at: Place,
    /// `Table 2, row 1`
    pub place: String,
    pub about: About,
    /// What is printed, by its key, in the order of [`NUMBERS`].
    pub numbers: Vec<(&'static str, Located<String>)>,
    pub sided: Option<Located<Sided>>,
    pub verdict: Option<Located<&'static str>>,
    pub significant: Option<Located<bool>>,
    pub confirmatory: Option<Located<bool>>,
    pub correction: Option<Located<String>>,
}

/// What a claim is about.
#[derive(Clone, Debug)]
pub enum About {
    Test(Located<String>),
    Hypothesis(Located<String>),
    Model(Located<String>),
    Term {
        model: Located<String>,
        term: Located<String>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sided {
    One,
    Two,
}

/// The numbers that a manuscript prints.
pub const NUMBERS: [&str; 13] = [
    "estimate",
    "std_error",
    "statistic",
    "df",
    "p",
    "p_adjusted",
    "conf_level",
    "conf_low",
    "conf_high",
    "n",
    "effect_size",
    "bayes_factor",
    "r_squared",
];

const SAYS: [&str; 5] = ["sided", "verdict", "significant", "confirmatory", "correction"];

/// Reads the claims, reporting everything that is wrong with their form.
pub fn read(root: &Node, found: &Findings) -> Claims {
    let top = Fields::open(
        root,
        &root.at.file,
        &["asregistered", "rounding", "decimal", "stars", "claims"],
        found,
    );
    version(&top, found);
    top.require("claims", "a list of what the manuscript says, one entry a place");
    if top.node("claims").is_some() && top.list("claims").is_empty() {
        found.error(
            codes::MISSING_KEY,
            top.at(),
            "no claim is made",
            "write what the manuscript says, one entry a place",
        );
    }
    let words = [("nearest", Rounding::Nearest), ("truncate", Rounding::Truncate)];
    Claims {
        rounding: top.word("rounding", &words).map(|w| w.value).unwrap_or_default(),
        decimal: top
            .word("decimal", &Decimal::ALL)
            .map_or(Decimal::Point, |w| w.value),
        stars: stars(&top, found),
        claims: top
            .list("claims")
            .iter()
            .filter_map(|node| claim(node, found))
            .collect(),
    }
}

fn stars(top: &Fields<'_>, found: &Findings) -> Vec<(String, f64)> {
    let mut all = Vec::new();
    for (mark, node) in top.entries_of("stars") {
        match node.value {
            Yaml::Number(p) if p > 0.0 && p < 1.0 && !mark.value.trim().is_empty() => {
                all.push((mark.value.trim().to_owned(), p));
            }
            _ => found.error(
                codes::OUT_OF_DOMAIN,
                &node.at,
                format!("stars.{}: no bound of p", mark.value),
                "write the p below which the mark stands: {\"*\": 0.05, \"**\": 0.01}",
            ),
        }
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all
}

fn claim(node: &Node, found: &Findings) -> Option<Claim> {
    let keys = ["where", "test", "hypothesis", "model", "term", "says"];
    let fields = Fields::open(node, "claims", &keys, found);
    let complete = [
        fields.require("where", "the place in the manuscript, such as `Table 2, row 1`"),
        fields.require(
            "says",
            "what is printed there, such as {estimate: \"0.71\", p: \"< .001\"}",
        ),
    ];
    let about = about(&fields, found);
    let allowed: Vec<&str> = NUMBERS.iter().chain(&SAYS).copied().collect();
    let says = fields.open_at("says", &allowed)?;
    let numbers: Vec<_> = NUMBERS
        .iter()
        .filter_map(|key| Some((*key, printed(&says, key, found)?)))
        .collect();
    if complete.contains(&false) {
        return None;
    }
    let any = |key: &str| says.node(key).is_some() && key != "sided";
    if !allowed.iter().any(|key| any(key)) {
        found.error(
            codes::MISSING_KEY,
            says.at(),
            "claims: an entry says nothing",
            "write what is printed there, such as {estimate: \"0.71\", p: \"< .001\"}",
        );
    }
    let verdicts = ["corroborated", "contradicted", "inconclusive"].map(|word| (word, word));
    Some(Claim {
        at: node.at.clone(),
        place: fields.text("where")?.value,
        about: about?,
        numbers,
        sided: says.word("sided", &[("one", Sided::One), ("two", Sided::Two)]),
        verdict: says.word("verdict", &verdicts),
        significant: says.truth("significant"),
        confirmatory: says.truth("confirmatory"),
        correction: says.text("correction"),
    })
}

/// A number as it is printed. Without quotes YAML would lose its last zeros.
fn printed(says: &Fields<'_>, key: &str, found: &Findings) -> Option<Located<String>> {
    let node = says.node(key)?;
    match &node.value {
        Yaml::Number(number) => {
            found.error(
                codes::WRONG_TYPE,
                &node.at,
                format!("{}: the number {number} has lost its digits", says.path(key)),
                "write it in quotes, digit by digit as it is printed: \"0.710\"",
            );
            None
        }
        _ => says.text(key),
    }
}

fn about(fields: &Fields<'_>, found: &Findings) -> Option<About> {
    let (test, hypothesis) = (fields.text("test"), fields.text("hypothesis"));
    let (model, term) = (fields.text("model"), fields.text("term"));
    match (test, hypothesis, model, term) {
        (Some(test), None, None, None) => Some(About::Test(test)),
        (None, Some(hypothesis), None, None) => Some(About::Hypothesis(hypothesis)),
        (None, None, Some(model), Some(term)) => Some(About::Term { model, term }),
        (None, None, Some(model), None) => Some(About::Model(model)),
        _ => {
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                "claims: an entry is about one thing",
                "write `test:`, `hypothesis:`, `model:`, or `model:` with `term:`",
            );
            None
        }
    }
}
