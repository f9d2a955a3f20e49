//! Tests that need no model, from the registration to the record, against R and scipy.
//!
//! Tolerances: 1e-9 relative, 1e-6 for p on the log scale.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::Outcomes;
use asregistered::record::TestResult;
use reference::{SURVEY, analyse, close, close_p, each, json, shared};
use serde_json::Value;
use std::path::Path;

const SIDES: [&str; 3] = ["two_sided", "greater", "less"];

/// The tests of two groups under every alternative, and equivalence within ±0.2 and ±0.5.
fn pairs(id: &str, outcome: &str, factor: &str, contrast: &str) -> (String, String) {
    let (mut models, mut tests) = (String::new(), String::new());
    for (name, estimator, vcov) in [
        ("welch", "difference_in_means", "HC2"),
        ("student", "student_t", "none"),
        ("ranks", "mann_whitney", "none"),
    ] {
        models.push_str(&format!(
            "  {id}.{name}: {{estimator: {estimator}, formula: {outcome} ~ {factor}, vcov: {vcov}}}\n"
        ));
        let base =
            format!("{{model: {id}.{name}, of: {factor}, contrast: {contrast}, alpha: 0.05, alternative:");
        for side in SIDES {
            tests.push_str(&format!("  {id}.{name}.{side}: {base} {side}}}\n"));
        }
        for margin in ["0.2", "0.5"] {
            if name != "ranks" {
                tests.push_str(&format!(
                    "  {id}.{name}.tost{margin}: {base} {{equivalent: {{low: -{margin}, high: {margin}}}}}}}\n"
                ));
            }
        }
    }
    (models, tests)
}

fn compare_pairs(case: &Value, outcomes: &Outcomes, id: &str, first_mean: bool) -> usize {
    let test = |name: &str| -> &TestResult { &outcomes.tests[&format!("{id}.{name}")] };
    let mut compared = 0;
    for (key, name) in [("welch_t", "welch"), ("student_t", "student")] {
        for (engine, term, expected) in each(&case[key]) {
            let (t, what) = (
                test(&format!("{name}.two_sided")),
                format!("{id} {key} {term} by {engine}"),
            );
            assert_eq!(t.note, None);
            match term.as_str() {
                "t" => close(t.statistic.unwrap(), expected, &what),
                "df" => close(t.df.as_ref().unwrap()[0], expected, &what),
                "p" => close_p(t.p_value.unwrap(), expected, &what),
                "lo" => close(t.conf_low.unwrap(), expected, &what),
                "hi" => close(t.conf_high.unwrap(), expected, &what),
                _ => continue,
            }
            compared += 1;
        }
        for margin in ["0.2", "0.5"] {
            for (engine, term, expected) in
                each(&case[format!("tost_{key}_pm{margin}").replace("_t_pm", "_pm")])
            {
                if term == "p" {
                    let t = test(&format!("{name}.tost{margin}"));
                    close_p(
                        t.p_value.unwrap(),
                        expected,
                        &format!("{id} TOST {margin} by {engine}"),
                    );
                    assert!((t.conf_level - 0.9).abs() < 1e-12);
                    compared += 1;
                }
            }
        }
    }
    for side in ["greater", "less"] {
        for (engine, _, expected) in each(&case[format!("welch_t_p_{side}")]) {
            let t = test(&format!("welch.{side}"));
            close_p(
                t.p_value.unwrap(),
                expected,
                &format!("{id} welch {side} by {engine}"),
            );
            compared += 1;
        }
    }
    if first_mean {
        for (engine, term, expected) in each(&case["mannwhitney_normal_continuity"]) {
            let t = test("ranks.two_sided");
            assert!(t.method.as_ref().unwrap().contains("normal"), "{:?}", t.method);
            let what = format!("{id} Mann–Whitney {term} by {engine}");
            match term.as_str() {
                "U1" => close(t.statistic.unwrap(), expected, &what),
                _ => close_p(t.p_value.unwrap(), expected, &what),
            }
            compared += 1;
        }
        for side in ["greater", "less"] {
            for (engine, _, expected) in each(&case[format!("mannwhitney_normal_continuity_p_{side}")]) {
                let t = test(&format!("ranks.{side}"));
                close_p(
                    t.p_value.unwrap(),
                    expected,
                    &format!("{id} Mann–Whitney {side} by {engine}"),
                );
                compared += 1;
            }
        }
        for (engine, _, expected) in each(&case["prob_superiority"]) {
            let t = test("ranks.two_sided");
            close(
                t.estimate.unwrap(),
                expected,
                &format!("{id} superiority by {engine}"),
            );
            compared += 1;
        }
    }
    compared
}

#[test]
fn two_groups_of_the_survey() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/06_two_sample_and_rank_tests.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    let arms = ["denounce", "sanctions", "reduce_aid", "terminate"];
    for arm in arms {
        let (m, t) = pairs(arm, "approval", "us_response", &format!("{arm} - status_quo"));
        models.push_str(&m.replace(
            ", vcov",
            &format!(", subset: \"us_response = '{arm}' or us_response = 'status_quo'\", vcov"),
        ));
        tests.push_str(&t);
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: denounce.welch.greater}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for arm in arms {
        let case = &oracle["cases"][format!("approval_{arm}_vs_status_quo")];
        compared += compare_pairs(case, &outcomes, arm, true);
    }
    assert!(compared > 150, "only {compared} numbers were compared");
}

#[test]
fn several_groups_and_tables() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/06_two_sample_and_rank_tests.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    let mut add = |id: String, estimator: &str, formula: String, factor: &str| {
        let vcov = if estimator == "ols" { "classical" } else { "none" };
        models.push_str(&format!(
            "  {id}: {{estimator: {estimator}, formula: {formula}, vcov: {vcov}}}\n"
        ));
        tests.push_str(
            &format!("  {id}: {{model: {id}, joint: {factor}, alpha: 0.05}}\n").replacen(
                &format!("{id}:"),
                &format!("t.{id}:"),
                1,
            ),
        );
    };
    let several = ["approval", "contribution"];
    let factors = ["us_response", "uncooperative_action", "treaty"];
    for y in several {
        for f in factors {
            for estimator in ["kruskal_wallis", "welch_anova", "ols"] {
                add(format!("{y}.{f}.{estimator}"), estimator, format!("{y} ~ {f}"), f);
            }
        }
    }
    for (y, f) in [
        ("approve", "treaty"),
        ("approve", "us_response"),
        ("gender", "education"),
        ("party", "us_response"),
    ] {
        add(format!("{y}.{f}.chi"), "chi_squared", format!("{y} ~ {f}"), f);
    }
    add(
        String::from("approve.treaty.yates"),
        "chi_squared_yates",
        String::from("approve ~ treaty"),
        "treaty",
    );
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: t.approve.treaty.chi}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    let mut check = |case: &str, key: &str, id: &str, p: bool| {
        for (engine, term, expected) in each(&oracle["cases"][case][key]) {
            let t = &outcomes.tests[&format!("t.{id}")];
            assert_eq!(t.note, None, "{id}");
            let what = format!("{case} {key} {term} by {engine}");
            let df = t.df.as_ref().unwrap();
            match term.as_str() {
                "H" | "F" | "chi2" => close(t.statistic.unwrap(), expected, &what),
                "df" | "df1" => close(df[0], expected, &what),
                "df2" => close(df[1], expected, &what),
                "p" if p => close_p(t.p_value.unwrap(), expected, &what),
                _ => continue,
            }
            compared += 1;
        }
    };
    for y in several {
        for f in factors {
            let case = format!("{y}_by_{f}");
            check(&case, "kruskal_wallis", &format!("{y}.{f}.kruskal_wallis"), true);
            check(&case, "welch_anova", &format!("{y}.{f}.welch_anova"), true);
            check(&case, "anova_F", &format!("{y}.{f}.ols"), true);
        }
    }
    for (y, f) in [
        ("approve", "treaty"),
        ("approve", "us_response"),
        ("gender", "education"),
        ("party", "us_response"),
    ] {
        check(
            &format!("{y}_x_{f}"),
            "chisq_no_correction",
            &format!("{y}.{f}.chi"),
            true,
        );
    }
    check("approve_x_treaty", "chisq_yates", "approve.treaty.yates", true);
    assert!(compared > 80, "only {compared} numbers were compared");
}

/// Two small groups as a CSV, from the oracle's own data.
fn small(oracle: &Value, x: &str, y: &str, folder: &Path) -> std::path::PathBuf {
    let values = |key: &str| -> Vec<f64> {
        let data = &oracle["cases"]["small_data"][key]["implementations"]["data"];
        (1..).map_while(|i: usize| data[i.to_string()].as_f64()).collect()
    };
    let mut csv = String::from("y,arm\n");
    for (arm, key) in [("x", x), ("y", y)] {
        values(key)
            .iter()
            .for_each(|v| csv.push_str(&format!("{v},{arm}\n")));
    }
    let path = folder.join("small.csv");
    std::fs::write(&path, csv).unwrap();
    path
}

const SMALL: &str = "
asregistered: 1
study: {id: small, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  arm: {role: factor, levels: [x, y], reference: y}
missing: {outcome: fail}
";

#[test]
fn small_groups_tied_and_exact() {
    let Some(oracle) = json("oracles/06_two_sample_and_rank_tests.json") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (case, x, y) in [("small_xy", "x", "y"), ("small_tied", "tied_x", "tied_y")] {
        let (models, tests) = pairs("s", "y", "arm", "x - y");
        let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: s.welch.greater}}\n";
        let text = format!("{SMALL}models:\n{models}tests:\n{tests}{one}");
        let outcomes = analyse(&text, &small(&oracle, x, y, folder.path()));
        // Tied groups are never exact, as in R.
        let tied = outcomes.tests["s.ranks.two_sided"]
            .method
            .as_ref()
            .unwrap()
            .contains("normal");
        let compared = compare_pairs(&oracle["cases"][case], &outcomes, "s", tied);
        assert!(compared > 25, "{case}: only {compared} numbers were compared");
    }
}

#[test]
fn exact_ranks_are_rs() {
    // R 4.2.2: wilcox.test(c(1.1, 2.3, 3.7, 4.2, 9.9), c(0.4, 1.9, 2.2, 2.8, 3.1, 5.5, 0.1))
    let (x, y) = ([1.1, 2.3, 3.7, 4.2, 9.9], [0.4, 1.9, 2.2, 2.8, 3.1, 5.5, 0.1]);
    let mut csv = String::from("y,arm\n");
    x.iter().for_each(|v| csv.push_str(&format!("{v},x\n")));
    y.iter().for_each(|v| csv.push_str(&format!("{v},y\n")));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("exact.csv");
    std::fs::write(&path, csv).unwrap();
    let (models, tests) = pairs("s", "y", "arm", "x - y");
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: s.welch.greater}}\n";
    let outcomes = analyse(&format!("{SMALL}models:\n{models}tests:\n{tests}{one}"), &path);
    for (side, expected) in [
        ("two_sided", 0.267_676_767_676_767_74),
        ("greater", 0.133_838_383_838_383_87),
        ("less", 0.898_989_898_989_899),
    ] {
        let test = &outcomes.tests[&format!("s.ranks.{side}")];
        assert_eq!(test.method.as_deref(), Some("Mann–Whitney, exact"));
        close(test.statistic.unwrap(), 25.0, "U");
        close(test.p_value.unwrap(), expected, side);
    }
}

#[test]
fn what_cannot_be_tested_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let run = |csv: &str| {
        let path = folder.path().join("bad.csv");
        std::fs::write(&path, csv).unwrap();
        let (models, tests) = pairs("s", "y", "arm", "x - y");
        let more = "  k: {estimator: kruskal_wallis, formula: y ~ arm, vcov: none}\n  c: {estimator: chi_squared, formula: y ~ arm, vcov: none}\n";
        let joint = "  k: {model: k, joint: arm, alpha: 0.05}\n  c: {model: c, joint: arm, alpha: 0.05}\n";
        let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: s.welch.greater}}\n";
        analyse(
            &format!("{SMALL}models:\n{models}{more}tests:\n{tests}{joint}{one}"),
            &path,
        )
    };
    let note = |outcomes: &Outcomes, id: &str| {
        outcomes.tests[id]
            .note
            .clone()
            .unwrap_or_else(|| String::from("ran"))
    };
    let one_alone = run("y,arm\n1,x\n2,y\n3,y\n");
    assert!(note(&one_alone, "s.welch.two_sided").starts_with("E002"));
    assert!(note(&one_alone, "s.student.two_sided").starts_with("E002"));
    let constant = run("y,arm\n2,x\n2,x\n2,x\n3,y\n3,y\n3,y\n");
    assert!(note(&constant, "s.student.two_sided").starts_with("E009"));
    assert!(note(&constant, "s.welch.two_sided").starts_with('E'));
    let tied = run("y,arm\n2,x\n2,x\n2,y\n2,y\n");
    for id in ["s.ranks.two_sided", "k", "c"] {
        assert!(note(&tied, id).starts_with('E'), "{id}: {}", note(&tied, id));
        assert_eq!(tied.tests[id].p_value, None);
    }
}
