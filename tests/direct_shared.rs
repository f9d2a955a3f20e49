//! What the oracle of two-sample and rank tests holds beyond `tests/direct.rs`: tables, proportions, other treatments of
//! ties and continuity, permutations; and that no quantity of it is passed over.
//!
//! Tolerances: 1e-9 relative, 1e-6 for p on the log scale.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::Outcomes;
use asregistered::record::{FactorFacts, LevelFacts, TestResult};
use reference::{SURVEY, analyse, close, close_p, each, json, near, shared};
use serde_json::Value;
use std::collections::BTreeSet;

const FILE: &str = "oracles/06_two_sample_and_rank_tests.json";
const SIDES: [&str; 3] = ["two_sided", "greater", "less"];

/// The quantities of the oracle by where they are held.
const HERE: [&str; 19] = [
    "fisher_exact_2x2",
    "fisher_exact_2x2_p_greater",
    "fisher_exact_2x2_p_less",
    "fisher_conditional_mle_or_ci",
    "fisher_exact_rxc",
    "binomial_exact",
    "clopper_pearson",
    "wilson",
    "mannwhitney_normal_no_continuity",
    "mannwhitney_normal_no_continuity_p_greater",
    "mannwhitney_normal_no_continuity_p_less",
    "mannwhitney_normal_no_continuity_z",
    "mannwhitney_exact_conditional_on_ties",
    "permutation_diff_means_exact_two_sided",
    "permutation_diff_means_exact_greater",
    "permutation_n_arrangements",
    "welch_ci90",
    "chisq_gof_equal",
    "table_rowmajor",
];
const IN_DIRECT: [&str; 20] = [
    "x",
    "y",
    "tied_x",
    "tied_y",
    "welch_t",
    "welch_t_p_greater",
    "welch_t_p_less",
    "student_t",
    "mannwhitney_normal_continuity",
    "mannwhitney_normal_continuity_p_greater",
    "mannwhitney_normal_continuity_p_less",
    "prob_superiority",
    "tost_welch_pm0.2",
    "tost_welch_pm0.5",
    "tost_student_pm0.2",
    "tost_student_pm0.5",
    "kruskal_wallis",
    "welch_anova",
    "anova_F",
    "chisq_no_correction",
];
/// Yates' in `tests/direct.rs`; effect sizes are a quantity of their own; scipy's two-sided permutation p is twice the
/// smaller tail, and the registered one counts |difference|, as R and coin.
const ELSEWHERE: [&str; 3] = [
    "chisq_yates",
    "cohens_d_hedges_g",
    "permutation_diff_means_scipy_two_sided(2*min tail)",
];

#[test]
fn no_quantity_of_the_oracle_is_passed_over() {
    let Some(oracle) = json(FILE) else { return };
    let cases = oracle["cases"].as_object().unwrap();
    let keys = |case: &Value| -> Vec<String> { case.as_object().unwrap().keys().cloned().collect() };
    let found: BTreeSet<String> = cases.values().flat_map(keys).collect();
    let known = HERE.iter().chain(&IN_DIRECT).chain(&ELSEWHERE);
    assert_eq!(found, known.map(|k| (*k).to_owned()).collect());
}

/// The tests of a registration on rows that are written out.
fn run(head: &str, body: &str, csv: &str) -> Outcomes {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, csv).unwrap();
    let text = format!(
        "asregistered: 1\nstudy: {{id: shared, timing: after_access}}\n{head}missing: {{outcome: fail}}\n{body}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: t.two_sided}}}}\n"
    );
    analyse(&text, &path)
}

fn test<'o>(outcomes: &'o Outcomes, id: &str) -> &'o TestResult {
    let found = &outcomes.tests[id];
    assert_eq!(found.note, None, "{id}");
    found
}

const GROUPS: [&str; 4] = ["a", "b", "c", "d"];

/// A table as rows, a row of counts a group; the outcome's values are the columns' positions.
fn table(counts: &[&[usize]], body: &str) -> Outcomes {
    let mut csv = String::from("y,g\n");
    for (group, row) in GROUPS.iter().zip(counts) {
        for (value, count) in row.iter().enumerate() {
            csv.push_str(&format!("{value},{group}\n").repeat(*count));
        }
    }
    let levels = &GROUPS[..counts.len()];
    let head = format!(
        "design: {{kind: between_subjects}}\nvariables: {{y: {{role: outcome}}, g: {{role: factor, levels: [{}]}}}}\n",
        levels.join(", ")
    );
    let models = "models: {m: {estimator: fisher_exact, formula: y ~ g, vcov: none}}\n";
    run(&head, &format!("{models}tests:\n{body}"), &csv)
}

const ODDS: &str = "  t.two_sided: {model: m, of: g, contrast: b - a, alternative: two_sided, alpha: 0.05}
  t.greater: {model: m, of: g, contrast: b - a, alternative: greater, alpha: 0.05}
  t.less: {model: m, of: g, contrast: b - a, alternative: less, alpha: 0.05}
  t.joint: {model: m, joint: g, alpha: 0.05}
";

#[test]
fn fishers_exact_test() {
    let Some(oracle) = json(FILE) else { return };
    let cases = &oracle["cases"];
    let mut compared = 0;
    for (case, counts) in [
        ("approve_x_treaty", [[466, 302], [450, 284]]),
        ("tea_tasting_2x2(3,1,1,3)", [[3, 1], [1, 3]]),
        ("zero_cell_2x2(8,2,0,5)", [[8, 0], [2, 5]]),
    ] {
        let outcomes = table(&[&counts[0], &counts[1]], ODDS);
        for (key, id) in [
            ("fisher_exact_2x2", "t.two_sided"),
            ("fisher_exact_2x2", "t.joint"),
            ("fisher_exact_2x2_p_greater", "t.greater"),
            ("fisher_exact_2x2_p_less", "t.less"),
        ] {
            for (engine, _, expected) in each(&cases[case][key]) {
                close_p(
                    test(&outcomes, id).p_value.unwrap(),
                    expected,
                    &format!("{case} {key} {engine}"),
                );
                compared += 1;
            }
        }
        // R's root is good to 1e-4 of itself, or of its reciprocal; scipy's to 1e-6.
        let odds = test(&outcomes, "t.two_sided");
        for (engine, term, expected) in each(&cases[case]["fisher_conditional_mle_or_ci"]) {
            let ours = match term.as_str() {
                "lo" => odds.conf_low,
                "hi" => odds.conf_high,
                _ => odds.estimate,
            };
            let tolerance = if engine.contains("scipy") { 1e-6 } else { 1e-2 };
            near(
                ours.unwrap(),
                expected,
                tolerance,
                &format!("{case} {term} {engine}"),
            );
            compared += 1;
        }
    }
    let joint = "  t.two_sided: {model: m, joint: g, alpha: 0.05}\n";
    let job: [&[usize]; 4] = [&[1, 3, 10, 6], &[2, 3, 10, 7], &[1, 6, 14, 12], &[0, 1, 9, 11]];
    let small: [&[usize]; 2] = [&[4, 0, 5], &[1, 2, 3]];
    for (case, outcomes) in [
        ("job_satisfaction_4x4(Agresti)", table(&job, joint)),
        ("small_2x3(col-major 4,1,0,2,5,3)", table(&small, joint)),
    ] {
        for (engine, _, expected) in each(&cases[case]["fisher_exact_rxc"]) {
            let p = test(&outcomes, "t.two_sided").p_value.unwrap();
            match engine.contains("Monte Carlo") {
                true => assert!((p - expected).abs() < 2e-3, "{p}"),
                false => close_p(p, expected, case),
            }
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn one_proportion() {
    let Some(oracle) = json(FILE) else { return };
    let mut compared = 0;
    for (case, ones, rows) in [
        ("proportion_45_of_100", 45, 100),
        ("proportion_0_of_20", 0, 20),
        ("proportion_301_of_1502", 301, 1502),
    ] {
        let csv = format!("y\n{}{}", "1\n".repeat(ones), "0\n".repeat(rows - ones));
        let body = "models:
  exact: {estimator: binomial, formula: y ~ 1, vcov: none}
  score: {estimator: one_proportion, formula: y ~ 1, vcov: none}
tests:
  t.two_sided: {model: exact, parameter: proportion, null: 0.5, alternative: two_sided, alpha: 0.05}
  t.score: {model: score, parameter: proportion, null: 0.5, alternative: two_sided, alpha: 0.05}
";
        let head = "design: {kind: observational}\nvariables: {y: {role: outcome}}\n";
        let outcomes = run(head, body, &csv);
        for (key, id) in [
            ("binomial_exact", "t.two_sided"),
            ("clopper_pearson", "t.two_sided"),
            ("wilson", "t.score"),
        ] {
            let found = test(&outcomes, id);
            for (engine, term, expected) in each(&oracle["cases"][case][key]) {
                let what = format!("{case} {key} {term} {engine}");
                match term.as_str() {
                    "p" => close_p(found.p_value.unwrap(), expected, &what),
                    "lo" if expected == 0.0 => assert_eq!(found.conf_low, Some(0.0), "{what}"),
                    "lo" => close(found.conf_low.unwrap(), expected, &what),
                    _ => close(found.conf_high.unwrap(), expected, &what),
                }
                compared += 1;
            }
        }
    }
    assert!(compared >= 30, "{compared}");
}

/// Models and tests of two groups under the treatments of ties and continuity that `tests/direct.rs` has not.
fn treatments(outcome: &str, factor: &str, contrast: &str, subset: &str, exact: bool) -> String {
    let more = match exact {
        true => format!(
            "  exact: {{estimator: mann_whitney_exact, formula: {outcome} ~ {factor}, vcov: none}}
  means: {{estimator: ols, formula: {outcome} ~ {factor}, vcov: classical}}\n"
        ),
        false => String::new(),
    };
    let mut body = format!(
        "models:
  plain: {{estimator: mann_whitney_uncorrected, formula: {outcome} ~ {factor}, vcov: none{subset}}}
  welch: {{estimator: difference_in_means, formula: {outcome} ~ {factor}, vcov: HC2{subset}}}
{more}tests:
  t.two_sided: {{model: welch, of: {factor}, contrast: {contrast}, alternative: two_sided, conf_level: 0.9, alpha: 0.05}}
"
    );
    for side in SIDES {
        let words = format!("of: {factor}, contrast: {contrast}, alternative: {side}, alpha: 0.05");
        body.push_str(&format!("  plain.{side}: {{model: plain, {words}}}\n"));
        if exact {
            body.push_str(&format!("  exact.{side}: {{model: exact, {words}}}\n"));
            body.push_str(&format!("  means.{side}: {{model: means, {words}, randomization: {{draws: 100, statistic: estimate}}}}\n"));
        }
    }
    body
}

fn compare(case: &Value, outcomes: &Outcomes, name: &str) -> usize {
    let mut compared = 0;
    for (key, id) in [
        ("mannwhitney_normal_no_continuity", "plain.two_sided"),
        ("mannwhitney_normal_no_continuity_z", "plain.two_sided"),
        ("mannwhitney_normal_no_continuity_p_greater", "plain.greater"),
        ("mannwhitney_normal_no_continuity_p_less", "plain.less"),
        ("mannwhitney_exact_conditional_on_ties", "exact.two_sided"),
        ("permutation_diff_means_exact_two_sided", "means.two_sided"),
        ("permutation_diff_means_exact_greater", "means.greater"),
        ("permutation_n_arrangements", "means.two_sided"),
        ("welch_ci90", "t.two_sided"),
    ] {
        for (engine, term, expected) in each(&case[key]) {
            let (found, what) = (test(outcomes, id), format!("{name} {key} {term} {engine}"));
            match term.as_str() {
                "p" => close_p(found.p_value.unwrap(), expected, &what),
                "U1" => close(found.statistic.unwrap(), expected, &what),
                "lo" => close(found.conf_low.unwrap(), expected, &what),
                "hi" => close(found.conf_high.unwrap(), expected, &what),
                "value" => {
                    let method: String = found
                        .method
                        .iter()
                        .flat_map(|m| m.chars())
                        .filter(|c| *c != ',')
                        .collect();
                    assert!(method.contains(&expected.to_string()), "{what}: {method}");
                }
                _ => continue,
            }
            compared += 1;
        }
    }
    compared
}

#[test]
fn other_treatments_of_ties_and_continuity() {
    let (Some(oracle), Some(csv)) = (json(FILE), shared("oracles/data_1502.csv")) else {
        return;
    };
    let cases = &oracle["cases"];
    let mut compared = 0;
    let hypothesis = "hypotheses: {H: {statement: s, status: primary, corroborated_if: t.two_sided}}\n";
    for arm in ["denounce", "sanctions", "reduce_aid", "terminate"] {
        let subset = format!(", subset: \"us_response = '{arm}' or us_response = 'status_quo'\"");
        let body = treatments(
            "approval",
            "us_response",
            &format!("{arm} - status_quo"),
            &subset,
            false,
        );
        let outcomes = analyse(&format!("{SURVEY}{body}{hypothesis}"), &csv);
        compared += compare(&cases[format!("approval_{arm}_vs_status_quo")], &outcomes, arm);
    }
    let any = SURVEY.replace("denounce, sanctions, reduce_aid, terminate", "any");
    let pooled = std::fs::read_to_string(&csv).unwrap();
    let arms = ["denounce", "sanctions", "reduce_aid", "terminate"].map(|arm| format!(",{arm},"));
    let pooled = arms.iter().fold(pooled, |text, arm| text.replace(arm, ",any,"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pooled.csv");
    std::fs::write(&path, pooled).unwrap();
    let body = treatments("approval", "us_response", "any - status_quo", "", false);
    let outcomes = analyse(&format!("{any}{body}{hypothesis}"), &path);
    compared += compare(&cases["approval_any_vs_status_quo"], &outcomes, "any");
    for (case, x, y) in [("small_xy", "x", "y"), ("small_tied", "tied_x", "tied_y")] {
        let mut rows = String::from("y,arm\n");
        for (arm, key) in [("x", x), ("y", y)] {
            let data = &cases["small_data"][key]["implementations"]["data"];
            for value in (1..).map_while(|i: usize| data[i.to_string()].as_f64()) {
                rows.push_str(&format!("{value},{arm}\n"));
            }
        }
        let head = "design: {kind: between_subjects, allocation: complete}
variables:
  y: {role: outcome}
  arm: {role: factor, levels: [x, y], reference: y, probability: equal}
";
        let outcomes = run(head, &treatments("y", "arm", "x - y", "", true), &rows);
        compared += compare(&cases[case], &outcomes, case);
    }
    assert!(compared > 60, "{compared}");
}

#[test]
fn the_allocation_of_the_arms() {
    let (Some(oracle), Some(csv)) = (json(FILE), shared("oracles/data_1502.csv")) else {
        return;
    };
    let text = std::fs::read_to_string(csv).unwrap();
    let arm = |line: &str| line.split(',').nth(5).unwrap().to_owned();
    let arms: Vec<String> = text.lines().skip(1).map(arm).collect();
    let distinct: BTreeSet<&String> = arms.iter().collect();
    let mut facts = FactorFacts {
        factor: String::from("us_response"),
        levels: distinct
            .iter()
            .map(|level| LevelFacts {
                level: (*level).clone(),
                probability: Some(0.2),
                rows: arms.iter().filter(|a| a == level).count() as u64,
            })
            .collect(),
        blocks: Vec::new(),
        statistic: None,
        df: None,
        p_value: None,
    };
    asregistered::inference::allocation(&mut facts);
    let mut compared = 0;
    for (engine, term, expected) in each(&oracle["cases"]["arm_balance_us_response"]["chisq_gof_equal"]) {
        let found = match term.as_str() {
            "chi2" => facts.statistic,
            "df" => facts.df,
            _ => facts.p_value,
        };
        close(found.unwrap(), expected, &format!("{term} {engine}"));
        compared += 1;
    }
    assert_eq!(compared, 6);
}
