//! What a manuscript says, held to a real small study. The claims are printed by R from the raw file (`tests/claims/make.R`).

use asregistered::claims::apa::{self, Agreement};
use asregistered::claims::{Printed, RULES, manuscript, rule, table};
use asregistered::lock;
use asregistered::record::{Against, ClaimResult, ClaimsRecord, Verdict};
use asregistered::run::{self, Run};
use asregistered::source::{Source, write_whole};
use asregistered::spec::pipeline::Decimal;
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
            let source = Source::read(&file, "claims.yaml", 1 << 20).unwrap();
            let judged = match run::claimed(&run, &source) {
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

/// The manuscripts that R and pandoc wrote, from `tests/manuscripts/make.R`.
fn written(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/manuscripts")
        .join(name)
}

fn any() -> Study {
    Study::new(&claims(
        "  - {where: x, test: H1.any, says: {confirmatory: true}}\n",
    ))
}

fn answer(out: &str) -> serde_json::Value {
    serde_json::from_str(out).unwrap()
}

#[test]
fn every_kind_of_manuscript_gives_the_same_results_and_they_are_the_runs() {
    let study = any();
    for kind in ["md", "docx", "html", "tex", "txt"] {
        let path = written(&format!("as-found.{kind}"));
        let arguments = ["claims", "--from", path.to_str().unwrap(), "--format", "json"];
        let (code, out, err) = study.program(&arguments);
        assert_eq!(code, 0, "{kind}: {out}{err}");
        let answer = answer(&out);
        let results = answer["results"].as_array().unwrap();
        let found: Vec<(&str, &str)> = results
            .iter()
            .map(|r| (r["of"][0].as_str().unwrap(), r["agreement"].as_str().unwrap()))
            .collect();
        let expected = [
            ("H1.any", "agrees_one_sided"),
            ("H1.letter", "agrees"),
            ("H1.call", "agrees"),
            ("H3.older", "agrees"),
            ("X3", "agrees"),
        ];
        assert_eq!(found, expected, "{kind}");
    }
}

#[test]
fn what_does_not_follow_from_its_statistic_is_named_with_its_line() {
    let study = any();
    for (kind, line) in [("md", 15), ("docx", 8), ("html", 170), ("tex", 74), ("txt", 17)] {
        let path = written(&format!("flawed.{kind}"));
        let (code, out, err) =
            study.program(&["claims", "--from", path.to_str().unwrap(), "--format", "json"]);
        assert_eq!(code, 1, "{kind}: {out}{err}");
        let answer = answer(&out);
        let found: Vec<String> = answer["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .map(|d| {
                format!(
                    "{} {}",
                    d["code"].as_str().unwrap(),
                    d["message"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(found.len(), 3, "{kind}: {found:#?}");
        assert!(
            found[0].starts_with("C010 ") && found[0].contains("4.5, p"),
            "{found:#?}"
        );
        assert!(found[1].starts_with("C009 F(1, 28) = 4.20"), "{found:#?}");
        assert!(found[2].starts_with("C009 z = 1.20"), "{found:#?}");
        assert_eq!(answer["diagnostics"][0]["at"]["line"], line, "{kind}");
        let unknown = answer["results"].as_array().unwrap().iter();
        assert_eq!(
            unknown.filter(|r| r["of"].as_array().unwrap().is_empty()).count(),
            4
        );
    }
}

#[test]
fn a_draft_of_the_claims_holds_when_it_is_held_to_the_run() {
    let study = any();
    let path = written("as-found.docx");
    let (code, out, err) = study.program(&[
        "claims",
        "--from",
        path.to_str().unwrap(),
        "--draft",
        "draft.yaml",
    ]);
    assert_eq!(code, 0, "{out}{err}");
    let draft = std::fs::read_to_string(study.path("draft.yaml")).unwrap();
    assert!(
        draft.contains("test: \"H1.letter\"") && draft.contains("sided: two"),
        "{draft}"
    );
    // X3 is exploratory, and the draft does not know whether the manuscript calls it so.
    let (code, _, err) = study.program(&["claims", "--claims", "draft.yaml"]);
    assert!(code == 1 && err.contains("C006"), "{err}");
    assert_eq!(err.matches("error C").count(), 3, "{err}");
    let path = written("flawed.md");
    study.program(&[
        "claims",
        "--from",
        path.to_str().unwrap(),
        "--draft",
        "draft.yaml",
    ]);
    let draft = std::fs::read_to_string(study.path("draft.yaml")).unwrap();
    assert!(
        draft.contains("# line 15: χ^2(2, N = 100) = 4.5, p < .05 (nothing in the run has these numbers)"),
        "{draft}"
    );
}

#[test]
fn statcheck_says_the_same_of_every_result() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/recomputed.csv");
    let table = std::fs::read_to_string(path).unwrap();
    let rows: Vec<(&str, Vec<&str>)> = table
        .lines()
        .skip(1)
        .map(|row| {
            let (test, rest) = match row.strip_prefix('"') {
                Some(quoted) => quoted.split_once("\",").unwrap(),
                None => row.split_once(',').unwrap(),
            };
            (test, rest.split(',').collect())
        })
        .collect();
    let sentence =
        |(test, cells): &(&str, Vec<&str>)| format!("As was found, {test}, p {}, in all.\n\n", cells[0]);
    let text: String = rows.iter().map(sentence).collect();
    let source = Source::from_bytes("m.txt".into(), "m.txt", text.into_bytes());
    let found = apa::find(&manuscript::read(&source).unwrap());
    assert!(
        rows.len() > 1300 && found.len() == rows.len(),
        "{} of {}",
        found.len(),
        rows.len()
    );
    for (reported, (test, cells)) in found.iter().zip(&rows) {
        let [p, computed, error, decision] = cells[..] else {
            panic!("{test}: {cells:?}")
        };
        let recomputed = apa::recompute(reported, false);
        let computed: f64 = computed.parse().unwrap();
        assert!(
            (recomputed.p.ln() - computed.ln()).abs() < 1e-9,
            "{test}, p {p}: {recomputed:?}, statcheck {computed}"
        );
        let differs = recomputed.agreement != Agreement::Agrees;
        assert_eq!(differs, error == "True", "{test}, p {p}: {recomputed:?}");
        let decides = recomputed.agreement == Agreement::DecidesOtherwise;
        assert_eq!(
            decides,
            differs && decision == "True",
            "{test}, p {p}: {recomputed:?}"
        );
        let mut mirrored = reported.clone();
        mirrored.statistic.value = -mirrored.statistic.value;
        assert_eq!(apa::recompute(&mirrored, false), recomputed, "{test}, p {p}");
    }
}

fn results(name: &str, text: &str) -> Vec<String> {
    let source = Source::from_bytes(name.into(), name, text.as_bytes().to_vec());
    let found = apa::find(&manuscript::read(&source).unwrap());
    found.into_iter().map(|reported| reported.text).collect()
}

#[test]
fn results_are_found_in_every_spelling_and_nothing_else_is() {
    for (name, text, found) in [
        ("m.txt", "t(28)=2.20,p=.036", "t(28)=2.20,p=.036"),
        ("m.txt", "(t(28) = 2.20; p = .036)", "t(28) = 2.20; p = .036"),
        ("m.txt", "t(28) = 2.20 (p = .036)", "t(28) = 2.20 (p = .036"),
        (
            "m.txt",
            "t(28) = \u{2212}2.20, d = 0.41, 95% CI [\u{2212}0.9, 0.1], p = .036",
            "t(28) = -2.20, d = 0.41, 95% CI [-0.9, 0.1], p = .036",
        ),
        ("m.txt", "F(1, 1,028) = 2", ""),
        (
            "m.txt",
            "\u{1d461}(28)\u{2009}=\u{2009}2.20,\u{a0}\u{1d45d}\u{2009}=\u{2009}.036",
            "t(28) = 2.20, p = .036",
        ),
        (
            "m.txt",
            "\u{3c7}\u{b2}(2) = 4.5, p > .05; next",
            "\u{3c7}^2(2) = 4.5, p > .05",
        ),
        ("m.txt", "F(2,57)=3.41, n.s.", "F(2,57)=3.41, n.s."),
        ("m.txt", "z = 1,234.5, p < 1e-10", "z = 1,234.5, p < 1e-10"),
        ("m.txt", "r(98) = 1.37, p < .001", ""),
        (
            "m.txt",
            "b = 0.71, SE = 0.09, p < .001",
            "0.71, SE = 0.09, p < .001",
        ),
        (
            "m.txt",
            "b = 0.71, SE = 0.3, z = 2.37, p = .018",
            "z = 2.37, p = .018",
        ),
        (
            "m.txt",
            "b = 0.71, SE = 0.09, t(28) = 2.20, p = .036",
            "t(28) = 2.20, p = .036",
        ),
        ("m.txt", "as at(28) = 2.20, p = .036", ""),
        ("m.txt", "t(28) = 2.20. However p = .036", ""),
        ("m.txt", "t(28) = 2.20\n\np = .036", ""),
        (
            "m.tex",
            "$\\chi^2(2, N = 100) = 4.5$, $p < .05$ % z = 9, p = .5",
            "\u{3c7}^2(2, N = 100) = 4.5, p < .05",
        ),
        (
            "m.tex",
            "\\textit{t}(28)~=~$-$2.20, \\textit{p} \\textless\\ .05",
            "t(28) = -2.20, p < .05",
        ),
        (
            "m.html",
            "<em>t</em>(28) = 2.20, <i>p</i> = .036",
            "t(28) = 2.20, p = .036",
        ),
        (
            "m.html",
            "<math><msup><mi>&chi;</mi><mn>2</mn></msup><annotation>z = 1, p = .5</annotation></math>(2)&nbsp;= 4.5, <i>p</i> &lt; .05",
            "\u{3c7}2(2) = 4.5, p < .05",
        ),
        (
            "m.html",
            "t(28) = 2.20, p <.05 and<script>z = 1, p = .5</script>",
            "t(28) = 2.20, p <.05",
        ),
        (
            "m.md",
            "χ^2^(2, *N* = 100) = 4.5, *p* \\< .05",
            "\u{3c7}^2^(2, N = 100) = 4.5, p < .05",
        ),
    ] {
        let expected: Vec<&str> = Some(found).filter(|f| !f.is_empty()).into_iter().collect();
        assert_eq!(results(name, text), expected, "{name}: {text}");
    }
}

#[test]
fn hostile_manuscripts_are_refused() {
    let read = |name: &str, bytes: Vec<u8>| {
        let source = Source::from_bytes(name.into(), name, bytes);
        manuscript::read(&source).map(|m| m.text.as_str().len())
    };
    let document = std::fs::read(written("as-found.docx")).unwrap();
    assert!(read("m.docx", document.clone()).is_ok());
    let bomb = zipped(
        "word/document.xml",
        &format!("<w:p><w:t>{}</w:t></w:p>", "x".repeat(70 << 20)),
    );
    assert!(bomb.len() < 1 << 20);
    let deep = zipped("word/document.xml", &"<a>".repeat(100_000));
    let entities =
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><w:p><w:t>&b;</w:t></w:p>";
    assert_eq!(read("m.docx", zipped("word/document.xml", entities)).unwrap(), 2);
    for (name, bytes, says) in [
        ("m.docx", bomb, "unpacks to more text"),
        ("m.docx", deep, "nested too deep"),
        (
            "m.docx",
            zipped("word/document.xml", "<w:p><w:t>x"),
            "ends before",
        ),
        ("m.docx", zipped("word/document.xml", "<w:p></w:q>"), "damaged"),
        (
            "m.docx",
            zipped("xl/workbook.xml", "<a/>"),
            "no word/document.xml",
        ),
        ("m.docx", b"not a zip".to_vec(), "no Word document"),
        (
            "m.docx",
            document[..document.len() / 2].to_vec(),
            "no Word document",
        ),
        (
            "m.pdf",
            b"%PDF-1.7".to_vec(),
            "no manuscript that this program reads",
        ),
        ("m.txt", b"t(28)\0".to_vec(), "binary"),
    ] {
        let refused = read(name, bytes).unwrap_err();
        assert_eq!(refused.code.id, "C011", "{refused:#?}");
        assert!(refused.message.contains(says), "{says}: {}", refused.message);
    }
    assert_eq!(read("m.md", b"p \xFF".to_vec()).unwrap_err().code.id, "S003");
    let study = any();
    study.write("empty.txt", b"Nothing was tested.");
    let (code, _, err) = study.program(&["claims", "--from", "empty.txt"]);
    assert!(code == 2 && err.contains("C012"), "{err}");
    let (code, _, err) = study.program(&["claims", "--from", "gone.docx"]);
    assert!(code == 2 && err.contains("S001"), "{err}");
}

/// A zip with one deflated member.
fn zipped(name: &str, text: &str) -> Vec<u8> {
    use std::io::Write;
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file(name, options).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner()
}

/// A table that statsmodels and stargazer printed, from `tests/tables/make.py`.
fn printed(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn held(study: &Study, name: &str, text: &str, more: &[&str]) -> (i32, serde_json::Value) {
    study.write(name, text.as_bytes());
    let arguments = [&["claims", "--table", name, "--format", "json"], more].concat();
    let (code, out, err) = study.program(&arguments);
    assert!(!out.is_empty(), "{err}");
    (code, answer(&out))
}

/// Model, term and what is said, of every claim.
fn said(answer: &serde_json::Value) -> Vec<String> {
    let claims = answer["claims"]["claims"].as_array().unwrap().iter();
    claims
        .map(|claim| {
            let points = claim["points"].as_array().unwrap().iter();
            let says: Vec<&str> = points.map(|p| p["says"].as_str().unwrap()).collect();
            format!("{} {}", claim["of"].as_str().unwrap(), says.join(" "))
        })
        .collect()
}

#[test]
fn tables_are_read_as_the_models_that_they_print() {
    let study = any();
    let of = |model: &str, says: &str| {
        ["(Intercept)", "arm[call]", "arm[letter]"].map(|term| format!("{model}: {term} {says}"))
    };
    let with_error = |model: &str| of(model, "estimate std_error stars").to_vec();
    let both: Vec<String> = [
        with_error("support"),
        vec!["support n".to_owned(), "support r_squared".to_owned()],
        with_error("older"),
        vec!["older n".to_owned(), "older r_squared".to_owned()],
    ]
    .concat();
    let named = of("support", "estimate std_error statistic p conf_low conf_high").to_vec();
    for (name, mut expected) in [
        ("stargazer.tex", both.clone()),
        ("stargazer.html", both.clone()),
        (
            "summary_col.tex",
            both.iter().filter(|s| !s.ends_with(" n")).cloned().collect(),
        ),
        (
            "stargazer_intervals.html",
            [
                of("support", "estimate conf_low conf_high stars").to_vec(),
                vec!["support n".to_owned(), "support r_squared".to_owned()],
            ]
            .concat(),
        ),
        (
            "esttab.csv",
            [
                of("support", "estimate statistic stars").to_vec(),
                vec!["support n".to_owned()],
            ]
            .concat(),
        ),
        ("summary.html", named.clone()),
        ("summary.tex", named.clone()),
        ("summary.csv", named.clone()),
        ("broom.csv", named.clone()),
        (
            "esttab.tex",
            [with_error("support"), vec!["support n".to_owned()]].concat(),
        ),
    ] {
        let (code, answer) = held(&study, name, &printed(name), &[]);
        assert_eq!(code, 0, "{name}: {answer:#}");
        assert_eq!(answer["untold"], serde_json::json!([]), "{name}");
        let mut found = said(&answer);
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn one_changed_digit_or_mark_of_a_table_is_found() {
    let study = any();
    for (name, from, to, says) in [
        (
            "stargazer.tex",
            "(0.324)",
            "(0.342)",
            "std_error 0.342 is printed, the run found 0.323926",
        ),
        (
            "stargazer.html",
            "0.674<sup>**</sup>",
            "0.674<sup>*</sup>",
            "* is printed beside a p of 0.0399608",
        ),
        (
            "stargazer_intervals.html",
            "(0.031 , 1.316)",
            "(0.031 , 1.361)",
            "conf_high 1.361 is printed",
        ),
        ("esttab.csv", "(2.08)", "(2.80)", "statistic 2.80 is printed"),
        (
            "summary.html",
            "<td>    2.080</td>",
            "<td>    2.008</td>",
            "statistic 2.008 is printed",
        ),
        ("broom.csv", "0.3239", "0.3299", "std_error 0.3299"),
        ("esttab.tex", "1.307", "-1.307", "the other sign"),
        (
            "summary_col.tex",
            "1.1975**",
            "1.1795**",
            "estimate 1.1795** is printed",
        ),
        (
            "stargazer.tex",
            "Observations & 109",
            "Observations & 190",
            "n 190 is printed, the run found 109",
        ),
    ] {
        let text = printed(name);
        assert!(text.contains(from), "{name}: {from}");
        let (code, answer) = held(&study, name, &text.replacen(from, to, 1), &[]);
        assert_eq!(code, 1, "{name}: {answer:#}");
        let found = answer["diagnostics"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{name}: {found:#?}");
        let line = found[0]["at"]["line"].as_u64().unwrap();
        assert_eq!(found[0]["at"]["file"], name);
        let message = found[0]["message"].as_str().unwrap();
        assert!(
            message.contains(says) && message.starts_with(&format!("{name}, line {line}, column ")),
            "{message}"
        );
    }
}

#[test]
fn what_of_a_table_cannot_be_told_is_said() {
    let study = any();
    let text = printed("stargazer.tex");
    let strange = text.replace("armletter & 0.674", "Something else & 0.555");
    let (code, answer) = held(&study, "strange.tex", &strange, &[]);
    assert_eq!(code, 2, "{answer:#}");
    assert_eq!(
        answer["untold"],
        serde_json::json!([
            "line 14, column 2: `Something else` 0.555** is no coefficient of the model support"
        ])
    );
    let (code, answer) = held(&study, "t.tex", &text, &["--model", "support,gone"]);
    assert_eq!(code, 2);
    assert_eq!(
        answer["untold"],
        serde_json::json!(["column 3: the run has no model `gone`"])
    );
    let (code, answer) = held(&study, "t.tex", &text, &["--model", "older,support"]);
    assert_eq!(code, 1, "{answer:#}");
    let (code, answer) = held(&study, "prose.md", "No table.", &[]);
    assert_eq!(
        (code, answer["diagnostics"][0]["code"].as_str()),
        (2, Some("C012"))
    );
    let (code, _, _) = study.program(&["claims", "--draft", "x.yaml"]);
    assert_eq!(code, 2);
}

#[test]
fn estimates_without_a_statistic_are_held_to_the_runs_own_p() {
    let study = any();
    for (text, code, of, says) in [
        (
            "A letter raised it by 0.67 points (SE = 0.32, p = .020).",
            0,
            "H1.letter",
            "",
        ),
        (
            "A letter: b = 0.67, SE = 0.32, 95% CI [0.03, 1.32], p = .040.",
            0,
            "H1.letter",
            "",
        ),
        ("A call: b = \u{2212}1.31, SE = 0.36, p < .001.", 0, "H1.call", ""),
        ("A letter: b = 0.67, SE = 0.32, p = .2.", 1, "H1.letter", "C002"),
        ("A letter: b = 0.55, SE = 0.32, p = .090.", 2, "", ""),
    ] {
        study.write("m.txt", text.as_bytes());
        let (status, out, err) = study.program(&["claims", "--from", "m.txt", "--format", "json"]);
        assert_eq!(status, code, "{text}: {out}{err}");
        let answer = answer(&out);
        assert_eq!(
            answer["results"][0]["of"][0].as_str().unwrap_or_default(),
            of,
            "{text}"
        );
        let found = answer["diagnostics"][0]["code"].as_str().unwrap_or_default();
        assert_eq!(found, says, "{text}");
    }
}

#[test]
fn a_one_sided_p_may_lie_with_the_direction_or_against_it() {
    let agreement = |text: &str, directed: bool| {
        let source = Source::from_bytes("m.txt".into(), "m.txt", text.as_bytes().to_vec());
        let found = apa::find(&manuscript::read(&source).unwrap());
        apa::recompute(&found[0], directed).agreement
    };
    // R: pt(1.66, 1482) = 0.9514, its complement 0.0486, both tails 0.0971.
    assert_eq!(
        agreement("t(1482) = 1.66, p = .951", true),
        Agreement::AgreesOneSided
    );
    assert_eq!(
        agreement("t(1482) = 1.66, p = .049", true),
        Agreement::AgreesOneSided
    );
    assert_eq!(agreement("t(1482) = 1.66, p = .097", true), Agreement::Agrees);
    assert_eq!(agreement("t(1482) = 1.66, p = .951", false), Agreement::Differs);
    assert_eq!(
        agreement("t(1482) = 1.66, p = .049", false),
        Agreement::DecidesOtherwise
    );
    assert_eq!(
        agreement("t(1482) = 1.66, p = .049, one-tailed", false),
        Agreement::AgreesOneSided
    );
    assert_eq!(
        agreement("F(1, 1482) = 2.76, p = .049", true),
        Agreement::DecidesOtherwise
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(12))]

    #[test]
    fn nothing_that_is_written_makes_the_readers_fail(
        text in "([\\PC\n]{0,40}|<[a-z/!\"'= -]{0,12}>?|\\\\[a-z(){}\\[\\]]{0,6}|[{}$&*_~%|,=\"]{1,4}|t\\(\\d{1,3}\\) = -?\\d\\.\\d, p [<=>] \\.\\d{1,3} ?){0,12}"
    ) {
        for name in ["m.html", "m.md", "m.tex", "m.txt", "m.csv"] {
            let source = Source::from_bytes(name.into(), name, text.clone().into_bytes());
            let Ok(read) = manuscript::read(&source) else { continue };
            for reported in apa::find(&read) {
                let recomputed = apa::recompute(&reported, true);
                proptest::prop_assert!(recomputed.low <= recomputed.high, "{reported:?} {recomputed:?}");
            }
            let grid = table::grid(&source).unwrap();
            proptest::prop_assert!(grid.rows.iter().all(|(line, _)| *line >= 1));
        }
        Printed::read(&text, Decimal::Comma);
    }
}
