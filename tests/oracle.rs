//! Numbers against other people's: R (lm, sandwich, estimatr, car, p.adjust), statsmodels, and NIST's certified values.
//!
//! Tolerances: 1e-9 relative for estimates and standard errors, 1e-6 for p on the log scale.

#![expect(clippy::disallowed_macros, reason = "a skipped test says so")]

use asregistered::inference::{self, Outcomes};
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::{pipeline::Mapping, registration, yaml};
use asregistered::{data, estimate, plan};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The reference files. They are not part of the project; CI has them and fails without.
fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if !full.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI must have {path}");
        eprintln!("skipped: ../shared/{path} is not here");
        return None;
    }
    Some(full)
}

fn json(path: &str) -> Option<Value> {
    Some(serde_json::from_slice(&std::fs::read(shared(path)?).unwrap()).unwrap())
}

/// Runs a registration's tests on a CSV.
fn analyse(registration: &str, csv: &Path) -> Outcomes {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", registration.as_bytes().to_vec());
    let found = Findings::default();
    let lowered = plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    let problems = found.into_vec();
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    let file = Source::read(csv, "data.csv", 1 << 30).unwrap();
    let table = data::read(&file, None).unwrap();
    let collected = data::collect(
        &table,
        "data.csv",
        &Mapping::default(),
        &lowered.plan,
        &lowered.wording,
    )
    .unwrap();
    inference::analyse(&lowered.plan, &data::analyse(&collected, &lowered.plan).sample)
}

fn close(found: f64, expected: f64, what: &str) {
    let relative = (found - expected).abs() / expected.abs().max(1e-12);
    assert!(
        relative < 1e-9,
        "{what}: {found:e} is not {expected:e} ({relative:e})"
    );
}

/// On the log scale. Below the smallest normal double no digit is left to compare.
fn close_p(found: f64, expected: f64, what: &str) {
    if expected < 1e-300 {
        assert!(found < 1e-299, "{what}: p {found:e} is not {expected:e}");
        return;
    }
    assert!(
        (found.ln() - expected.ln()).abs() < 1e-6,
        "{what}: p {found:e} is not {expected:e}"
    );
}

const VCOVS: [(&str, &str); 5] = [
    ("classical", "const"),
    ("HC0", "HC0"),
    ("HC1", "HC1"),
    ("HC2", "HC2"),
    ("HC3", "HC3"),
];

const MODELS: [(&str, &str); 5] = [
    ("H1", "approval ~ us_response"),
    ("H1_any", "approval ~ any_action"),
    ("H2", "contribution ~ uncooperative_action"),
    ("H3", "approval ~ us_response * (regime + capability + treaty)"),
    (
        "H1_cov",
        "approval ~ us_response + age + gender + education + party + hawkishness",
    ),
];

const HEAD: &str = "
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
  approval: {role: outcome}
  contribution: {role: outcome}
missing: {outcome: fail, covariate: fail, factor: fail}
hypotheses: {H: {statement: s, status: primary, corroborated_if: H1.HC2.pooled}}
";

fn registration() -> String {
    let mut models = String::from("models:\n");
    let mut tests = String::from("tests:\n");
    let mut families = String::from("families:\n");
    let arms = ["denounce", "sanctions", "reduce_aid", "terminate"];
    for (vcov, _) in VCOVS {
        for (id, formula) in MODELS {
            models.push_str(&format!(
                "  {id}.{vcov}: {{estimator: ols, formula: {formula}, vcov: {vcov}}}\n"
            ));
        }
        let two = "alternative: two_sided, alpha: 0.05";
        tests.push_str(&format!("  H1.{vcov}.pooled: {{model: H1.{vcov}, of: us_response, contrast: \"mean(denounce, sanctions, reduce_aid, terminate) - status_quo\", {two}}}\n"));
        for arm in arms {
            tests.push_str(&format!("  H1.{vcov}.{arm}: {{model: H1.{vcov}, of: us_response, contrast: {arm} - status_quo, {two}}}\n"));
        }
        let list = arms.map(|a| format!("H1.{vcov}.{a}")).join(", ");
        families.push_str(&format!("  arms_{vcov}: {{tests: [{list}], adjust: holm}}\n"));
        let by = "us_response:regime us_response:capability us_response:treaty";
        for (name, joint) in [
            ("regime", "[\"us_response:regime\"]".to_owned()),
            ("capability", "[\"us_response:capability\"]".to_owned()),
            ("treaty", "[\"us_response:treaty\"]".to_owned()),
            ("all_interactions", format!("[\"{}\"]", by.replace(' ', "\", \""))),
            (
                "all_slopes",
                format!(
                    "[\"{}\", us_response, regime, capability, treaty]",
                    by.replace(' ', "\", \"")
                ),
            ),
        ] {
            tests.push_str(&format!(
                "  H3.{vcov}.{name}: {{model: H3.{vcov}, joint: {joint}, alpha: 0.05}}\n"
            ));
        }
    }
    format!("{HEAD}{models}{tests}{families}")
}

/// `us_response=denounce:regime=autocracy` as this program names it.
fn ours(term: &str) -> String {
    let part = |p: &str| match p.split_once('=') {
        Some((factor, level)) => format!("{factor}[{level}]"),
        None => p.to_owned(),
    };
    term.split(':').map(part).collect::<Vec<_>>().join(":")
}

#[test]
fn coefficients_errors_and_intervals() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(), &csv);
    let mut compared = 0;
    for (vcov, _) in VCOVS {
        for (id, _) in MODELS {
            let model = &outcomes.models[&format!("{id}.{vcov}")];
            let case = &oracle["cases"][format!("{id}/unweighted")];
            let mut each =
                |quantity: String, ours_of: &dyn Fn(&asregistered::record::Coefficient) -> f64, p: bool| {
                    for (engine, terms) in case[&quantity]["implementations"]
                        .as_object()
                        .into_iter()
                        .flatten()
                    {
                        for (term, expected) in terms.as_object().unwrap() {
                            let coefficient = model
                                .coefficients
                                .iter()
                                .find(|c| c.term == ours(term))
                                .unwrap_or_else(|| panic!("{id}: no {term}"));
                            let what = format!("{id} {quantity} {term} by {engine}");
                            let (found, expected) = (ours_of(coefficient), expected.as_f64().unwrap());
                            if p {
                                close_p(found, expected, &what)
                            } else {
                                close(found, expected, &what)
                            }
                            compared += 1;
                        }
                    }
                };
            each("coef".into(), &|c| c.estimate, false);
            each(format!("se_{vcov}"), &|c| c.std_error, false);
            each(format!("p_t_{vcov}"), &|c| c.p_value, true);
            each(format!("ci_lo_{vcov}"), &|c| c.conf_low, false);
            each(format!("ci_hi_{vcov}"), &|c| c.conf_high, false);
        }
    }
    assert!(compared > 2000, "only {compared} numbers were compared");
}

#[test]
fn fit_statistics() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(), &csv);
    for (id, _) in MODELS {
        let model = &outcomes.models[&format!("{id}.HC2")];
        let reference = &oracle["cases"][format!("{id}/unweighted")]["n_k_dfresid_sigma_r2_adjr2"]["implementations"]
            ["R lm"];
        close(model.n as f64, reference["n"].as_f64().unwrap(), "n");
        close(model.df_residual, reference["df"].as_f64().unwrap(), "df");
        close(
            model.sigma.unwrap(),
            reference["sigma"].as_f64().unwrap(),
            "sigma",
        );
        close(model.r_squared.unwrap(), reference["r2"].as_f64().unwrap(), "r2");
    }
}

#[test]
fn contrasts_corrections_and_joint_tests() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/02_contrasts_and_wald.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(), &csv);
    let cases = &oracle["cases"];
    let mut compared = 0;
    for (vcov, theirs) in VCOVS {
        let pooled = &outcomes.tests[&format!("H1.{vcov}.pooled")];
        let reference = &cases["pooled_contrast_equal_arm_weights/unweighted"][theirs]["implementations"];
        for (engine, numbers) in reference.as_object().unwrap() {
            for (name, found) in [
                ("est", pooled.estimate),
                ("se", pooled.std_error),
                ("t", pooled.statistic),
                ("lo", pooled.conf_low),
                ("hi", pooled.conf_high),
            ] {
                if let Some(expected) = numbers[name].as_f64() {
                    close(
                        found.unwrap(),
                        expected,
                        &format!("pooled {vcov} {name} by {engine}"),
                    );
                    compared += 1;
                }
            }
            if let Some(expected) = numbers["p"].as_f64() {
                close_p(pooled.p_value.unwrap(), expected, "pooled p");
            }
        }
        let holm = &cases["H1_holm/unweighted"][theirs]["implementations"]["R p.adjust"];
        for (arm, expected) in holm.as_object().unwrap() {
            let test = &outcomes.tests[&format!("H1.{vcov}.{arm}")];
            close_p(
                test.p_adjusted.unwrap(),
                expected.as_f64().unwrap(),
                &format!("Holm {vcov} {arm}"),
            );
            compared += 1;
        }
        for name in ["regime", "capability", "treaty", "all_interactions", "all_slopes"] {
            let test = &outcomes.tests[&format!("H3.{vcov}.{name}")];
            let reference = &cases[format!("H3_wald_{name}/unweighted")][format!("{theirs}_F")];
            for (engine, numbers) in reference["implementations"].as_object().unwrap() {
                let what = format!("joint {name} {vcov} by {engine}");
                close(test.statistic.unwrap(), numbers["stat"].as_f64().unwrap(), &what);
                close_p(test.p_value.unwrap(), numbers["p"].as_f64().unwrap(), &what);
                assert_eq!(test.df.as_ref().unwrap()[0], numbers["df1"].as_f64().unwrap());
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} numbers were compared");
}

fn numbers(value: &Value) -> Vec<f64> {
    let one = |v: &Value| v.as_f64().unwrap_or_else(|| v.as_str().unwrap().parse().unwrap());
    value.as_array().unwrap().iter().map(one).collect()
}

/// Correct significant digits.
fn digits(found: f64, expected: f64) -> f64 {
    -((found - expected).abs() / expected.abs().max(1e-300))
        .max(1e-16)
        .log10()
}

#[test]
fn nist_certified_values() {
    let Some(oracle) = json("oracles/09_nist_strd.json") else {
        return;
    };
    let sets = oracle["datasets"].as_object().unwrap();
    assert_eq!(sets.len(), 11);
    for (name, set) in sets {
        let y = numbers(&set["y"]);
        let mut x: Vec<Vec<f64>> = match &set["polynomial_degree"] {
            Value::Number(degree) => {
                let base = numbers(&set["x"]);
                let power = |p: i32| base.iter().map(|v| v.powi(p)).collect();
                (1..=degree.as_i64().unwrap() as i32).map(power).collect()
            }
            _ => set["x"].as_object().unwrap().values().map(numbers).collect(),
        };
        if set["intercept"].as_bool().unwrap() {
            x.insert(0, vec![1.0; y.len()]);
        }
        let solution = estimate::least_squares(&x, &y).unwrap_or_else(|c| panic!("{name}: dependent {c:?}"));
        let expected = numbers(&set["exact_coef"]);
        let (n, k) = (y.len() as f64, x.len() as f64);
        let variance = solution.residuals.iter().map(|e| e * e).sum::<f64>() / (n - k);
        let worst = |pairs: Vec<(f64, f64)>| pairs.iter().map(|(f, e)| digits(*f, *e)).fold(16.0, f64::min);
        let of_coefficients = worst(solution.coefficients.iter().copied().zip(expected).collect());
        let certified = numbers(&set["exact_se"]);
        let errors = (0..x.len()).map(|i| (variance * solution.bread[i][i]).sqrt());
        let of_errors = if certified[0] == 0.0 {
            16.0
        } else {
            worst(errors.zip(certified).collect())
        };
        // Filip's condition number leaves seven digits to double precision.
        let wanted = if name == "filip" { 7.0 } else { 9.0 };
        assert!(
            of_coefficients >= wanted,
            "{name}: coefficients have {of_coefficients:.1} digits"
        );
        assert!(
            of_errors >= wanted,
            "{name}: standard errors have {of_errors:.1} digits"
        );
    }
}

#[test]
fn bonilla_tillery_to_ten_digits() {
    let Some(reference) = shared("data/bonilla_tillery_2020/reference_estimatr_hc2.csv") else {
        return;
    };
    let pipeline = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/studies/bonilla_tillery/pipeline.yaml");
    let record = asregistered::run::run(&pipeline).unwrap().record;
    let models = [
        ("fit_1", "main"),
        ("fit_2", "controls"),
        ("fit_3", "by_linked_fate"),
        ("fit_4", "by_familiarity"),
        ("fit_5", "by_gender"),
        ("fit_6", "by_lgbtq"),
    ];
    let mut compared = 0;
    for line in std::fs::read_to_string(reference).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').map(|c| c.trim_matches('"')).collect();
        let Some((_, id)) = models.iter().find(|(m, _)| *m == cells[9]) else {
            continue;
        };
        let model = record.observed.models.iter().find(|m| m.id == *id).unwrap();
        let part = |p: &str| match p.strip_prefix('Z') {
            Some(level) => format!("Z[{level}]"),
            None => p.to_owned(),
        };
        let term = cells[0].split(':').map(part).collect::<Vec<_>>().join(":");
        let coefficient = model.coefficients.iter().find(|c| c.term == term).unwrap();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        close(coefficient.estimate, number(1), &term);
        close(coefficient.std_error, number(2), &term);
        close(coefficient.statistic, number(3), &term);
        close_p(coefficient.p_value, number(4), &term);
        close(coefficient.conf_low, number(5), &term);
        close(coefficient.conf_high, number(6), &term);
        compared += 6;
    }
    assert!(compared >= 48 * 6, "only {compared} numbers were compared");
    // As printed in the article's tables.
    for (test, estimate, error) in [
        ("main.nationalism", -0.01181468, 0.02125833),
        ("main.feminism", -0.03623491, 0.02203460),
        ("main.intersectional", -0.03714986, 0.02247282),
        ("main.constant", 0.84191176, 0.01531579),
        ("controls.nationalism", -0.002, 0.019),
        ("controls.feminism", -0.014, 0.020),
        ("controls.intersectional", -0.031, 0.020),
        ("controls.constant", 0.408, 0.043),
        ("by_gender.nationalism", 0.045, 0.043),
        ("by_gender.feminism", 0.035, 0.044),
        ("by_gender.intersectional", 0.109, 0.044),
        ("by_lgbtq.nationalism", -0.046, 0.102),
        ("by_lgbtq.feminism", 0.024, 0.091),
        ("by_lgbtq.intersectional", 0.080, 0.091),
        ("by_linked_fate.nationalism", -0.036, 0.094),
        ("by_linked_fate.feminism", -0.048, 0.095),
        ("by_linked_fate.intersectional", 0.055, 0.092),
        ("by_familiarity.nationalism", -0.032, 0.027),
        ("by_familiarity.feminism", -0.014, 0.028),
        ("by_familiarity.intersectional", -0.008, 0.031),
    ] {
        let places = if test.starts_with("main.") { 8 } else { 3 };
        let result = &record
            .observed
            .tests
            .iter()
            .find(|t| t.id == test)
            .unwrap()
            .result;
        let printed = |v: f64| format!("{v:.places$}");
        assert_eq!(printed(result.estimate.unwrap()), printed(estimate), "{test}");
        assert_eq!(printed(result.std_error.unwrap()), printed(error), "{test}");
    }
}
