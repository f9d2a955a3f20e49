//! Verifying a bundle.
//!
//!  1. its container is safe to read, and every byte of it is accounted for
//!  2. every file has the SHA-256 that the manifest says, and no file is unlisted
//!  3. the study runs again from the bundle alone
//!  4. every number of the re-run is the record's, within the printed tolerances; everything else exactly
//!  5. the report, the tables and the bundle's own files are what the re-run writes, and nothing lies beside them
//!
//! A step that could not be taken is said to be so, never passed.

use super::bundle::{ABOUT, Bundle, MANIFEST, RESULTS, bundle, inside, manifest};
use super::compare::{LOG_P, RELATIVE, compare};
use super::members::{Members, open, pack};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::digest::Digest;
use crate::record::Verdict;
use crate::run::{self, Run};
use crate::source;
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::{Located, pipeline, yaml};
use serde::Serialize;
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    Holds,
    DoesNotHold,
    NotChecked,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub step: &'static str,
    pub result: StepResult,
    pub detail: String,
}

/// What was found, step by step.
#[derive(Clone, Debug, Serialize)]
pub struct Verification {
    pub steps: Vec<Step>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
    /// What the re-run says of the study itself.
    pub verdict: Option<Verdict>,
}

impl Verification {
    /// True if every step holds; false if one does not.
    pub fn holds(&self) -> Option<bool> {
        if self.steps.iter().any(|s| s.result == StepResult::DoesNotHold) {
            return Some(false);
        }
        self.steps
            .iter()
            .all(|s| s.result == StepResult::Holds)
            .then_some(true)
    }

    fn step(&mut self, step: &'static str, detail: String, found: Vec<Diagnostic>) -> bool {
        let holds = found.is_empty();
        let result = if holds {
            StepResult::Holds
        } else {
            StepResult::DoesNotHold
        };
        self.steps.push(Step { step, result, detail });
        self.diagnostics.extend(found);
        holds
    }

    fn skip(&mut self, steps: &[&'static str]) {
        for step in steps {
            let detail = String::from("an earlier step does not hold");
            self.steps.push(Step {
                step,
                result: StepResult::NotChecked,
                detail,
            });
        }
    }
}

const STEPS: [&str; 5] = ["container", "digests", "re-run", "numbers", "report"];

/// Verifies a bundle's bytes.
pub fn verify(bytes: &[u8]) -> Verification {
    let mut verification = Verification {
        steps: Vec::new(),
        diagnostics: Vec::new(),
        verdict: None,
    };
    let members = match open(bytes) {
        Ok(members) => members,
        Err(found) => {
            verification.step(STEPS[0], String::from("not safe, or damaged"), found);
            verification.skip(&STEPS[1..]);
            return verification;
        }
    };
    verification.step(
        STEPS[0],
        format!("{} files", members.len()),
        repacked(bytes, &members),
    );
    verification.step(
        STEPS[1],
        format!("SHA-256 of {} files", members.len() - 1),
        digests(&members),
    );
    match rerun(&members) {
        Err(found) => {
            verification.step(STEPS[2], String::from("the study does not run"), found);
            verification.skip(&STEPS[3..]);
        }
        Ok(run) => {
            verification.verdict = Some(run.record.verdict);
            verification.step(
                STEPS[2],
                String::from("the study runs from the bundle alone"),
                Vec::new(),
            );
            let (count, found) = numbers(&members, &run);
            let detail = format!(
                "{count} numbers: estimates to {RELATIVE:e} relative, p to {LOG_P:e} on the log scale"
            );
            verification.step(STEPS[3], detail, found);
            verification.step(
                STEPS[4],
                String::from("report and tables, byte by byte"),
                rendered(&members, &run),
            );
        }
    }
    verification
}

/// Packed again, the members must give the file that was read.
fn repacked(bytes: &[u8], members: &Members) -> Vec<Diagnostic> {
    let again = pack(members).unwrap_or_default();
    if again == bytes {
        return Vec::new();
    }
    let at = again
        .iter()
        .zip(bytes)
        .position(|(a, b)| a != b)
        .unwrap_or(again.len().min(bytes.len()));
    let message = format!("byte {at} of the zip is not what this program writes for these files");
    vec![
        Diagnostic::error(codes::BUNDLE_UNREADABLE, message)
            .help("the container was changed after it was packed"),
    ]
}

fn digests(members: &Members) -> Vec<Diagnostic> {
    let Some(listed) = members.get(MANIFEST) else {
        return vec![Diagnostic::error(
            codes::MEMBER_UNLISTED,
            format!("there is no {MANIFEST}"),
        )];
    };
    let listed = String::from_utf8_lossy(listed);
    let actual = manifest(members);
    let parse = |text: &str| -> Vec<(String, String)> {
        text.lines()
            .filter_map(|l| l.split_once("  "))
            .map(|(d, n)| (n.to_owned(), d.to_owned()))
            .collect()
    };
    let (listed_lines, actual_lines) = (parse(&listed), parse(&actual));
    let mut found = Vec::new();
    for (name, digest) in &actual_lines {
        match listed_lines.iter().find(|(n, _)| n == name) {
            None => found.push(Diagnostic::error(
                codes::MEMBER_UNLISTED,
                format!("{name} is not in the manifest"),
            )),
            Some((_, listed)) if listed != digest => found.push(
                Diagnostic::error(
                    codes::DIGEST_MISMATCH,
                    format!("{name} is not the file that was archived"),
                )
                .at(Place::file(name.as_str())),
            ),
            Some(_) => {}
        }
    }
    for (name, _) in listed_lines
        .iter()
        .filter(|(n, _)| !actual_lines.iter().any(|(m, _)| m == n))
    {
        found.push(Diagnostic::error(
            codes::MEMBER_UNLISTED,
            format!("{name} is listed but not there"),
        ));
    }
    if found.is_empty() && listed != actual {
        found.push(Diagnostic::error(
            codes::DIGEST_MISMATCH,
            format!("{MANIFEST} is not as it was written"),
        ));
    }
    found
}

/// Runs the study from the members alone, in a folder of its own that is removed afterwards.
fn rerun(members: &Members) -> Result<Run, Vec<Diagnostic>> {
    let unreadable = |why: String| vec![Diagnostic::error(codes::BUNDLE_UNREADABLE, why)];
    let about = members
        .get(ABOUT)
        .ok_or_else(|| unreadable(format!("there is no {ABOUT}")))?;
    let about: Bundle =
        serde_json::from_slice(about).map_err(|e| unreadable(format!("{ABOUT} cannot be read: {e}")))?;
    if !members.contains_key(&about.pipeline) {
        return Err(unreadable(String::from(
            "the pipeline that bundle.json names is not in the bundle",
        )));
    }
    confined(members, &about.pipeline)?;
    let folder = tempfile::tempdir().map_err(|e| unreadable(format!("no temporary folder: {e}")))?;
    for (name, bytes) in members {
        source::write_whole(&folder.path().join(name), bytes)
            .map_err(|e| unreadable(format!("{name} cannot be unpacked: {e}")))?;
    }
    let run = run::run(&folder.path().join(&about.pipeline)).map_err(|failure| failure.diagnostics)?;
    let above = about
        .pipeline
        .rsplit_once('/')
        .map_or(String::new(), |(above, _)| format!("{above}/"));
    let inputs = &run.inputs;
    for source in inputs.sources() {
        let name = inside(&format!("{above}{}", source.name));
        let held = name.and_then(|n| members.get(&n)).map(|bytes| Digest::of(bytes));
        if held.as_ref() != Some(&source.digest) {
            let message = format!("the study reads {}, which is not in the bundle", source.name);
            return Err(vec![Diagnostic::error(codes::BUNDLE_UNSAFE, message)]);
        }
    }
    Ok(run)
}

/// Nothing outside the bundle is so much as opened: the paths of its pipeline are looked at before anything runs.
fn confined(members: &Members, name: &str) -> Result<(), Vec<Diagnostic>> {
    let bytes = members.get(name).cloned().unwrap_or_default();
    let source = Source::from_bytes(name.into(), name, bytes);
    let request = pipeline::read(&yaml::parse(&source).map_err(|d| vec![d])?, &Findings::default());
    let above = name.rsplit_once('/').map_or("", |(above, _)| above);
    let data = request.data.iter();
    let data = data.flat_map(|d| d.shape.join.iter().map(|j| &j.path).chain([&d.path]));
    let outside =
        |path: &Located<String>| inside(format!("{above}/{}", path.value).trim_start_matches('/')).is_none();
    let named = [&request.registration, &request.lock, &request.claims];
    let named = named.into_iter().flatten();
    let found = named
        .chain(data)
        .chain(
            request
                .data
                .as_ref()
                .and_then(|d| d.analysed.as_ref())
                .map(|a| &a.path),
        )
        .filter(|path| Path::new(&path.value).is_absolute() || outside(path));
    let found: Vec<Diagnostic> = found
        .map(|path| {
            let message = format!("the study reads {}, which is not in the bundle", path.value);
            Diagnostic::error(codes::BUNDLE_UNSAFE, message).at(path.at.clone())
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn numbers(members: &Members, run: &Run) -> (usize, Vec<Diagnostic>) {
    let name = format!("{RESULTS}/record.json");
    let recorded = members.get(&name).and_then(|b| serde_json::from_slice(b).ok());
    let rerun = serde_json::to_value(&run.record).ok();
    match (recorded, rerun) {
        (Some(recorded), Some(rerun)) => compare(&recorded, &rerun, &name),
        _ => (
            0,
            vec![Diagnostic::error(
                codes::RECORD_MISMATCH,
                format!("{name} cannot be read"),
            )],
        ),
    }
}

/// What the re-run packs must be what the bundle holds: nothing else written, nothing else beside it.
fn rendered(members: &Members, run: &Run) -> Vec<Diagnostic> {
    let again = match bundle(run) {
        Ok(bytes) => open(&bytes),
        Err(why) => Err(vec![why]),
    };
    let again = match again {
        Ok(again) => again,
        Err(found) => return found,
    };
    let other = again
        .iter()
        .filter(|(name, bytes)| *name != MANIFEST && members.get(*name) != Some(*bytes))
        .map(|(name, _)| {
            let message = format!("{name} is not what the re-run writes");
            Diagnostic::error(codes::RECORD_MISMATCH, message).at(Place::file(name))
        });
    let beside = members.keys().filter(|name| !again.contains_key(*name));
    let beside = beside.map(|name| {
        let message = format!("{name} is no part of the study: the re-run neither reads nor writes it");
        Diagnostic::error(codes::MEMBER_UNLISTED, message).at(Place::file(name))
    });
    other.chain(beside).collect()
}
