//! Bayes factors against mpmath (ln BF₁₀ to 1e-9), BayesFactor and R's normal distribution (to 1e-6).
//!
//! BayesFactor's integrals over one side, or for a large t, stop at 4e-5, and it approximates some (NA in its error): mpmath is
//! the reference there.

mod reference;

use asregistered::estimate::bayes::{Side, jzs};
use asregistered::record::{Supports, TestResult};
use reference::{SURVEY, analyse, shared};
use std::collections::BTreeMap;

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = text.lines().filter(|l| !l.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').map(str::trim).collect())
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// How near BayesFactor's integrals are, whatever error they state: 1e-6, but for one side or a large t.
fn within(side: &str, t: f64) -> f64 {
    let exact = side == "two_sided" && t.abs() < 5.0;
    if exact { 1e-6 } else { 4e-5 }
}

fn side(word: &str) -> Side {
    match word {
        "greater" => Side::Above,
        "less" => Side::Below,
        _ => Side::Both,
    }
}

fn near(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!(
        (found - expected).abs() < tolerance,
        "{what}: ln BF {found} is not {expected}"
    );
}

#[test]
fn the_jzs_factor_is_mpmaths() {
    let mut compared = 0;
    for row in rows(include_str!("oracle/jzs.csv")) {
        let [word, t, df, size, scale, log] = row.as_slice() else {
            panic!("{row:?}")
        };
        let found = jzs(number(t), number(df), number(size), number(scale), side(word)).unwrap();
        near(found, number(log), 1e-9, &format!("{row:?}"));
        compared += 1;
    }
    assert!(compared > 80, "{compared}");
}

#[test]
fn the_jzs_factor_is_bayesfactors() {
    let mut compared = 0;
    for row in rows(include_str!("oracle/bayes_factors.csv")) {
        let [kind, word, t, df, size, scale, log, error] = row.as_slice() else {
            panic!("{row:?}")
        };
        if !matches!(*kind, "tstat" | "regression") || *error == "NA" {
            continue;
        }
        let found = jzs(number(t), number(df), number(size), number(scale), side(word)).unwrap();
        near(found, number(log), within(word, number(t)), &format!("{row:?}"));
        compared += 1;
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn a_factor_beyond_all_numbers_keeps_its_logarithm() {
    let far = jzs(100.0, 5000.0, 1250.0, 0.5, Side::Both).unwrap();
    assert!(far > 2000.0 && far.is_finite(), "{far}");
    let against = jzs(-30.0, 500.0, 125.0, 0.5, Side::Above).unwrap();
    assert!(against < -3.0 && against.is_finite(), "{against}");
}

#[test]
fn registered_factors_of_the_survey() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let models = "models:
  student: {estimator: student_t, formula: approval ~ us_response, vcov: none}
  denounce: {estimator: ols, formula: approval ~ us_response, vcov: classical, subset: \"us_response = 'denounce' or us_response = 'status_quo'\"}
  one_sample: {estimator: one_sample_t, formula: contribution ~ 1, vcov: none, subset: age < 25}
  paired: {estimator: paired_t, formula: contribution - approval ~ 1, vcov: none, subset: age < 25}
  regression: {estimator: ols, formula: contribution ~ age, vcov: classical}
  logit: {estimator: logit, formula: approve ~ us_response + age, vcov: classical}
";
    let mut tests = String::from("tests:\n");
    let mut expected: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for row in rows(include_str!("oracle/bayes_factors.csv")) {
        let [kind, id, t, _, _, scale, log, _] = row.as_slice() else {
            panic!("{row:?}")
        };
        let of_mean = matches!(*kind, "one_sample" | "paired");
        let alone = if of_mean { id } else { "two_sided" };
        let (arm, side) = id.split_once(' ').unwrap_or((id, alone));
        let tolerance = if *kind == "student" || of_mean {
            within(side, number(t))
        } else {
            1e-6
        };
        let contrast = format!("of: us_response, contrast: {arm} - status_quo, alternative: {side}");
        let prior = format!("bayes_factor: {{prior: jzs, scale: {scale}}}");
        let mut add = |name: String, test: String| {
            tests.push_str(&format!("  {name}: {{{test}, alpha: 0.05}}\n"));
            expected.insert(name, (number(log), tolerance));
        };
        match *kind {
            "student" => {
                add(
                    format!("student.{arm}.{side}"),
                    format!("model: student, {contrast}, {prior}"),
                );
                if arm == "denounce" {
                    // One-sided in the units of the standardised contrast: the same test by its model.
                    add(
                        format!("ols.{arm}.{side}"),
                        format!("model: denounce, {contrast}, {prior}"),
                    );
                }
            }
            "one_sample" | "paired" => {
                let (model, null) = if *kind == "paired" {
                    ("paired", "-1")
                } else {
                    ("one_sample", "3")
                };
                add(
                    format!("{kind}.{id}.{scale}"),
                    format!("model: {model}, parameter: mean, null: {null}, alternative: {id}, {prior}"),
                );
            }
            "regression" => add(
                String::from("regression.age"),
                format!("model: regression, coefficient: age, alternative: two_sided, {prior}"),
            ),
            "logit" => add(
                format!("logit.{arm}.{side}"),
                format!(
                    "model: logit, {contrast}, scale: link, average: observed, null: 0.1, bayes_factor: {{prior: normal, mean: 0.2, sd: 0.5}}"
                ),
            ),
            _ => {}
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: regression.age}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    for (name, (expected, error)) in &expected {
        let result: &TestResult = &outcomes.tests[name];
        let factor = result.bayes_factor.as_ref().unwrap();
        let found = factor.log_bf10.unwrap_or(f64::NAN);
        near(found, *expected, *error, name);
        let bf10 = factor.bf10.unwrap();
        assert!((bf10.ln() - found).abs() < 1e-12, "{name}");
        assert_eq!(factor.supports, None, "it is reported, not registered to decide");
    }
    assert!(expected.len() > 20, "{}", expected.len());
}

#[test]
fn a_test_that_decides_by_its_factor_rejects_by_it_alone() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let base = "model: student, of: us_response, alternative: two_sided, alpha: 0.05, bayes_factor: {prior: jzs, scale: 0.7071}";
    let mut tests = String::from("tests:\n");
    for (name, arm, at_least) in [
        ("alternative", "terminate", "10000"),
        ("neither", "terminate", "20000"),
        ("null", "reduce_aid", "9"),
        ("open", "reduce_aid", "10"),
    ] {
        tests.push_str(&format!(
            "  {name}: {{{base}, contrast: {arm} - status_quo, decide: {{bayes_factor: {{at_least: {at_least}}}}}}}\n"
        ));
    }
    let models = "models: {student: {estimator: student_t, formula: approval ~ us_response, vcov: none}}\n";
    let hypotheses = "hypotheses:
  H: {statement: s, status: primary, corroborated_if: alternative and not neither}
";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{hypotheses}"), &csv);
    // BF₁₀ is 10,630 for terminate, 1/9.09 for reduce_aid; p is below .001 and above .5.
    for (name, supports, rejects) in [
        ("alternative", Supports::Alternative, true),
        ("neither", Supports::Neither, false),
        ("null", Supports::Null, false),
        ("open", Supports::Neither, false),
    ] {
        let result = &outcomes.tests[name];
        assert_eq!(
            result.bayes_factor.as_ref().unwrap().supports,
            Some(supports),
            "{name}"
        );
        assert_eq!(result.rejects, Some(rejects), "{name}");
    }
    let verdict = &outcomes.hypotheses["H"].0;
    assert_eq!(verdict.word(), "corroborated");
}
