//! How the rows and columns of the registered variables are made from those of the data file.

use super::Located;
use super::fields::{Fields, Findings, entries, scalar};
use super::join::{self, Join};
use super::long::{self, Long};
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};
use std::collections::BTreeMap;

/// What is made of the file's columns before the codebook types them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    pub join: Vec<Join>,
    pub long: Option<Long>,
    /// Registered name → the choices that it is gathered from.
    pub checkboxes: BTreeMap<String, Checkbox>,
    /// Registered name → the place in an order in which things were displayed.
    pub display_order: BTreeMap<String, DisplayOrder>,
}

impl Shape {
    /// The variables that are made of columns of other names, and where the pipeline says of what.
    pub fn made(&self) -> impl Iterator<Item = (&String, &Place)> {
        let checkboxes = self.checkboxes.iter().map(|(name, c)| (name, &c.of.at));
        let displayed = self.display_order.iter().map(|(name, o)| (name, &o.of.at));
        checkboxes.chain(displayed)
    }
}

/// A question of which several choices could be ticked.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkbox {
    /// A column whose cells list the ticked choices, or a pattern with `{choice}` for a column each.
    pub of: Located<String>,
    pub as_: Ticks,
    /// What a row is in which nothing is ticked.
    pub none: Located<String>,
    /// Marks of a ticked choice beside the usual ones.
    pub ticked: Vec<Located<String>>,
    /// Marks of a choice that is not ticked beside the usual ones.
    pub unticked: Vec<Located<String>>,
}

/// What the variable says of the ticked choices.
#[derive(Clone, Debug, PartialEq)]
pub enum Ticks {
    /// 1 where this one is ticked, 0 where others are.
    Choice(Located<String>),
    /// The level of the only one that is ticked; another where there are several.
    Levels {
        choices: BTreeMap<String, Located<String>>,
        several: Located<String>,
    },
}

impl Checkbox {
    /// Choice → level, where it has levels.
    pub fn choices(&self) -> Option<&BTreeMap<String, Located<String>>> {
        match &self.as_ {
            Ticks::Choice(_) => None,
            Ticks::Levels { choices, .. } => Some(choices),
        }
    }

    /// The levels that rows get by it.
    pub fn levels(&self) -> impl Iterator<Item = &Located<String>> {
        let choices = self.choices();
        let several = match &self.as_ {
            Ticks::Choice(_) => None,
            Ticks::Levels { several, .. } => Some(several),
        };
        let ends = several.into_iter().chain(several.map(|_| &self.none));
        let given = ends.filter(|level| level.value != MISSING);
        choices.into_iter().flat_map(BTreeMap::values).chain(given)
    }
}

/// What stands for no value.
pub const MISSING: &str = "missing";

/// One of several things that were displayed in a random order.
#[derive(Clone, Debug, PartialEq)]
pub struct DisplayOrder {
    /// The column whose cells list them, separated by `|`.
    pub of: Located<String>,
    /// Which one is meant, from 1.
    pub position: Located<u64>,
}

pub(super) fn read(fields: &Fields<'_>, found: &Findings) -> Shape {
    let mut shape = Shape {
        join: fields
            .list("join")
            .iter()
            .filter_map(|node| join::read(node, found))
            .collect(),
        long: fields.node("long").and_then(|node| long::read(node, found)),
        ..Shape::default()
    };
    for (name, node) in fields.entries_of("checkboxes") {
        if let Some(checkbox) = checkbox(node, &format!("data.checkboxes.{}", name.value), found) {
            shape.checkboxes.insert(name.value.clone(), checkbox);
        }
    }
    for (name, node) in fields.entries_of("display_order") {
        if let Some(order) = display_order(node, &format!("data.display_order.{}", name.value), found) {
            shape.display_order.insert(name.value.clone(), order);
        }
    }
    shape
}

fn checkbox(node: &Node, what: &str, found: &Findings) -> Option<Checkbox> {
    let keys = ["of", "choice", "choices", "several", "none", "ticked", "unticked"];
    let fields = Fields::open(node, what, &keys, found);
    fields.require(
        "of",
        "the column that lists the ticked choices, or `Q5_{choice}` for a column each",
    );
    fields.require(
        "none",
        "what a row without a tick is: `unchecked` (or a level, beside `choices`), or `missing`",
    );
    let marks = |key| {
        let node = fields.node(key);
        let items = node.map(|node| match &node.value {
            Yaml::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        });
        let items = items.into_iter().flatten();
        items
            .filter_map(|item| scalar(item, &format!("{what}.{key}"), found))
            .collect()
    };
    let one = fields
        .node("choice")
        .map(|node| scalar(node, &format!("{what}.choice"), found));
    let as_ = match (one, fields.node("choices")) {
        (Some(choice), None) => Ticks::Choice(choice?),
        (None, Some(node)) => {
            fields.require("several", "the level of a row with several ticks, or `missing`");
            Ticks::Levels {
                choices: entries(node, &format!("{what}.choices"), found)
                    .into_iter()
                    .filter_map(|(raw, level)| Some((raw.value.clone(), scalar(level, what, found)?)))
                    .collect(),
                several: fields.text("several")?,
            }
        }
        _ => {
            let help =
                "write `choice: 2` for 1 where it is ticked and 0 where not, or `choices: {2: a level}`";
            found.error(
                codes::MISSING_KEY,
                fields.at(),
                format!("{what} needs one of `choice` and `choices`"),
                help,
            );
            return None;
        }
    };
    let none = fields.text("none")?;
    if matches!(as_, Ticks::Choice(_)) && ![MISSING, "unchecked"].contains(&none.value.as_str()) {
        found.error(
            codes::UNKNOWN_WORD,
            &none.at,
            format!("{what}.none: `{}` is none of the words here", none.value),
            "write `unchecked` (0) or `missing`",
        );
    }
    Some(Checkbox {
        of: fields.text("of")?,
        as_,
        none,
        ticked: marks("ticked"),
        unticked: marks("unticked"),
    })
}

fn display_order(node: &Node, what: &str, found: &Findings) -> Option<DisplayOrder> {
    let fields = Fields::open(node, what, &["of", "position"], found);
    fields.require(
        "of",
        "the column that lists what was displayed, such as `FL_12_DO`",
    );
    fields.require("position", "which of them is meant, from 1");
    let position = fields.count("position")?;
    if position.value == 0 {
        let message = format!("{what}.position is counted from 1");
        found.error(
            codes::OUT_OF_DOMAIN,
            &position.at,
            message,
            "write 1 for the first",
        );
    }
    Some(DisplayOrder {
        of: fields.text("of")?,
        position,
    })
}
