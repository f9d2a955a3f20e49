//! What a manuscript says, held to a real small study. The claims are printed by R from the raw file (`tests/claims/make.R`).

use asregistered::claims::{RULES, rule};
use asregistered::lock;
use asregistered::record::{Against, ClaimResult, ClaimsRecord, Verdict};
use asregistered::run::{self, Run};
use asregistered::source::write_whole;
use assert_cmd::Command;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const PIPELINE: &str = "\
asregistered: 1
registration: registration.yaml
lock: lock.json
data: {path: data.csv, provenance: simulated}
claims: claims.yaml
exploratory:
  derived: {generous: {when: donation >= 50}}
  models: {generosity: {estimator: logit, formula: generous ~ arm, vcov: HC0}}
  missing: {check: drop_from_test}
  tests:
    X1: {model: generosity, of: arm, contrast: call - control, alternative: two_sided, alpha: 0.05}
    X3: {model: support, of: arm, contrast: call - letter, alternative: two_sided, alpha: 0.05}
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/claims")
}

/// The study of `tests/deviations/base`, locked, with these claims.
struct Study(tempfile::TempDir);

impl Study {
    fn new(claims: &str) -> Study {
        let study = Study(tempfile::tempdir().unwrap());
        let base = root().join("../deviations/base");
        for file in ["registration.yaml", "questionnaire.md", "data.csv"] {
            std::fs::copy(base.join(file), study.path(file)).unwrap();
        }
        let checked = match run::check(&study.path("registration.yaml")) {
            Ok(checked) => checked,
            Err(failure) => panic!("{:#?}", failure.diagnostics),
        };
        let at = String::from("2024-10-15T12:00:00Z");
        let (source, documents) = (&checked.registration, &checked.documents);
        let lock = lock::freeze(source, documents, &checked.lowered, at, None).unwrap();
        study.write("lock.json", &lock.to_bytes().unwrap());
        study.write("pipeline.yaml", PIPELINE.as_bytes());
        study.write("claims.yaml", claims.as_bytes());
        study
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        write_whole(&self.path(file), bytes).unwrap();
    }

    fn run(&self) -> Run {
        match run::run(&self.path("pipeline.yaml")) {
            Ok(run) => run,
            Err(failure) => panic!("{:#?}", failure.diagnostics),
        }
    }

    fn program(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_asregistered"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

fn claims(entries: &str) -> String {
    format!("asregistered: 1\nclaims:\n{entries}")
}

fn judged(entries: &str) -> ClaimsRecord {
    Study::new(&claims(entries)).run().record.claims.unwrap()
}

fn slugs(claims: &ClaimsRecord) -> BTreeSet<String> {
    let findings = claims.claims.iter().flat_map(|claim| &claim.findings);
    findings.map(|finding| finding.slug.clone()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn what_must_fire_fires_and_what_r_printed_holds() {
    let study = Study::new(&claims(
        "  - {where: x, test: H1.any, says: {confirmatory: true}}\n",
    ));
    let run = study.run();
    let (mut fires, mut quiet) = (0, 0);
    for rule in RULES {
        for file in files(&root().join(rule.slug)) {
            let (judged, _) = match run::claimed(&run, &file) {
                Ok(judged) => judged,
                Err(failure) => panic!("{}: {:#?}", file.display(), failure.diagnostics),
            };
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let found: Vec<String> = slugs(&judged).into_iter().collect();
            if name.starts_with("fires") {
                fires += 1;
                assert_eq!(found, [rule.slug], "{}: {:#?}", file.display(), judged.claims);
                assert_eq!(judged.holds(), Some(false));
            } else {
                quiet += 1;
                assert!(found.is_empty(), "{}: {:#?}", file.display(), judged.claims);
                assert_eq!(
                    judged.holds(),
                    Some(true),
                    "{}: {:#?}",
                    file.display(),
                    judged.claims
                );
            }
            for claim in &judged.claims {
                let fails = claim.points.iter().any(|p| p.result == ClaimResult::DoesNotHold);
                assert!(
                    !fails || !claim.findings.is_empty(),
                    "{}: a point fails without a finding",
                    file.display()
                );
            }
        }
    }
    assert!(fires >= 17 && quiet >= 12, "{fires} fire, {quiet} are quiet");
}

#[test]
fn every_rule_has_its_file_its_page_and_its_fixtures() {
    for known in RULES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/claims/rules")
            .join(format!("{}.rs", known.slug.replace('-', "_")));
        assert_eq!(
            std::fs::read_to_string(file).unwrap(),
            known.source,
            "{}",
            known.slug
        );
        for part in [
            "# ",
            "What it detects: ",
            "Why it matters: ",
            "Example that fires:",
            "What to do: ",
            "References: ",
        ] {
            assert!(
                known.page().contains(part),
                "{} does not say {part:?}",
                known.slug
            );
        }
        for kind in ["fires.yaml", "quiet.yaml"] {
            assert!(
                root().join(known.slug).join(kind).is_file(),
                "{}/{kind}",
                known.slug
            );
        }
    }
    let folders = files(&root()).into_iter().filter(|path| path.is_dir());
    for folder in folders {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(rule(&name).is_some(), "{name} is no rule");
    }
}

#[test]
fn a_deviating_test_is_held_to_one_of_its_two_results_throughout() {
    let registered = "  - {where: x, test: H1.any, says: {estimate: \"0.99\", std_error: \"0.294416\"}}\n";
    let study = Study::new(&claims(registered));
    let departed = format!("{PIPELINE}analysis: {{models: {{support: {{vcov: classical}}}}}}\n");
    study.write("pipeline.yaml", departed.as_bytes());
    let run = study.run();
    let judged = run.record.claims.unwrap();
    assert_eq!(judged.claims[0].against, Some(Against::AsRegistered));
    assert_eq!(judged.holds(), Some(true), "{:#?}", judged.claims);
    let test = run
        .record
        .observed
        .tests
        .iter()
        .find(|t| t.id == "H1.any")
        .unwrap();
    let (executed, twin) = (&test.result, test.as_registered.as_ref().unwrap());
    assert_ne!(executed.std_error, twin.std_error);
    // The executed error beside the registered p is neither of the two.
    let mixed = format!(
        "  - {{where: x, test: H1.any, says: {{std_error: \"{:.6}\", statistic: \"{:.6}\"}}}}\n",
        executed.std_error.unwrap(),
        twin.statistic.unwrap()
    );
    study.write("claims.yaml", claims(&mixed).as_bytes());
    let judged = study.run().record.claims.unwrap();
    assert_eq!(judged.claims[0].against, Some(Against::Executed));
    assert_eq!(slugs(&judged), BTreeSet::from(["number-mismatch".to_owned()]));
}

#[test]
fn what_the_run_does_not_have_is_not_called_checked() {
    for entry in [
        "  - {where: x, test: H3.older, says: {estimate: \"0.5\"}}\n",
        "  - {where: x, test: H1.any, says: {estimate: \"0,99\"}}\n",
        "  - {where: x, test: H1.any, says: {estimate: \"about one\"}}\n",
        "  - {where: x, test: H1.any, says: {estimate: \"0.99**\"}}\n",
        "  - {where: x, hypothesis: H1, says: {estimate: \"0.99\"}}\n",
        "  - {where: x, model: support, says: {confirmatory: true}}\n",
        "  - {where: x, test: H1.letter, says: {p: \"= .040\", sided: two, correction: holm}}\n",
    ] {
        let judged = judged(entry);
        assert_eq!(judged.holds(), None, "{entry}: {:#?}", judged.claims);
        assert_eq!(judged.count(ClaimResult::NotChecked), 1, "{entry}");
    }
}

#[test]
fn a_file_that_cannot_mean_anything_is_refused_with_its_places() {
    for (entries, code, says) in [
        (
            "  - {where: x, test: H1.any, says: {estimate: 0.710}}\n",
            "S008",
            "lost its digits",
        ),
        ("  - {where: x, test: H1.any, says: {}}\n", "S007", "says nothing"),
        (
            "  - {where: x, test: H1.any, says: {sided: two}}\n",
            "S007",
            "says nothing",
        ),
        ("  - {where: x, says: {p: \".03\"}}\n", "S007", "about one thing"),
        (
            "  - {where: x, test: A, hypothesis: B, says: {p: \".03\"}}\n",
            "S007",
            "about one thing",
        ),
        (
            "  - {where: x, term: A, says: {p: \".03\"}}\n",
            "S007",
            "about one thing",
        ),
        ("  - {test: H1.any, says: {p: \".03\"}}\n", "S007", "where"),
        (
            "  - {where: x, test: H1.any, says: {estimat: \"1\"}}\n",
            "S006",
            "estimat",
        ),
        (
            "  - {where: x, hypothesis: H1, says: {verdict: supported}}\n",
            "S009",
            "supported",
        ),
        ("  []\n", "S007", "no claim"),
    ] {
        let study = Study::new(&claims(entries));
        let Err(failure) = run::run(&study.path("pipeline.yaml")) else {
            panic!("{entries} was read");
        };
        let found = &failure.diagnostics[0];
        assert_eq!(failure.holds, None);
        assert!(
            found.code.id == code && found.message.contains(says),
            "{entries}: {:#?}",
            failure.diagnostics
        );
        assert_eq!(found.at.as_ref().unwrap().file, "claims.yaml", "{entries}");
    }
}

#[test]
fn a_run_shows_the_claims_and_does_not_hold_where_one_does_not() {
    let text = std::fs::read_to_string(root().join("number-mismatch/quiet.yaml")).unwrap();
    let study = Study::new(&text);
    let (code, out, err) = study.program(&["run"]);
    assert_eq!(code, 0, "{out}{err}");
    assert!(
        out.contains("6 claims of the manuscript: none is contradicted by the run"),
        "{out}"
    );
    let html = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    assert!(html.contains("9 The manuscript") && html.contains("Table 1, row 2"));
    let (code, out, _) = study.program(&["claims", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &answer["holds"]), (0, &serde_json::Value::Bool(true)));
    assert_eq!(answer["claims"]["unclaimed"], serde_json::json!(["H2.call"]));

    study.write("claims.yaml", text.replacen("0.67\"", "0.87\"", 1).as_bytes());
    let (code, out, err) = study.program(&["run"]);
    assert_eq!(code, 1, "{out}{err}");
    assert!(
        out.starts_with("Analysed as registered") && out.contains("C002 number-mismatch claims.yaml:3"),
        "{out}"
    );
    let record = std::fs::read(study.path("reports/record.json")).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&record).unwrap();
    assert_eq!(record["verdict"], "as_registered");
    assert_eq!(record["claims"]["claims"][0]["findings"][0]["code"], "C002");
    let html = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    assert!(
        html.contains("C002 number-mismatch, Table 1, row 1: estimate 0.87 is printed, the run found 0.67")
    );
    let (code, _, err) = study.program(&["claims"]);
    assert!(
        code == 1 && err.contains("error C002 number-mismatch: Table 1, row 1"),
        "{err}"
    );
    let (code, out, _) = study.program(&["explain", "C007"]);
    assert!(
        code == 0 && out.starts_with("C007 correction-not-reported"),
        "{out}"
    );
}

#[test]
fn a_bundle_holds_the_claims_and_its_re_run_judges_them_again() {
    let text = std::fs::read_to_string(root().join("number-mismatch/quiet.yaml")).unwrap();
    let study = Study::new(&text);
    let run = study.run();
    assert_eq!(run.record.verdict, Verdict::AsRegistered);
    let bundle = asregistered::archive::bundle(&run).unwrap();
    let members = asregistered::archive::open(&bundle).unwrap();
    assert_eq!(members["claims.yaml"], text.as_bytes());
    let verification = asregistered::archive::verify(&bundle);
    assert_eq!(
        verification.holds(),
        Some(true),
        "{:#?}",
        verification.diagnostics
    );
}

#[test]
fn without_claims_the_verb_says_what_is_missing() {
    let study = Study::new(&claims(
        "  - {where: x, test: H1.any, says: {confirmatory: true}}\n",
    ));
    study.write(
        "pipeline.yaml",
        PIPELINE.replace("claims: claims.yaml\n", "").as_bytes(),
    );
    let (code, _, err) = study.program(&["claims"]);
    assert!(code == 2 && err.contains("names no claims"), "{err}");
    let (code, out, err) = study.program(&["claims", "--claims", "claims.yaml"]);
    assert!(code == 0 && out.contains("1 points hold"), "{out}{err}");
    let (code, _, err) = study.program(&["claims", "--claims", "gone.yaml"]);
    assert!(code == 2 && err.contains("S001"), "{err}");
}
