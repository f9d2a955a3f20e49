//! `derived:` as written: one rule each, with the keys that go with it.

use super::Located;
use super::fields::{Fields, Findings, entries, number, scalar};
use super::registration::Named;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

#[derive(Clone, Debug)]
pub struct DerivedSpec {
    pub at: Place,
    pub rule: Option<DerivedRule>,
    pub reverse: Vec<Located<String>>,
    pub at_least: Option<Located<u64>>,
}

#[derive(Clone, Debug)]
pub enum DerivedRule {
    MeanOf(Vec<Located<String>>),
    SumOf(Vec<Located<String>>),
    When(Located<String>),
    /// An arithmetic expression.
    Value(Located<String>),
    /// How many of the points lie at or below the value.
    Cut {
        of: Located<String>,
        at: Vec<Located<f64>>,
    },
    /// A number for each level.
    Recode {
        of: Located<String>,
        to: Named<Located<f64>>,
    },
    /// In standard deviations from the mean of the rows that are named.
    Standardise {
        of: Located<String>,
        over: Option<OverSpec>,
    },
    /// Whole days from one time to another.
    Days {
        from: Located<String>,
        to: Located<String>,
    },
    /// The value in the unit's row before, in the order of another column.
    Lag {
        of: Located<String>,
        order: Option<Located<String>>,
    },
    /// Whether a text contains any of these, whatever their case.
    Contains {
        of: Located<String>,
        any_of: Vec<Located<String>>,
    },
    /// A weight that gives the levels of factors these shares, within bounds.
    Rake {
        to: Named<Named<Located<f64>>>,
        trim: Vec<Located<f64>>,
    },
}

/// Whose mean and standard deviation: all collected rows, those that are kept, or those with a level.
#[derive(Clone, Debug)]
pub enum OverSpec {
    Word(Located<String>),
    Level(Located<String>, Located<String>),
}

/// Each rule with the keys that only it has.
const RULES: [(&str, &[&str]); 11] = [
    ("mean_of", &["reverse", "at_least"]),
    ("sum_of", &["reverse", "at_least"]),
    ("when", &[]),
    ("value", &[]),
    ("cut", &["at"]),
    ("recode", &["to"]),
    ("standardise", &["over"]),
    ("days", &[]),
    ("lag", &["order"]),
    ("contains", &["any_of"]),
    ("rake", &["trim"]),
];

pub(super) fn derived(node: &Node, what: &str, found: &Findings) -> DerivedSpec {
    let mut keys: Vec<&str> = RULES
        .iter()
        .flat_map(|(rule, keys)| [&[*rule], *keys].concat())
        .collect();
    keys.dedup();
    let fields = Fields::open(node, what, &keys, found);
    let rules: Vec<&(&str, &[&str])> = RULES.iter().filter(|(k, _)| fields.node(k).is_some()).collect();
    let rule = match rules.as_slice() {
        [(name, own)] => {
            stray(&fields, what, name, own, found);
            rule(&fields, name, found)
        }
        several => {
            let names: Vec<String> = RULES.iter().map(|(rule, _)| format!("`{rule}`")).collect();
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                format!("{what} has {} rules", several.len()),
                format!("give it exactly one of {}", names.join(", ")),
            );
            None
        }
    };
    DerivedSpec {
        at: node.at.clone(),
        rule,
        reverse: fields.texts("reverse"),
        at_least: fields.count("at_least"),
    }
}

/// Keys of other rules would otherwise be passed over in silence.
fn stray(fields: &Fields<'_>, what: &str, rule: &str, own: &[&str], found: &Findings) {
    let others = RULES
        .iter()
        .flat_map(|(_, keys)| keys.iter())
        .filter(|k| !own.contains(k));
    let mut seen: Vec<&str> = Vec::new();
    for key in others {
        if let Some(written) = fields
            .node(key)
            .and(fields.key(key))
            .filter(|_| !seen.contains(key))
        {
            seen.push(key);
            found.error(
                codes::UNKNOWN_KEY,
                &written.at,
                format!("{what}: `{key}` does not belong to `{rule}`"),
                "remove it, so that nobody reads it as a promise",
            );
        }
    }
}

fn rule(fields: &Fields<'_>, name: &str, found: &Findings) -> Option<DerivedRule> {
    Some(match name {
        "mean_of" => DerivedRule::MeanOf(fields.texts("mean_of")),
        "sum_of" => DerivedRule::SumOf(fields.texts("sum_of")),
        "when" => DerivedRule::When(fields.text("when")?),
        "value" => DerivedRule::Value(scalar(fields.node("value")?, &fields.path("value"), found)?),
        "cut" => {
            fields.require("at", "the points at which it is cut, in order: [18, 30, 65]");
            let points = fields.list("at").iter();
            DerivedRule::Cut {
                of: fields.text("cut")?,
                at: points
                    .filter_map(|n| number(n, &fields.path("at"), found))
                    .collect(),
            }
        }
        "recode" => {
            fields.require("to", "a number for every level: {none: 0, some: 1, all: 2}");
            let entries = fields.entries_of("to").into_iter();
            DerivedRule::Recode {
                of: fields.text("recode")?,
                to: entries
                    .filter_map(|(k, v)| Some((k.clone(), number(v, &fields.path("to"), found)?)))
                    .collect(),
            }
        }
        "standardise" => {
            fields.require(
                "over",
                "whose mean and standard deviation: collected, kept, or {factor: level}",
            );
            DerivedRule::Standardise {
                of: fields.text("standardise")?,
                over: over(fields, found),
            }
        }
        "days" => {
            let days = fields.open_at("days", &["from", "to"])?;
            days.require("from", "a variable whose role is `time`");
            days.require("to", "a variable whose role is `time`");
            DerivedRule::Days {
                from: days.text("from")?,
                to: days.text("to")?,
            }
        }
        "lag" => {
            fields.require("order", "the number or time by which the unit's rows are ordered");
            DerivedRule::Lag {
                of: fields.text("lag")?,
                order: fields.text("order"),
            }
        }
        "rake" => {
            let margins = fields.entries_of("rake").into_iter();
            let numbers = fields.list("trim").iter();
            DerivedRule::Rake {
                to: margins
                    .map(|(f, v)| (f.clone(), shares(v, &f.value, fields, found)))
                    .collect(),
                trim: numbers
                    .filter_map(|n| number(n, &fields.path("trim"), found))
                    .collect(),
            }
        }
        _ => {
            fields.require("any_of", "the texts to look for: [vaccine, jab]");
            DerivedRule::Contains {
                of: fields.text("contains")?,
                any_of: fields.texts("any_of"),
            }
        }
    })
}

/// The shares of a factor's levels.
fn shares(node: &Node, factor: &str, fields: &Fields<'_>, found: &Findings) -> Named<Located<f64>> {
    let path = format!("{}.{factor}", fields.path("rake"));
    entries(node, &path, found)
        .into_iter()
        .filter_map(|(level, share)| Some((level.clone(), number(share, &path, found)?)))
        .collect()
}

fn over(fields: &Fields<'_>, found: &Findings) -> Option<OverSpec> {
    let node = fields.node("over")?;
    if !matches!(node.value, Yaml::Map(_)) {
        return fields.text("over").map(OverSpec::Word);
    }
    match fields.entries_of("over").as_slice() {
        [(factor, level)] => Some(OverSpec::Level(
            (*factor).clone(),
            scalar(level, &fields.path("over"), found)?,
        )),
        _ => {
            found.error(
                codes::WRONG_TYPE,
                &node.at,
                format!("{}: expected one factor with its level", fields.path("over")),
                "such as {arm: control}",
            );
            None
        }
    }
}
