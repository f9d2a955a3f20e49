//! What the tests against other people's numbers share: where the references are, how a registration is run on a
//! data file, and how near is near.

#![allow(dead_code, reason = "each test file uses its part")]
#![expect(clippy::disallowed_macros, reason = "a skipped test says so")]

use asregistered::data::Sample;
use asregistered::diagnostic::Diagnostic;
use asregistered::inference::{self, Outcomes};
use asregistered::plan::Plan;
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::pipeline::{Mapping, Reading};
use asregistered::spec::{registration, yaml};
use asregistered::{data, plan};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The reference files. They are not part of the project; CI has them and fails without.
pub fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !full.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI must have {path}");
        eprintln!("skipped: ../shared/{path} is not here");
        return None;
    }
    Some(full)
}

pub fn json(path: &str) -> Option<Value> {
    Some(serde_json::from_slice(&std::fs::read(shared(path)?).unwrap()).unwrap())
}

/// A registration's plan, and what `check` says of it.
pub fn lowered(registration: &str) -> (plan::Lowered, Vec<Diagnostic>) {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", registration.as_bytes().to_vec());
    let found = Findings::default();
    let lowered = plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    (lowered, found.into_vec())
}

/// A registration's plan, and the rows of a CSV that it analyses.
pub fn read(registration: &str, csv: &Path) -> (Plan, Sample) {
    let (lowered, problems) = lowered(registration);
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    let file = Source::read(csv, "data.csv", 1 << 30).unwrap();
    let table = data::read(&file, &Reading::default()).unwrap();
    let collected = data::collect(
        &table,
        "data.csv",
        &Mapping::default(),
        &lowered.plan,
        &lowered.wording,
    )
    .unwrap();
    let sample = data::analyse(&collected, &lowered.plan).sample;
    (lowered.plan, sample)
}

/// Runs a registration's tests on a CSV.
pub fn analyse(registration: &str, csv: &Path) -> Outcomes {
    let (plan, sample) = read(registration, csv);
    inference::analyse(&plan, &sample, [0; 32])
}

pub fn close(found: f64, expected: f64, what: &str) {
    near(found, expected, 1e-9, what);
}

/// Within a relative difference.
pub fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    let relative = (found - expected).abs() / expected.abs().max(1e-12);
    assert!(
        relative < tolerance,
        "{what}: {found:e} is not {expected:e} ({relative:e})"
    );
}

/// On the log scale. Below the smallest normal double no digit is left to compare.
pub fn close_p(found: f64, expected: f64, what: &str) {
    if expected < 1e-300 {
        assert!(found < 1e-299, "{what}: p {found:e} is not {expected:e}");
        return;
    }
    assert!(
        (found.ln() - expected.ln()).abs() < 1e-6,
        "{what}: p {found:e} is not {expected:e}"
    );
}

/// `us_response=denounce:regime=autocracy` as this program names it.
pub fn ours(term: &str) -> String {
    let part = |p: &str| match p.split_once('=') {
        Some((factor, level)) => format!("{factor}[{level}]"),
        None => p.to_owned(),
    };
    term.split(':').map(part).collect::<Vec<_>>().join(":")
}

/// Every implementation's numbers of a quantity: (implementation, term, value).
pub fn each(quantity: &Value) -> Vec<(String, String, f64)> {
    let mut all = Vec::new();
    for (engine, terms) in quantity["implementations"].as_object().into_iter().flatten() {
        for (term, value) in terms.as_object().into_iter().flatten() {
            if let Some(value) = value.as_f64() {
                all.push((engine.clone(), term.clone(), value));
            }
        }
    }
    all
}

/// The codebook of the simulated survey of 1,502 respondents.
pub const SURVEY: &str = "
asregistered: 1
study: {id: oracle, timing: after_access}
design: {kind: between_subjects}
variables:
  us_response: {role: factor, levels: [status_quo, denounce, sanctions, reduce_aid, terminate], reference: status_quo}
  uncooperative_action: {role: factor, levels: [underspending, weapons_from_rival, refuse_troops, reject_sanctions]}
  regime: {role: factor, levels: [democracy, autocracy]}
  capability: {role: factor, levels: [strong, weak]}
  treaty: {role: factor, levels: [formal, none]}
  gender: {role: factor, levels: [female, male, other]}
  education: {role: factor, levels: [hs_or_less, some_college, ba, postgrad]}
  party: {role: factor, levels: [democrat, independent, republican]}
  any_action: {role: covariate}
  age: {role: covariate}
  hawkishness: {role: covariate}
  weight: {role: weight}
  fweight: {role: weight}
  state: {role: cluster}
  approval: {role: outcome}
  contribution: {role: outcome}
  approve: {role: outcome}
  count_y: {role: outcome}
missing: {outcome: fail, covariate: fail, factor: fail, weight: fail, cluster: fail}
";
