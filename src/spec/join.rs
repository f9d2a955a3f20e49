//! Columns from another file, by a key.

use super::Located;
use super::fields::{Fields, Findings, entries, scalar};
use super::format::{Encoding, Format, Separator};
use super::pipeline::{Reading, pinned};
use super::yaml::{Node, Yaml};
use crate::diagnostic::codes;
use crate::digest::Digest;
use schemars::JsonSchema;
use serde::Serialize;

/// One entry of `data.join` of the pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    pub path: Located<String>,
    pub reading: Reading,
    pub sha256: Option<Located<Digest>>,
    /// The data's column, and the one of this file that must say the same.
    pub by: Vec<(Located<String>, Located<String>)>,
    pub matches: Located<Matches>,
    /// The columns that are taken; all if none is named.
    pub columns: Vec<Located<String>>,
    /// What is put behind their names.
    pub suffix: Option<Located<String>>,
}

/// How many rows of the data may have one row of the other file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matches {
    OneToOne,
    ManyToOne,
}

impl Matches {
    pub const ALL: [(&'static str, Matches); 2] = [
        ("one_to_one", Matches::OneToOne),
        ("many_to_one", Matches::ManyToOne),
    ];
}

pub(super) fn read(node: &Node, found: &Findings) -> Option<Join> {
    let keys = [
        "path",
        "format",
        "encoding",
        "separator",
        "sheet",
        "sha256",
        "by",
        "matches",
        "columns",
        "suffix",
    ];
    let fields = Fields::open(node, "data.join", &keys, found);
    fields.require("path", "the file whose columns are joined, relative to this one");
    fields.require(
        "by",
        "the key: a column of both files, a list of them, or `{column here: column there}`",
    );
    fields.require(
        "matches",
        "`one_to_one`, or `many_to_one` where several rows of the data may have one row of this file",
    );
    let list = fields.list("columns").iter();
    Some(Join {
        path: fields.text("path")?,
        reading: Reading {
            format: fields.word("format", &Format::ALL),
            encoding: fields.word("encoding", &Encoding::ALL),
            separator: fields.word("separator", &Separator::ALL),
            sheet: fields.text("sheet"),
        },
        sha256: pinned(&fields, "data.join.sha256", found),
        by: by(fields.node("by")?, found)?,
        matches: located(&fields)?,
        columns: list
            .filter_map(|node| scalar(node, "data.join.columns", found))
            .collect(),
        suffix: fields.text("suffix"),
    })
}

fn located(fields: &Fields<'_>) -> Option<Located<Matches>> {
    fields.word("matches", &Matches::ALL)
}

fn by(node: &Node, found: &Findings) -> Option<Vec<(Located<String>, Located<String>)>> {
    let what = "data.join.by";
    let pairs: Vec<_> = match &node.value {
        Yaml::Map(_) => entries(node, what, found)
            .into_iter()
            .filter_map(|(here, there)| Some((here.clone(), scalar(there, what, found)?)))
            .collect(),
        Yaml::List(items) => items
            .iter()
            .filter_map(|item| scalar(item, what, found))
            .map(|name| (name.clone(), name))
            .collect(),
        _ => scalar(node, what, found)
            .map(|name| (name.clone(), name))
            .into_iter()
            .collect(),
    };
    if pairs.is_empty() {
        found.error(
            codes::MISSING_KEY,
            &node.at,
            "data.join.by names no column",
            "name the column that both files have",
        );
        return None;
    }
    Some(pairs)
}
