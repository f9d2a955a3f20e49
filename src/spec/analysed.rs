//! `data.analysed:` of the pipeline: the file that the authors analysed, to be compared with what the raw data give.

use super::Located;
use super::fields::{Fields, Findings, scalar};
use super::pipeline::{Mapping, Reading, mapping, reading};
use super::yaml::{Node, Yaml};
use crate::diagnostic::Place;

/// The authors' own analysed file.
#[derive(Clone, Debug)]
pub struct AnalysedSpec {
    pub at: Place,
    pub path: Located<String>,
    pub reading: Reading,
    /// The variables that tell its rows apart; the design's unit if there are none.
    pub by: Vec<Located<String>>,
    pub mapping: Mapping,
}

const KEYS: [&str; 9] = [
    "path",
    "by",
    "format",
    "encoding",
    "separator",
    "sheet",
    "decimal",
    "columns",
    "values",
];

/// A path alone, or a mapping with one.
pub(super) fn read(node: &Node, found: &Findings) -> Option<AnalysedSpec> {
    if !matches!(node.value, Yaml::Map(_)) {
        return Some(AnalysedSpec {
            at: node.at.clone(),
            path: scalar(node, "data.analysed", found)?,
            reading: Reading::default(),
            by: Vec::new(),
            mapping: Mapping::default(),
        });
    }
    let keys: Vec<&str> = KEYS.into_iter().chain(["missing_codes"]).collect();
    let fields = Fields::open(node, "data.analysed", &keys, found);
    fields.require("path", "the analysed file, relative to this one");
    let by = match fields.node("by").map(|n| &n.value) {
        Some(Yaml::List(_)) => fields.texts("by"),
        _ => fields.text("by").into_iter().collect(),
    };
    Some(AnalysedSpec {
        at: node.at.clone(),
        path: fields.text("path")?,
        reading: reading(&fields),
        by,
        mapping: mapping(&fields, found),
    })
}
