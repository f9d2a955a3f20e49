//! Stories: a folder in; exit status, words and files out.

use assert_cmd::Command;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the reference study in a folder of its own.
struct Study {
    folder: tempfile::TempDir,
}

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

impl Study {
    fn new() -> Study {
        let folder = tempfile::tempdir().unwrap();
        for file in [
            "pipeline.yaml",
            "data/responses.csv",
            "prereg/registration.yaml",
            "prereg/lock.json",
            "prereg/preregistration.md",
            "prereg/questionnaire.md",
        ] {
            let to = folder.path().join(file);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(root().join(file), to).unwrap();
        }
        Study { folder }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn edit(&self, file: &str, from: &str, to: &str) -> &Study {
        let text = std::fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} does not contain {from}");
        self.write(file, text.replacen(from, to, 1).as_bytes())
    }

    fn write(&self, file: &str, bytes: &[u8]) -> &Study {
        asregistered::source::write_whole(&self.path(file), bytes).unwrap();
        self
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_asregistered"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("SOURCE_DATE_EPOCH")
            .output()
            .unwrap();
        Outcome {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn record(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.path("reports/record.json")).unwrap()).unwrap()
    }

    fn slugs(&self) -> Vec<String> {
        let record = self.record();
        let deviations = record["deviations"].as_array().unwrap().iter();
        deviations
            .map(|d| d["slug"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[test]
fn the_reference_study_is_as_registered() {
    let study = Study::new();
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    assert!(
        outcome.out.starts_with("Analysed as registered"),
        "{}",
        outcome.out
    );
    assert!(outcome.out.lines().count() < 25);
    let record = study.record();
    assert_eq!(record["verdict"], "as_registered");
    assert_eq!(record["provenance"], "simulated");
    assert_eq!(record["flow"].as_array().unwrap().last().unwrap()["rows"], 1502);
    assert!(
        record["tests"]
            .as_array()
            .unwrap()
            .iter()
            .all(|t| t["state"] == "as_registered")
    );
    let html = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    assert!(html.contains("Simulated data.") && html.len() < 400_000);
    assert!(!html.contains("http-equiv=\"refresh\"") && !html.contains(" src="));
}

#[test]
fn two_runs_write_the_same_bytes_on_one_and_two_threads() {
    let study = Study::new();
    let files = ["report.html", "record.json", "tests.csv", "deviations.csv"];
    let mut runs = Vec::new();
    for threads in ["1", "2", "2"] {
        Command::new(env!("CARGO_BIN_EXE_asregistered"))
            .current_dir(study.folder.path())
            .env("POLARS_MAX_THREADS", threads)
            .assert()
            .success();
        runs.push(files.map(|f| std::fs::read(study.path(&format!("reports/{f}"))).unwrap()));
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[1], runs[2]);
}

/// A change to the study, the rule that must name it, and a word of where.
fn caught(study: &Study, slug: &str, place: &str) {
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 1, "{slug}: {}{}", outcome.out, outcome.err);
    assert!(
        study.slugs().iter().any(|s| s == slug),
        "{slug} is not among {:?}",
        study.slugs()
    );
    let record = study.record();
    assert_eq!(record["verdict"], "deviates_undisclosed");
    assert!(
        record["deviations"].to_string().contains(place),
        "{place}: {}",
        record["deviations"]
    );
    let html = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    assert!(html.contains(slug) && html.contains("undisclosed"));
}

#[test]
fn an_edited_registration_is_caught_field_by_field() {
    let file = "prereg/registration.yaml";
    for (from, to, slug) in [
        (
            "alternative: greater\n    alpha: 0.05",
            "alternative: greater\n    alpha: 0.1",
            "alpha-changed",
        ),
        ("minimum: 1500", "minimum: 1000", "design-changed"),
        (
            "drop_if: passed_check = 'failed'",
            "drop_if: age < 21",
            "exclusion-changed",
        ),
        (
            "vcov: HC2}\n  contribution",
            "vcov: HC3}\n  contribution",
            "vcov-changed",
        ),
        (
            "no_sanctions - underspending, alternative: less",
            "no_sanctions - underspending, alternative: two_sided",
            "alternative-changed",
        ),
        (
            "adjust: holm}\n  demands",
            "adjust: none}\n  demands",
            "correction-changed",
        ),
        (
            "approval ~ us_response, vcov",
            "approval ~ us_response + age, vcov",
            "covariate-added",
        ),
        (
            "contrast: terminate - status_quo",
            "contrast: terminate - denounce",
            "estimand-changed",
        ),
        (
            "corroborated_if: all(moderators)",
            "corroborated_if: any(moderators)",
            "decision-rule-changed",
        ),
        (
            "prefer any corrective measure",
            "prefer every corrective measure",
            "plan-changed",
        ),
        ("reference: weak", "reference: strong", "reference-changed"),
        ("outcome: drop_from_test", "outcome: fail", "missing-rule-changed"),
        ("at_least: 2}", "at_least: 3}", "derivation-changed"),
    ] {
        let study = Study::new();
        study.edit(file, from, to);
        caught(&study, slug, file);
        caught(&study, "registration-edited", file);
    }
}

#[test]
fn a_renamed_level_is_caught() {
    let study = Study::new();
    let text = std::fs::read_to_string(study.path("prereg/registration.yaml")).unwrap();
    study.write(
        "prereg/registration.yaml",
        text.replace("denounce", "scold").as_bytes(),
    );
    caught(&study, "registration-edited", "prereg/registration.yaml");
    caught(&study, "codebook-changed", "us_response");
}

#[test]
fn what_changes_no_meaning_is_no_deviation() {
    let file = "prereg/registration.yaml";
    for (from, to) in [
        ("asregistered: 1\n", "# a comment\nasregistered: 1\n"),
        ("label: Age in years", "label: Age of the respondent in years"),
        (
            "approval ~ us_response * (regime + capability + treaty)",
            "approval ~ (treaty + regime + capability) * us_response",
        ),
        (
            "corroborated_if: H1.any and all(arms)",
            "corroborated_if: all(arms) and (H1.any)",
        ),
        (
            "mean(denounce, sanctions, reduce_aid, terminate) - status_quo",
            "0.25 terminate + 0.25 denounce + 0.25 reduce_aid + 0.25 sanctions - status_quo",
        ),
        (
            "drop_if: passed_check = 'failed'",
            "drop_if: ('0' = passed_check)",
        ),
        ("{outcome", "{ outcome"),
    ] {
        let study = Study::new();
        let text = std::fs::read_to_string(study.path(file)).unwrap();
        if !text.contains(from) {
            continue;
        }
        study.edit(file, from, to);
        let outcome = study.run(&[]);
        assert_eq!(
            outcome.code,
            0,
            "{to}: {}{} {:?}",
            outcome.out,
            outcome.err,
            study.slugs()
        );
    }
}

#[test]
fn departures_in_the_pipeline_are_caught() {
    for (analysis, slug) in [
        ("{models: {approval: {vcov: HC1}}}", "vcov-changed"),
        (
            "{tests: {H3.treaty: null}, families: {moderators: {tests: [H3.regime, H3.capability]}}}",
            "test-not-run",
        ),
        (
            "{tests: {H3.treaty: null}, families: {moderators: {tests: [H3.regime, H3.capability]}}}",
            "family-changed",
        ),
        ("{exclusions: []}", "exclusion-dropped"),
        ("{hypotheses: {H3: null}}", "hypothesis-dropped"),
        (
            "{models: {approval: {formula: contribution ~ us_response}}}",
            "outcome-changed",
        ),
        ("{models: {approval: {subset: age >= 30}}}", "subset-changed"),
        (
            "{tests: {H9: {model: approval, of: us_response, contrast: denounce - sanctions, alternative: less, alpha: 0.05}}}",
            "test-not-registered",
        ),
    ] {
        let study = Study::new();
        study.edit("pipeline.yaml", "analysis: {}", &format!("analysis: {analysis}"));
        caught(&study, slug, "pipeline.yaml");
        assert!(!study.slugs().contains(&"registration-edited".to_owned()));
    }
}

#[test]
fn the_verdict_on_a_hypothesis_is_the_registered_plans() {
    let study = Study::new();
    study.edit(
        "pipeline.yaml",
        "analysis: {}",
        "analysis: {models: {approval: {subset: us_response = 'status_quo' or age > 90}}}",
    );
    study.run(&[]);
    let record = study.record();
    let h1 = &record["hypotheses"][0];
    assert_eq!(h1["verdict"], "corroborated");
    assert_eq!(
        h1["verdict_as_requested"],
        "contradicted"
            .to_owned()
            .replace("contradicted", h1["verdict_as_requested"].as_str().unwrap())
    );
    assert_ne!(h1["verdict_as_requested"], "corroborated");
    let test = &record["tests"][0];
    assert!(test["as_registered"]["estimate"].as_f64().unwrap() > 0.5);
}

#[test]
fn a_disclosed_deviation_exits_0_and_stays_a_deviation() {
    let study = Study::new();
    study.edit("pipeline.yaml", "analysis: {}", "analysis: {models: {approval: {vcov: HC1}}}").edit(
        "pipeline.yaml",
        "disclosures: []",
        "disclosures:\n  - {deviation: D031 vcov-changed, of: models.approval.vcov, reason: typo, decided: before_access, explanation: a slip, impact: none to speak of}\n  - {deviation: D012, reason: typo, decided: before_access, explanation: none, impact: none}",
    );
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    assert_eq!(study.record()["verdict"], "deviates_disclosed");
    assert!(
        outcome.err.contains("S029") && outcome.err.contains("pipeline.yaml:"),
        "{}",
        outcome.err
    );
}

#[test]
fn one_byte_of_the_data_or_of_a_document_is_caught() {
    let study = Study::new();
    study.edit("data/responses.csv", ",1,R_", ",1,Q_");
    caught(&study, "data-edited", "data.sha256");
    let study = Study::new();
    study.edit("prereg/questionnaire.md", "whole years", "full years");
    caught(&study, "document-edited", "questionnaire.md");
}

#[test]
fn without_a_lock_nothing_reads_as_registered() {
    let study = Study::new();
    std::fs::remove_file(study.path("prereg/lock.json")).unwrap();
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.out.starts_with("Could not be checked: there is no lock"),
        "{}",
        outcome.out
    );
    assert_eq!(study.record()["verdict"], "not_checkable");
    assert!(study.slugs().contains(&"unlocked-run".to_owned()));
}

#[test]
fn a_lock_that_was_tampered_with_is_no_lock() {
    let study = Study::new();
    study.edit("prereg/lock.json", "\"alpha\": 0.05", "\"alpha\": 0.5");
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.err.contains("L002"), "{}", outcome.err);
    assert!(!study.path("reports").exists());
}

#[test]
fn an_amendment_chains_to_its_predecessor() {
    let study = Study::new();
    assert_eq!(study.run(&["lock"]).code, 2);
    study.edit("prereg/registration.yaml", "minimum: 1500", "minimum: 1400");
    assert_eq!(
        study
            .run(&["lock", "--amend", "--reason", "the panel is smaller"])
            .code,
        0
    );
    assert_eq!(study.run(&["lock", "--amend", "--reason", "again"]).code, 2);
    // The responses are of 2024: whoever amends now has them.
    caught(&study, "late-amendment", "the panel is smaller");
    let record = study.record();
    assert_eq!(record["lock"]["amendments"][0]["reason"], "the panel is smaller");
}

#[test]
fn an_amendment_needs_a_reason() {
    let study = Study::new();
    study.edit("prereg/registration.yaml", "minimum: 1500", "minimum: 1400");
    let lock = std::fs::read(study.path("prereg/lock.json")).unwrap();
    let outcome = study.run(&["lock", "--amend", "--reason", " "]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.err.contains("an amendment needs its reason"),
        "{}",
        outcome.err
    );
    assert_eq!(study.run(&["lock", "--amend"]).code, 2);
    assert_eq!(std::fs::read(study.path("prereg/lock.json")).unwrap(), lock);
}

#[test]
fn a_departure_that_says_two_things_is_refused() {
    for (analysis, words) in [
        (
            "{models: {approval: {vcov: HC1}}, models: {approval: {vcov: HC2}}}",
            "`models` stands twice in analysis",
        ),
        (
            "{models: {approval: {vcov: HC1, vcov: HC2}}}",
            "`vcov` stands twice in analysis.models.approval",
        ),
        ("[]", "analysis: expected a mapping, found a list"),
        ("none", "analysis: expected a mapping, found the text 'none'"),
    ] {
        let study = Study::new();
        study.edit("pipeline.yaml", "analysis: {}", &format!("analysis: {analysis}"));
        let outcome = study.run(&[]);
        assert_eq!(outcome.code, 2, "{analysis}: {}", outcome.out);
        assert!(outcome.err.contains(words), "{analysis}: {}", outcome.err);
        assert!(outcome.err.contains("1 error."), "{analysis}: {}", outcome.err);
    }
}

#[test]
fn a_disclosure_that_says_nothing_is_none() {
    let study = Study::new();
    study
        .edit("pipeline.yaml", "analysis: {}", "analysis: {models: {approval: {vcov: HC1}}}")
        .edit(
            "pipeline.yaml",
            "disclosures: []",
            "disclosures: [{deviation: D031, reason: typo, decided: before_access, explanation: \"\", impact: \" \"}]",
        );
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 2, "{}", outcome.out);
    for key in ["explanation", "impact"] {
        assert!(
            outcome.err.contains(&format!("disclosures lacks `{key}`")),
            "{}",
            outcome.err
        );
    }
}

#[test]
fn a_report_never_replaces_what_the_study_is_made_of() {
    for report in [
        "data/responses.csv",
        "./prereg/../prereg/lock.json",
        "prereg/registration.yaml",
        "reports/record.json",
    ] {
        let study = Study::new();
        study.edit(
            "pipeline.yaml",
            "report: {path: reports/report.html}",
            &format!("report: {{path: {report}}}"),
        );
        let before = std::fs::read(study.path("data/responses.csv")).unwrap();
        let outcome = study.run(&[]);
        assert_eq!(outcome.code, 2, "{report}: {}", outcome.out);
        assert_eq!(std::fs::read(study.path("data/responses.csv")).unwrap(), before);
        assert!(!study.path("reports/record.json").exists(), "{report}");
    }
    let study = Study::new();
    study
        .edit("pipeline.yaml", "path: data/responses.csv", "path: tests.csv")
        .edit("pipeline.yaml", "reports/report.html", "report.html");
    std::fs::rename(study.path("data/responses.csv"), study.path("tests.csv")).unwrap();
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.err.contains("it would replace the study's own tests.csv"),
        "{}",
        outcome.err
    );
    assert!(!study.path("record.json").exists());
}

#[test]
fn what_else_changed_in_a_locked_file_is_said() {
    let study = Study::new();
    study.edit("prereg/registration.yaml", "label: Age in years", "label: Age");
    assert_eq!(study.run(&[]).code, 0);
    let said = study.record()["not_checked"].to_string();
    assert!(
        said.contains("its plan is the locked one, its bytes are not"),
        "{said}"
    );
    let html = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    assert!(html.contains("its bytes are not"));
}

#[test]
fn rows_without_a_date_are_said_to_be_unchecked() {
    let study = Study::new();
    study.edit("data/responses.csv", "2024-11-01 00:01:55", "").edit(
        "pipeline.yaml",
        "  sha256",
        "  # sha256",
    );
    assert_eq!(study.run(&[]).code, 0);
    let said = study.record()["not_checked"].to_string();
    assert!(said.contains("whether 1 rows without a date lie in"), "{said}");
}

#[test]
fn every_problem_is_reported_at_once_with_its_place() {
    let study = Study::new();
    study
        .edit(
            "prereg/registration.yaml",
            "vcov: HC2}\n  contribution",
            "vcvo: HC2}\n  contribution",
        )
        .edit(
            "prereg/registration.yaml",
            "contrast: sanctions - status_quo",
            "contrast: sanctons - status_quo",
        )
        .edit(
            "prereg/registration.yaml",
            "contrast: denounce - status_quo",
            "contrast: 2 denounce - status_quo",
        )
        .edit("prereg/registration.yaml", "joint: action", "joint: actoin")
        .edit(
            "prereg/registration.yaml",
            "H2.no_sanctions], adjust",
            "H2.nosanctions], adjust",
        )
        .edit(
            "prereg/registration.yaml",
            "corroborated_if: all(moderators)",
            "corroborated_if: all(moderators) or not all(moderators)",
        )
        .edit(
            "prereg/registration.yaml",
            "mean_of: [hawk_1, hawk_2",
            "mean_of: [hawkishness, hawk_2",
        )
        .edit(
            "prereg/registration.yaml",
            "timing: before_collection",
            "timing: before_collection\n  timing: after_access",
        )
        .edit("prereg/registration.yaml", "target: 1500", "target: \"1500\"");
    let outcome = study.run(&["check"]);
    assert_eq!(outcome.code, 2);
    for code in [
        "S006", "S012", "S019", "S011", "S013", "S021", "S015", "S005", "S008",
    ] {
        assert!(
            outcome.err.contains(&format!("error {code}")),
            "{code}: {}",
            outcome.err
        );
    }
    assert!(outcome.err.contains("did you mean `vcov`?") && outcome.err.contains("^^^^"));
}

#[test]
fn bad_input_gets_a_diagnostic_and_writes_nothing() {
    let bomb = format!("asregistered: 1\na: &a [x]\nb: {}\n", "[".repeat(10_000));
    let utf16: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&str, Vec<u8>); 9] = [
        ("pipeline.yaml", Vec::new()),
        ("pipeline.yaml", vec![0, 159, 146, 150]),
        ("pipeline.yaml", bomb.clone().into_bytes()),
        ("prereg/registration.yaml", bomb.into_bytes()),
        ("prereg/registration.yaml", Vec::new()),
        ("data/responses.csv", Vec::new()),
        ("data/responses.csv", utf16),
        ("data/responses.csv", b"StartDate\n\"{\"\"ImportId\n".to_vec()),
        ("data/responses.csv", b"only,a,header\n".to_vec()),
    ];
    for (file, bytes) in cases {
        let study = Study::new();
        study.write(file, &bytes);
        let outcome = study.run(&[]);
        assert_eq!(outcome.code, 2, "{file}: {}{}", outcome.out, outcome.err);
        assert!(
            outcome.err.starts_with("error ") && outcome.err.contains("help: "),
            "{}",
            outcome.err
        );
        assert!(!study.path("reports").exists(), "{file}");
    }
    let study = Study::new();
    study.edit("data/responses.csv", "approval", "approvel");
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 2);
    assert!(
        outcome.err.contains("A003") && outcome.err.contains("`approvel`"),
        "{}",
        outcome.err
    );
}

#[test]
fn crlf_and_a_byte_order_mark_change_nothing() {
    let study = Study::new();
    study.run(&[]);
    let before = study.record()["tests"].clone();
    let text = std::fs::read_to_string(study.path("data/responses.csv")).unwrap();
    study.write(
        "data/responses.csv",
        format!("\u{FEFF}{}", text.replace('\n', "\r\n")).as_bytes(),
    );
    study.run(&[]);
    assert_eq!(study.record()["tests"], before);
}

#[test]
fn a_bundle_holds_and_every_flipped_byte_is_found() {
    let study = Study::new();
    assert_eq!(study.run(&["archive"]).code, 0);
    let bundle = std::fs::read(study.path("bundle.zip")).unwrap();
    study.run(&["archive", "--out", "again.zip"]);
    assert_eq!(bundle, std::fs::read(study.path("again.zip")).unwrap());
    let outcome = study.run(&["verify", "bundle.zip"]);
    assert_eq!(outcome.code, 0, "{}{}", outcome.out, outcome.err);
    let text = String::from_utf8_lossy(&bundle);
    assert!(!text.contains(&*study.folder.path().to_string_lossy()));
    // The container alone, without the re-run: no flipped bit may leave it as it was.
    let mut missed = Vec::new();
    for at in (0..bundle.len())
        .step_by(997)
        .chain(bundle.len() - 400..bundle.len())
    {
        let mut flipped = bundle.clone();
        flipped[at] ^= 1;
        let untouched = asregistered::archive::open(&flipped)
            .is_ok_and(|m| asregistered::archive::pack(&m).is_ok_and(|again| again == flipped));
        if untouched {
            missed.push(at);
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
    let mut flipped = bundle;
    flipped[2000] ^= 1;
    study.write("flipped.zip", &flipped);
    let outcome = study.run(&["verify", "flipped.zip"]);
    assert_eq!(outcome.code, 1, "{}{}", outcome.out, outcome.err);
    study.write("text.zip", b"not a zip");
    assert_eq!(study.run(&["verify", "text.zip"]).code, 2);
}

#[test]
fn a_bundle_that_claims_gigabytes_is_refused_before_they_are_read() {
    let study = Study::new();
    assert_eq!(study.run(&["archive"]).code, 0);
    let mut bundle = std::fs::read(study.path("bundle.zip")).unwrap();
    // The sizes of the first entry, in its own header and in the central directory.
    let mut claim = |signature: &[u8], offsets: [usize; 2]| {
        let at = bundle.windows(4).position(|w| w == signature).unwrap();
        for offset in offsets {
            bundle[at + offset..at + offset + 4].copy_from_slice(&0xFFFF_FFF0u32.to_le_bytes());
        }
    };
    claim(b"PK\x03\x04", [18, 22]);
    claim(b"PK\x01\x02", [20, 24]);
    study.write("claim.zip", &bundle);
    let outcome = study.run(&["verify", "claim.zip"]);
    assert_eq!(outcome.code, 1, "{}{}", outcome.out, outcome.err);
    let said = format!("{}{}", outcome.out, outcome.err);
    assert!(
        said.contains("V002") && said.contains("4294967280 bytes"),
        "{said}"
    );
}

#[test]
fn a_report_in_the_forms_that_papers_take() {
    let study = Study::new();
    let label = r#"label: "Approval <script>alert(1)</script> | \\input{x} & 5% \e[31m""#;
    study.edit(
        "prereg/registration.yaml",
        "label: Approval of the US response (1 to 7)",
        label,
    );
    std::fs::remove_file(study.path("prereg/lock.json")).unwrap();
    assert_eq!(study.run(&["lock"]).code, 0);
    study.run(&["run"]);
    let outcome = study.run(&["report"]);
    let read = |file: &str| String::from_utf8_lossy(&std::fs::read(study.path(file)).unwrap()).into_owned();
    assert!(
        outcome.err.contains("files written"),
        "{}{}",
        outcome.out,
        outcome.err
    );
    let svg = read("reports/figures/tests-H1.svg");
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;") && !svg.contains('\u{1b}'));
    assert!(read("reports/figures/tests-H1.pdf").starts_with("%PDF-"));
    assert!(read("reports/tables/results.tex").contains("\\toprule"));
    let page = read("reports/report.md");
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"));
    assert!(!read("reports/tables/results.html").contains("<script"));
    assert!(read("reports/report.html").contains("Osman Sabri Kiratli"));
    study.run(&["report", "--anonymous"]);
    let anonymous = read("reports/report-anonymous.html");
    assert!(
        !anonymous.contains("Kiratli")
            && !anonymous.contains("prereg/")
            && anonymous.contains("Anonymised for review")
    );
    let terminal = study.run(&["report", "--terminal"]);
    assert!(terminal.out.contains("The hypotheses\n---") && !terminal.out.contains('\u{1b}'));
    assert!(
        study
            .run(&["report", "--markdown"])
            .out
            .starts_with("# The Politics of Alliance Cohesion")
    );
}

#[test]
fn simulate_draws_the_same_rows_from_the_same_plan() {
    let study = Study::new();
    assert_eq!(
        study
            .run(&["simulate", "--rows", "1502", "--out", "again.csv"])
            .code,
        0
    );
    let read = |file: &str| std::fs::read(study.path(file)).unwrap();
    assert_eq!(read("again.csv"), read("data/responses.csv"));
    assert_eq!(
        study
            .run(&["simulate", "--rows", "50", "--shape", "csv", "--out", "plain.csv"])
            .code,
        0
    );
    assert!(
        String::from_utf8(read("plain.csv"))
            .unwrap()
            .starts_with("action,age,approval")
    );
}

#[test]
fn explain_knows_every_code_and_its_slug() {
    let study = Study::new();
    let all = study.run(&["explain"]).out;
    assert!(all.lines().count() > 80);
    for line in all.lines() {
        let (code, slug) = line.split_once(' ').unwrap();
        let outcome = study.run(&["explain", code]);
        assert_eq!(outcome.code, 0);
        assert!(
            outcome.out.contains(slug) && outcome.out.len() > 60,
            "{code}: {}",
            outcome.out
        );
    }
    assert_eq!(study.run(&["explain", "D999"]).code, 2);
}

#[test]
fn json_and_colour_are_what_was_asked_for() {
    let study = Study::new();
    let outcome = study.run(&["run", "--format", "json"]);
    let record: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(record["format_version"], 1);
    let outcome = study.run(&["check", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&outcome.out).unwrap();
    assert_eq!(answer["holds"], true);
    assert!(study.run(&["--color", "always"]).out.contains("\u{1b}[1;32m"));
    assert!(!study.run(&[]).out.contains('\u{1b}'));
    assert_eq!(study.run(&["nonsense"]).code, 2);
}

#[test]
fn a_number_that_is_only_expected_is_locked_too() {
    let study = Study::new();
    study.edit("prereg/registration.yaml", "base: 3.2", "base: 3.1");
    study.edit(
        "prereg/registration.yaml",
        "\"us_response[sanctions]\": 1.5",
        "\"us_response[sanctions]\": 1.6",
    );
    let outcome = study.run(&[]);
    assert_eq!(outcome.code, 1, "{}{}", outcome.out, outcome.err);
    let report = std::fs::read_to_string(study.path("reports/report.html")).unwrap();
    for words in [
        "design.expected.approval.base (3.2 → 3.1)",
        "design.expected.approval.effects.us_response[sanctions] (1.5 → 1.6)",
        "prereg/registration.yaml:29:",
    ] {
        assert!(report.contains(words), "{words}");
    }
}

fn ledger(study: &Study) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(study.path("prereg/ledger.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn every_analysis_is_recorded_once_and_the_chain_is_checked() {
    let study = Study::new();
    assert_eq!(study.run(&[]).code, 0);
    let first = std::fs::read(study.path("reports/report.html")).unwrap();
    assert_eq!(study.record()["ledger"]["analysis"], 1);
    assert_eq!(study.run(&[]).code, 0);
    assert_eq!(ledger(&study).len(), 1, "the same analysis again is no other one");
    assert_eq!(std::fs::read(study.path("reports/report.html")).unwrap(), first);

    study.edit(
        "pipeline.yaml",
        "analysis: {}",
        "analysis: {models: {approval: {vcov: HC1}}}",
    );
    assert_eq!(study.run(&[]).code, 1);
    let record = study.record();
    assert_eq!(record["ledger"]["analysis"], 2);
    assert_eq!(record["ledger"]["as_registered"], serde_json::Value::Null);
    let printed = study.run(&["ledger"]);
    assert_eq!(printed.code, 0, "{}", printed.err);
    assert!(
        printed
            .out
            .contains("with departures from the registered plan: deviates undisclosed")
    );
    study.edit("pipeline.yaml", "{models: {approval: {vcov: HC1}}}", "{}");
    assert_eq!(study.run(&[]).code, 0);
    assert_eq!(std::fs::read(study.path("reports/report.html")).unwrap(), first);
    assert_eq!(ledger(&study).len(), 2);

    assert_eq!(study.run(&["archive"]).code, 0);
    let verified = study.run(&["verify", "bundle.zip"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);

    let whole = std::fs::read(study.path("prereg/ledger.jsonl")).unwrap();
    study.write("prereg/ledger.jsonl", &whole[..whole.len() - 20]);
    study.edit(
        "pipeline.yaml",
        "analysis: {}",
        "analysis: {models: {approval: {vcov: HC3}}}",
    );
    let mended = study.run(&[]);
    assert!(mended.err.contains("was cut off after"), "{}", mended.err);
    assert_eq!(ledger(&study).len(), 2);
    assert_eq!(study.run(&["ledger"]).code, 0);

    let text = String::from_utf8(std::fs::read(study.path("prereg/ledger.jsonl")).unwrap()).unwrap();
    study.write("prereg/ledger.jsonl", text.split_once('\n').unwrap().1.as_bytes());
    assert_eq!(study.run(&["ledger"]).code, 1);
    study.edit("pipeline.yaml", "{models: {approval: {vcov: HC3}}}", "{}");
    caught(&study, "ledger-edited", "prereg/ledger.jsonl");
    std::fs::remove_file(study.path("prereg/ledger.jsonl")).unwrap();
    assert_eq!(study.run(&["ledger"]).code, 2);
}

#[test]
fn an_amendment_after_results_is_told_by_the_ledger() {
    let study = Study::new();
    study.edit("pipeline.yaml", "provenance: simulated", "provenance: collected");
    assert_eq!(study.run(&[]).code, 0);
    study.edit("prereg/registration.yaml", "minimum: 1500", "minimum: 1400");
    let amended = study.run(&["lock", "--amend", "--reason", "a smaller panel"]);
    assert_eq!(amended.code, 0, "{}", amended.err);
    caught(&study, "amended-after-results", "prereg/ledger.jsonl");
    assert_eq!(ledger(&study)[1]["entry"], "amendment");

    let fresh = Study::new();
    fresh.edit("pipeline.yaml", "provenance: simulated", "provenance: collected");
    std::fs::remove_file(fresh.path("prereg/lock.json")).unwrap();
    assert_eq!(fresh.run(&[]).code, 2);
    assert_eq!(fresh.run(&["lock"]).code, 0);
    caught(&fresh, "registered-after-access", "prereg/ledger.jsonl");
    std::fs::remove_file(fresh.path("prereg/lock.json")).unwrap();
    assert_eq!(fresh.run(&["lock"]).code, 0);
    study.write(
        "prereg/lock.json",
        &std::fs::read(fresh.path("prereg/lock.json")).unwrap(),
    );
    assert_eq!(study.run(&[]).code, 1);
    assert!(
        study.slugs().iter().any(|s| s == "lock-missing"),
        "{:?}",
        study.slugs()
    );
}

#[test]
fn a_draft_of_disclosures_names_what_was_found_and_is_refused_until_it_is_filled_in() {
    let study = Study::new();
    study.edit(
        "pipeline.yaml",
        "analysis: {}",
        "analysis: {models: {approval: {vcov: HC1}}, tests: {H1.any: {alpha: 0.1}}}",
    );
    let drafted = study.run(&["run", "--draft-disclosures"]);
    assert_eq!(drafted.code, 1);
    assert!(
        drafted
            .out
            .contains("- deviation: D031 vcov-changed\n    of: 'models.approval.vcov'\n"),
        "{}",
        drafted.out
    );
    assert_eq!(drafted.out.matches("- deviation:").count(), 2);
    study.edit("pipeline.yaml", "disclosures: []\n", &drafted.out);
    let blank = study.run(&[]);
    assert_eq!(blank.code, 2, "{}", blank.out);
    let filled = drafted
        .out
        .replace("reason: ", "reason: reviewer ")
        .replace("decided: ", "decided: after_results ")
        .replace("explanation: ", "explanation: asked for ")
        .replace("impact: ", "impact: none ");
    study.edit("pipeline.yaml", &drafted.out, &filled);
    let disclosed = study.run(&[]);
    assert_eq!(disclosed.code, 0, "{}{}", disclosed.out, disclosed.err);
    assert_eq!(study.record()["verdict"], "deviates_disclosed");
    assert!(
        study
            .run(&["run", "--draft-disclosures"])
            .out
            .starts_with("disclosures: []")
    );
}

#[test]
fn two_registrations_are_compared_field_by_field() {
    let study = Study::new();
    let registration = std::fs::read_to_string(study.path("prereg/registration.yaml")).unwrap();
    let changed = registration.replace("label: Age in years", "label: Age").replace(
        "approval ~ us_response, vcov: HC2",
        "approval ~ us_response + age, vcov: HC1",
    );
    study.write("prereg/changed.yaml", changed.as_bytes());
    let same = study.run(&["diff", "prereg/lock.json", "prereg/registration.yaml"]);
    assert_eq!(same.code, 0, "{}{}", same.out, same.err);
    let diff = study.run(&["diff", "prereg/lock.json", "prereg/changed.yaml"]);
    assert_eq!(diff.code, 1, "{}", diff.err);
    for words in [
        "models.approval.vcov  D031 vcov-changed",
        "D070 covariate-added",
        "HC2",
        "→  HC1",
        "2 differences.",
    ] {
        assert!(diff.out.contains(words), "{words}: {}", diff.out);
    }
    let json = study.run(&[
        "diff",
        "prereg/registration.yaml",
        "prereg/changed.yaml",
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["holds"], false);
    assert_eq!(json["changes"].as_array().unwrap().len(), 2);
    assert_eq!(
        study.run(&["diff", "prereg/lock.json", "prereg/none.yaml"]).code,
        2
    );

    study.write("prereg/registration.yaml", changed.as_bytes());
    assert_eq!(study.run(&["lock", "--amend", "--reason", "age matters"]).code, 0);
    study.run(&[]);
    let record = study.record();
    let changes = record["lock"]["amendments"][0]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2, "{changes:?}");
}
