//! Everything that a re-run needs, in one deterministic zip, without a path of the machine it was made on.

use super::members::{Members, pack};
use crate::diagnostic::{Diagnostic, codes};
use crate::digest::Digest;
use crate::record::Tool;
use crate::report;
use crate::run::Run;
use serde::{Deserialize, Serialize};
use std::path::{Component, Path};

/// The manifest: `sha256sum -c` reads it.
pub(super) const MANIFEST: &str = "manifest-sha256.txt";
/// Where the bundle says what it is.
pub(super) const ABOUT: &str = "bundle.json";
/// The folder of what the run wrote.
pub(super) const RESULTS: &str = "results";

/// `bundle.json`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    pub format_version: u32,
    pub tool: Tool,
    pub study: String,
    /// The pipeline's path inside the bundle.
    pub pipeline: String,
}

const README: &str = "\
This bundle holds a study and its analysis: the registration and its lock, the pipeline, the data, and in
results/ the report and the record of the run.

To check it:

    asregistered verify BUNDLE.zip        re-hashes every file, runs the study again and compares every number
    sha256sum -c manifest-sha256.txt      re-hashes every file, with no other program

results/report.html opens in any browser, without a network. Nothing in this bundle is a program.
";

/// Packs a finished run.
///
/// # Errors
/// If a path cannot be told inside a bundle, or the record cannot be rendered.
pub fn bundle(run: &Run) -> Result<Vec<u8>, Diagnostic> {
    let failed = |why: String| Diagnostic::error(codes::CANNOT_WRITE, why);
    let inputs = &run.inputs;
    let sources = inputs.sources();
    let climb = sources.iter().map(|s| climbs(&s.name)).max().unwrap_or(0);
    // A study whose data lie outside its folder keeps its relative paths under neutral names.
    let folder = "study/".repeat(climb);
    let mut members = Members::new();
    for source in sources {
        let Some(name) = inside(&format!("{folder}{}", source.name)) else {
            return Err(failed(format!(
                "the path {} cannot stand in a bundle",
                source.name
            )));
        };
        members.insert(name, source.bytes.to_vec());
    }
    let html = report::html(&run.record, &run.wording).map_err(|e| failed(e.to_string()))?;
    let about = Bundle {
        format_version: 1,
        tool: Tool::this(),
        study: run.record.study.clone(),
        pipeline: format!("{folder}{}", inputs.pipeline.name),
    };
    let about = serde_json::to_string_pretty(&about).map_err(|e| failed(e.to_string()))? + "\n";
    for (name, text) in [
        (format!("{RESULTS}/record.json"), report::record_json(&run.record)),
        (format!("{RESULTS}/report.html"), html),
        (format!("{RESULTS}/tests.csv"), report::tests_csv(&run.record)),
        (
            format!("{RESULTS}/deviations.csv"),
            report::deviations_csv(&run.record),
        ),
        (String::from(ABOUT), about),
        (String::from("README.txt"), README.to_owned()),
    ] {
        if members.insert(name.clone(), text.into_bytes()).is_some() {
            return Err(failed(format!(
                "the study has a file {name}, where the bundle keeps its own"
            )));
        }
    }
    let manifest = manifest(&members);
    members.insert(String::from(MANIFEST), manifest.into_bytes());
    pack(&members).map_err(|e| failed(e.to_string()))
}

/// `sha256sum`'s lines, one a member, in order.
pub(super) fn manifest(members: &Members) -> String {
    members
        .iter()
        .filter(|(name, _)| *name != MANIFEST)
        .map(|(name, bytes)| format!("{}  {name}\n", Digest::of(bytes).hex()))
        .collect()
}

/// How many folders a relative path climbs before it descends.
fn climbs(path: &str) -> usize {
    Path::new(path)
        .components()
        .filter(|c| *c == Component::ParentDir)
        .count()
}

/// A relative path without `..` or `.`; nothing if it leaves the bundle.
pub(super) fn inside(path: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?.to_owned()),
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
