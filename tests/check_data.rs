//! `check --data`: a file held to the codebook, and looked through for personal data, without running anything.

use assert_cmd::Command;

const REGISTRATION: &str = r#"asregistered: 1
study: {id: s, title: S, authors: [{name: Nobody}], timing: before_collection}
design: {kind: between_subjects, unit: id, allocation: independent}
variables:
  id: {role: id, label: Id, pattern: "R_[A-Za-z0-9]{4}"}
  arm: {role: factor, label: Arm, levels: {a: A, b: B}, reference: a, probability: equal}
  y: {role: outcome, label: Y, scale: {min: 1, max: 7}, whole: true}
missing: {outcome: drop_from_test}
models: {m: {estimator: ols, formula: y ~ arm, vcov: HC2}}
tests: {t: {model: m, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}}
hypotheses: {H: {statement: It differs., status: primary, corroborated_if: t, contradicted_if: not t}}
"#;

struct Outcome {
    code: i32,
    out: String,
    err: String,
}

fn check(data: &str, more: &[&str]) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        asregistered::source::write_whole(&folder.path().join(name), text.as_bytes()).unwrap();
    };
    write("registration.yaml", REGISTRATION);
    write("data.csv", data);
    write(
        "p.yaml",
        "asregistered: 1\nregistration: registration.yaml\ndata:\n  path: data.csv\n  provenance: collected\n  \
         values: {arm: {\"2\": b}}\n  missing_codes: {y: [-9]}\n",
    );
    let output = Command::cargo_bin("asregistered")
        .unwrap()
        .current_dir(folder.path())
        .args([
            "check",
            "--registration",
            "registration.yaml",
            "--data",
            "data.csv",
        ])
        .args(more)
        .output()
        .unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 3, "nothing is written");
    Outcome {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_file_as_registered_holds() {
    let found = check("id,arm,y\nR_ab12,a,1\nR_cd34,B,7\n", &[]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.out.contains("2 rows") && found.out.contains("Every cell is as registered"));
}

#[test]
fn every_violation_is_listed_with_its_rows_and_counted() {
    let mut data = String::from("id,arm,y\n");
    for row in 0..12 {
        data.push_str(&format!("R_x{row:03},c,9\n"));
    }
    data.push_str("nobody,a,2.5\n");
    let found = check(&data, &[]);
    assert_eq!(found.code, 1);
    for words in [
        "12 cells of `arm` (variable `arm`) are levels that are not registered: line 2: 'c'",
        "12 cells of `y` (variable `y`) are numbers beyond the registered scale",
        "1 cells of `id` (variable `id`) are texts that do not match the registered pattern: line 14: 'nobody'",
        "1 cells of `y` (variable `y`) are fractions where whole numbers are registered: line 14: '2.5'",
    ] {
        assert!(found.err.contains(words), "{words}\n{}", found.err);
    }
    assert!(found.err.contains("line 11: 'c', …") && !found.err.contains("line 12: 'c'"));
}

#[test]
fn a_pipeline_maps_first_and_json_tells_every_change() {
    let data = "id,arm,y\nR_ab12,2,-9\nR_cd34,a,7\n";
    assert_eq!(check(data, &[]).code, 1);
    let found = check(data, &["--pipeline", "p.yaml", "--format", "json"]);
    assert_eq!(found.code, 0, "{}{}", found.out, found.err);
    let answer: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    assert_eq!(answer["holds"], true);
    assert_eq!(answer["cells"][0]["rule"], "mapped");
    assert_eq!(answer["cells"][1]["rule"], "missing_code");
}

#[test]
fn personal_data_are_warned_of_and_never_shown() {
    let data = "id,arm,y,contact\nR_ab12,a,1,ann@example.org\nR_cd34,b,7,bob@example.org\n";
    assert_eq!(check(data, &[]).code, 0);
    let found = check(data, &["--privacy"]);
    assert_eq!(found.code, 1);
    assert!(found.err.contains("column `contact` may hold e-mail addresses"));
    assert!(!found.err.contains("ann@"));
}
