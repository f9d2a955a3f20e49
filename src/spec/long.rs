//! One row of a file as several: a conjoint's tasks and profiles, a panel's waves, by a pattern of column names.

use super::Located;
use super::fields::{Fields, Findings, entries, scalar};
use super::yaml::{Node, Yaml};
use crate::diagnostic::codes;
use std::collections::{BTreeMap, BTreeSet};

/// The most rows that are made of one.
const ROWS_LIMIT: usize = 1000;

/// `data.long` of the pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Long {
    /// What tells the rows of one row apart, with its values, in their order: the last one changes fastest.
    pub rows: Vec<(Located<String>, Vec<KeyValue>)>,
    /// New column → the pattern of the columns that it is made of.
    pub columns: BTreeMap<String, Located<String>>,
    /// Columns of which some may not be in the file: a question that not every wave asked.
    pub may_be_absent: Vec<Located<String>>,
    /// New column → 1 in the row that was chosen, 0 in the others.
    pub chosen: BTreeMap<String, Chosen>,
    pub attributes: Option<Attributes>,
}

/// A choice among rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub of: Located<String>,
    /// What tells the rows apart among which was chosen.
    pub by: Located<String>,
    /// Cell → the value of `by` that it means, [`NONE`] or `missing`.
    pub means: BTreeMap<String, Located<String>>,
}

/// None of the rows was chosen.
pub const NONE: &str = "none";

/// Attributes whose order was drawn: a cell names the attribute, another one holds its level.
#[derive(Clone, Debug, PartialEq)]
pub struct Attributes {
    /// Patterns, with `{attribute}` for the place in the order.
    pub names: Located<String>,
    pub levels: Located<String>,
    /// New column → what the names' cell says.
    pub of: BTreeMap<String, Located<String>>,
}

/// What stands for the place of an attribute.
pub const ATTRIBUTE: &str = "attribute";

/// A value of a key, and what stands for it in the columns' names.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyValue {
    pub value: String,
    pub name: String,
}

/// One of the rows that are made of one.
#[derive(Clone, Debug, Default)]
pub struct MadeRow<'a> {
    /// Key → its value.
    pub values: BTreeMap<&'a str, &'a str>,
    /// Key → what stands for it in the columns' names.
    pub names: BTreeMap<&'a str, &'a str>,
}

impl Long {
    /// The rows that are made of one.
    pub fn combinations(&self) -> Vec<MadeRow<'_>> {
        let mut all: Vec<MadeRow<'_>> = vec![MadeRow::default()];
        for (key, values) in &self.rows {
            let mut longer = Vec::new();
            for before in all {
                for value in values {
                    let mut row = before.clone();
                    row.values.insert(&key.value, &value.value);
                    row.names.insert(&key.value, &value.name);
                    longer.push(row);
                }
            }
            all = longer;
        }
        all
    }
}

/// The name that a pattern gives where its placeholders have these values.
pub fn filled(pattern: &str, row: &BTreeMap<&str, &str>) -> String {
    row.iter().fold(pattern.to_owned(), |name, (key, value)| {
        name.replace(&format!("{{{key}}}"), value)
    })
}

pub(super) fn read(node: &Node, found: &Findings) -> Option<Long> {
    let keys = ["rows", "columns", "may_be_absent", "chosen", "attributes"];
    let fields = Fields::open(node, "data.long", &keys, found);
    if !fields.require(
        "rows",
        "what tells the rows of one apart: `{task: 5, profile: 2}`, or a list of values each",
    ) {
        return None;
    }
    let keys = fields.entries_of("rows").into_iter();
    let rows: Vec<_> = keys
        .filter_map(|(key, node)| Some((key.clone(), values(key, node, found)?)))
        .collect();
    let many = rows.iter().map(|(_, v)| v.len()).product::<usize>();
    if many > ROWS_LIMIT {
        let message = format!("data.long.rows makes {many} rows of one; the limit is {ROWS_LIMIT}");
        found.error(codes::OUT_OF_DOMAIN, &node.at, message, "write fewer values");
        return None;
    }
    let patterns = Patterns { rows: &rows, found };
    let columns = patterns.of(&fields, "columns", &[]);
    let chosen = fields.entries_of("chosen").into_iter();
    let chosen = chosen
        .filter_map(|(name, node)| Some((name.value.clone(), chosen_of(name, node, &patterns)?)))
        .collect();
    let attributes = fields.open_at("attributes", &["names", "levels", "of"]);
    let attributes = attributes.and_then(|fields| {
        for key in ["names", "levels"] {
            fields.require(key, "a pattern such as `F-{task}-{profile}-{attribute}`");
            if let Some(pattern) = fields.text(key) {
                patterns.check(&pattern, &[ATTRIBUTE]);
                patterns.needs(&pattern, ATTRIBUTE);
            }
        }
        fields.require(
            "of",
            "the attributes by what the names' cells say: `{gender: Gender}`",
        );
        let of = fields.entries_of("of").into_iter();
        Some(Attributes {
            names: fields.text("names")?,
            levels: fields.text("levels")?,
            of: of
                .filter_map(|(name, node)| Some((name.value.clone(), scalar(node, &name.value, found)?)))
                .collect(),
        })
    });
    let absent = fields.list("may_be_absent").iter();
    let long = Long {
        may_be_absent: absent
            .filter_map(|node| scalar(node, "data.long.may_be_absent", found))
            .collect(),
        rows,
        columns,
        chosen,
        attributes,
    };
    for name in long
        .may_be_absent
        .iter()
        .filter(|n| !long.columns.contains_key(&n.value))
    {
        let message = format!("data.long.may_be_absent: there is no column `{}`", name.value);
        found.error(
            codes::UNKNOWN_WORD,
            &name.at,
            message,
            "write a name that stands under `columns`",
        );
    }
    Some(long)
}

fn values(key: &Located<String>, node: &Node, found: &Findings) -> Option<Vec<KeyValue>> {
    let what = format!("data.long.rows.{}", key.value);
    let same = |value: String| KeyValue {
        name: value.clone(),
        value,
    };
    let values: Vec<KeyValue> = match &node.value {
        Yaml::List(items) => items
            .iter()
            .filter_map(|item| Some(same(scalar(item, &what, found)?.value)))
            .collect(),
        Yaml::Map(_) => entries(node, &what, found)
            .into_iter()
            .filter_map(|(value, name)| {
                Some(KeyValue {
                    value: value.value.clone(),
                    name: scalar(name, &what, found)?.value,
                })
            })
            .collect(),
        Yaml::Number(n) if n.fract() == 0.0 && (1.0..=ROWS_LIMIT as f64).contains(n) => {
            (1..=*n as usize).map(|n| same(n.to_string())).collect()
        }
        _ => Vec::new(),
    };
    let different = |of: fn(&KeyValue) -> &str| {
        let all: BTreeSet<&str> = values.iter().map(of).collect();
        all.len() == values.len()
    };
    let told_apart = different(|v| &v.value) && different(|v| &v.name);
    if values.is_empty() || !told_apart || values.iter().any(|v| v.value.is_empty()) {
        let message = format!("{what} is neither a count nor a list of different values");
        let help = "write `5` for 1 to 5, `[pre, post]`, or `{1: _w1, 2: _w2}` for values that the columns' names write otherwise";
        found.error(codes::WRONG_TYPE, &node.at, message, help);
        return None;
    }
    Some(values)
}

fn chosen_of(name: &Located<String>, node: &Node, patterns: &Patterns<'_>) -> Option<Chosen> {
    let found = patterns.found;
    let what = format!("data.long.chosen.{}", name.value);
    let fields = Fields::open(node, &what, &["of", "by", "means"], found);
    fields.require(
        "of",
        "the column in which the choice stands, such as `choice_{task}`",
    );
    fields.require(
        "by",
        "what tells apart the rows among which was chosen, such as `profile`",
    );
    let (of, by) = (fields.text("of")?, fields.text("by")?);
    patterns.check(&of, &[]);
    let Some((_, values)) = patterns.rows.iter().find(|(key, _)| key.value == by.value) else {
        let message = format!("{what}.by: `{}` is none of data.long.rows", by.value);
        found.error(codes::UNKNOWN_WORD, &by.at, message, "write one of its keys");
        return None;
    };
    let means: BTreeMap<String, Located<String>> = fields
        .node("means")
        .into_iter()
        .flat_map(|node| entries(node, &what, found))
        .filter_map(|(raw, means)| Some((raw.value.clone(), scalar(means, &what, found)?)))
        .collect();
    let shown: Vec<&str> = values.iter().map(|v| v.value.as_str()).collect();
    for means in means.values() {
        if !values.iter().any(|v| v.value == means.value)
            && ![NONE, super::shape::MISSING].contains(&means.value.as_str())
        {
            let message = format!("{what}.means: `{}` is no value of `{}`", means.value, by.value);
            let help = format!("write one of {}, or `none` or `missing`", shown.join(", "));
            found.error(codes::UNKNOWN_WORD, &means.at, message, help);
        }
    }
    Some(Chosen { of, by, means })
}

/// Patterns of column names, whose placeholders are the keys of the rows.
struct Patterns<'a> {
    rows: &'a [(Located<String>, Vec<KeyValue>)],
    found: &'a Findings,
}

impl Patterns<'_> {
    fn of(&self, fields: &Fields<'_>, key: &str, beside: &[&str]) -> BTreeMap<String, Located<String>> {
        let mut all = BTreeMap::new();
        for (name, node) in fields.entries_of(key) {
            if let Some(pattern) = scalar(node, &fields.path(key), self.found) {
                self.check(&pattern, beside);
                all.insert(name.value.clone(), pattern);
            }
        }
        all
    }

    /// A placeholder that is none of the keys would be looked for as it stands.
    fn check(&self, pattern: &Located<String>, beside: &[&str]) {
        let mut known: Vec<&str> = self.rows.iter().map(|(key, _)| key.value.as_str()).collect();
        known.extend(beside);
        let parts = pattern.value.split('{').skip(1);
        let named: Vec<&str> = parts.filter_map(|part| Some(part.split_once('}')?.0)).collect();
        let wrong = named.iter().find(|n| !known.contains(n));
        if wrong.is_some() || named.is_empty() {
            let message = match wrong {
                Some(wrong) => format!("`{}`: `{wrong}` is none of data.long.rows", pattern.value),
                None => format!("`{}` names one column for every row", pattern.value),
            };
            let places: Vec<String> = known.iter().map(|k| format!("{{{k}}}")).collect();
            let help = format!(
                "write {} where the columns' names differ; columns that do not need no entry",
                places.join(", ")
            );
            self.found.error(codes::UNKNOWN_WORD, &pattern.at, message, help);
        }
    }

    fn needs(&self, pattern: &Located<String>, key: &str) {
        if !pattern.value.contains(&format!("{{{key}}}")) {
            let message = format!("`{}` lacks {{{key}}}", pattern.value);
            self.found.error(
                codes::MISSING_KEY,
                &pattern.at,
                message,
                "write it where the place in the order stands",
            );
        }
    }
}
