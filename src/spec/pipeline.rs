//! `pipeline.yaml`: the request, as it was written.

use super::Located;
use super::analysed::{self, AnalysedSpec};
use super::departures;
use super::fields::{Fields, Findings, entries, scalar};
use super::registration::version;
use super::shape::{self, Shape};
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};
use crate::digest::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use super::format::{Decimal, Encoding, Format, Separator};

/// A pipeline as written.
#[derive(Clone, Debug)]
pub struct Pipeline {
    pub at: Place,
    pub registration: Option<Located<String>>,
    pub lock: Option<Located<String>>,
    pub data: Option<DataSpec>,
    /// Departures, in the registration's own shape.
    pub analysis: Option<Node>,
    pub disclosures: Vec<DisclosureSpec>,
    /// Unregistered analyses, in the registration's own shape.
    pub exploratory: Option<Node>,
    /// What the manuscript says: a file beside this one.
    pub claims: Option<Located<String>>,
    pub report: Option<Located<String>>,
}

/// `data:` of the pipeline.
#[derive(Clone, Debug)]
pub struct DataSpec {
    pub path: Located<String>,
    pub reading: Reading,
    pub sha256: Option<Located<Digest>>,
    pub provenance: Located<Provenance>,
    pub shape: Shape,
    pub mapping: Mapping,
    /// The file that the authors analysed.
    pub analysed: Option<AnalysedSpec>,
}

/// Where the rows come from. A simulated run carries a banner that nothing can remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    Collected,
    Simulated,
}

/// How a data file is to be read. What is left out, its reader tells from the file, and says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    pub format: Option<Located<Format>>,
    pub encoding: Option<Located<Encoding>>,
    pub separator: Option<Located<Separator>>,
    /// Of a workbook.
    pub sheet: Option<Located<String>>,
}

/// How raw columns and values become registered ones.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Registered name → raw column name.
    pub columns: BTreeMap<String, Located<String>>,
    /// Registered name → (raw value → registered level).
    pub values: BTreeMap<String, BTreeMap<String, Located<String>>>,
    /// Registered name → raw values that mean "missing".
    pub missing_codes: BTreeMap<String, Vec<Located<String>>>,
    /// What stands before a fraction, if the pipeline says.
    pub decimal: Option<Located<Decimal>>,
}

/// `disclosures:` of the pipeline, one entry.
#[derive(Clone, Debug)]
pub struct DisclosureSpec {
    /// The code and, if written, the slug after it: `D031 vcov-changed`.
    pub deviation: Located<String>,
    pub of: Option<Located<String>>,
    pub reason: Located<String>,
    pub decided: Located<String>,
    pub explanation: Located<String>,
    pub impact: Located<String>,
    pub at: Place,
}

const KEYS: [&str; 9] = [
    "asregistered",
    "registration",
    "lock",
    "data",
    "analysis",
    "disclosures",
    "exploratory",
    "claims",
    "report",
];

/// Reads a pipeline, reporting everything that is wrong with its form.
pub fn read(root: &Node, found: &Findings) -> Pipeline {
    let top = Fields::open(root, &root.at.file, &KEYS, found);
    version(&top, found);
    top.require(
        "registration",
        "the registration's path, such as `prereg/registration.yaml`",
    );
    top.require("data", "the data's path and format");
    let report = top.open_at("report", &["path"]);
    Pipeline {
        at: root.at.clone(),
        registration: top.text("registration"),
        lock: top.text("lock"),
        data: top.node("data").and_then(|node| data(node, found)),
        analysis: top
            .node("analysis")
            .and_then(|node| departures::read(node, "analysis", found))
            .cloned(),
        disclosures: top
            .list("disclosures")
            .iter()
            .filter_map(|node| disclosure(node, found))
            .collect(),
        exploratory: stated(&top, "exploratory")
            .and_then(|node| departures::read(node, "exploratory", found))
            .cloned(),
        claims: stated(&top, "claims").and_then(|_| top.text("claims")),
        report: report.and_then(|r| r.text("path")),
    }
}

/// The value of a key, if it is there and no empty mapping.
fn stated<'n>(top: &Fields<'n>, key: &str) -> Option<&'n Node> {
    top.node(key)
        .filter(|n| !matches!(&n.value, Yaml::Map(m) if m.is_empty()))
}

fn data(node: &Node, found: &Findings) -> Option<DataSpec> {
    let keys = [
        "path",
        "format",
        "encoding",
        "separator",
        "sheet",
        "decimal",
        "sha256",
        "provenance",
        "analysed",
        "columns",
        "values",
        "missing_codes",
        "join",
        "long",
        "checkboxes",
        "display_order",
    ];
    let fields = Fields::open(node, "data", &keys, found);
    let complete = [
        fields.require("path", "the data file, relative to this one"),
        fields.require(
            "provenance",
            "`collected` or `simulated`: where do these rows come from?",
        ),
    ];
    let provenance = fields.word(
        "provenance",
        &[
            ("collected", Provenance::Collected),
            ("simulated", Provenance::Simulated),
        ],
    );
    let reading = reading(&fields);
    let sha256 = pinned(&fields, "data.sha256", found);
    let mapping = mapping(&fields, found);
    if complete.contains(&false) {
        return None;
    }
    Some(DataSpec {
        path: fields.text("path")?,
        reading,
        sha256,
        provenance: provenance?,
        shape: shape::read(&fields, found),
        mapping,
        analysed: fields
            .node("analysed")
            .and_then(|node| analysed::read(node, found)),
    })
}

pub(super) fn reading(fields: &Fields<'_>) -> Reading {
    Reading {
        format: fields.word("format", &Format::ALL),
        encoding: fields.word("encoding", &Encoding::ALL),
        separator: fields.word("separator", &Separator::ALL),
        sheet: fields.text("sheet"),
    }
}

pub(super) fn pinned(fields: &Fields<'_>, what: &str, found: &Findings) -> Option<Located<Digest>> {
    let text = fields.text("sha256")?;
    let Some(value) = Digest::parse(&text.value) else {
        found.error(
            codes::OUT_OF_DOMAIN,
            &text.at,
            format!("{what} is not a SHA-256"),
            "write the 64 hexadecimal digits that `sha256sum` prints",
        );
        return None;
    };
    Some(Located { value, at: text.at })
}

pub(super) fn mapping(fields: &Fields<'_>, found: &Findings) -> Mapping {
    let mut mapping = Mapping {
        decimal: fields.word("decimal", &Decimal::ALL),
        ..Mapping::default()
    };
    for (name, node) in fields.entries_of("columns") {
        if let Some(column) = scalar(node, &format!("data.columns.{}", name.value), found) {
            mapping.columns.insert(name.value.clone(), column);
        }
    }
    for (name, node) in fields.entries_of("values") {
        let what = format!("data.values.{}", name.value);
        let values = entries(node, &what, found)
            .into_iter()
            .filter_map(|(raw, level)| Some((raw.value.clone(), scalar(level, &what, found)?)))
            .collect();
        mapping.values.insert(name.value.clone(), values);
    }
    for (name, node) in fields.entries_of("missing_codes") {
        let what = format!("data.missing_codes.{}", name.value);
        let items: &[Node] = match &node.value {
            Yaml::List(items) => items,
            _ => std::slice::from_ref(node),
        };
        let values = items
            .iter()
            .filter_map(|item| scalar(item, &what, found))
            .collect();
        mapping.missing_codes.insert(name.value.clone(), values);
    }
    mapping
}

/// Why a plan was departed from (Willroth & Atherton 2024).
pub const REASONS: [(&str, ()); 6] = [
    ("typo", ()),
    ("plan_not_possible", ()),
    ("plan_not_appropriate", ()),
    ("new_knowledge", ()),
    ("reviewer", ()),
    ("miscommunication", ()),
];

/// When it was decided.
pub const DECIDED: [(&str, ()); 5] = [
    ("before_collection", ()),
    ("during_collection", ()),
    ("before_access", ()),
    ("after_access", ()),
    ("after_results", ()),
];

fn disclosure(node: &Node, found: &Findings) -> Option<DisclosureSpec> {
    let keys = ["deviation", "of", "reason", "decided", "explanation", "impact"];
    let fields = Fields::open(node, "disclosures", &keys, found);
    for (key, help) in [
        ("deviation", "the deviation's code, such as `D031 vcov-changed`"),
        (
            "reason",
            "one of typo, plan_not_possible, plan_not_appropriate, new_knowledge, reviewer, miscommunication",
        ),
        (
            "decided",
            "one of before_collection, during_collection, before_access, after_access, after_results",
        ),
        ("explanation", "why, in a sentence"),
        ("impact", "what it means for the reader's conclusion"),
    ] {
        fields.require(key, help);
    }
    fields.word("reason", &REASONS);
    fields.word("decided", &DECIDED);
    Some(DisclosureSpec {
        deviation: fields.text("deviation")?,
        of: fields.text("of"),
        reason: fields.text("reason")?,
        decided: fields.text("decided")?,
        explanation: fields.text("explanation")?,
        impact: fields.text("impact")?,
        at: node.at.clone(),
    })
}
