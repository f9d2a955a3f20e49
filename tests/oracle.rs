//! Numbers against other people's: R (lm, sandwich, estimatr, car, p.adjust), statsmodels, and NIST's certified values.
//!
//! Tolerances: 1e-9 relative for estimates and standard errors, 1e-6 for p on the log scale.

mod reference;

use asregistered::estimate;
use asregistered::inference::Outcomes;
use asregistered::record::TestResult;
use reference::{SURVEY, analyse, close, close_p, each, json, ours, shared};
use serde_json::Value;
use std::path::Path;

const VCOVS: [(&str, &str); 7] = [
    ("classical", "const"),
    ("HC0", "HC0"),
    ("HC1", "HC1"),
    ("HC2", "HC2"),
    ("HC3", "HC3"),
    ("CR1S", "CR1S_state"),
    ("CR2", "CR2_state"),
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

fn registration(weights: &str) -> String {
    let mut models = String::from("models:\n");
    let mut tests = String::from("tests:\n");
    let mut families = String::from("families:\n");
    let arms = ["denounce", "sanctions", "reduce_aid", "terminate"];
    for (vcov, _) in VCOVS {
        for (id, formula) in MODELS {
            let cluster = if vcov.starts_with("CR") {
                ", cluster: state"
            } else {
                ""
            };
            models.push_str(&format!(
                "  {id}.{vcov}: {{estimator: ols, formula: {formula}, {weights}vcov: {vcov}{cluster}}}\n"
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
    let mut pairs = Vec::new();
    for (position, b) in ARMS.iter().enumerate() {
        for a in &ARMS[position + 1..] {
            tests.push_str(&format!("  p.{a}.{b}: {{model: H1.HC2, of: us_response, contrast: {a} - {b}, alternative: two_sided, alpha: 0.05}}\n"));
            pairs.push(format!("p.{a}.{b}"));
        }
    }
    families.push_str(&format!(
        "  pairs: {{tests: [{}], adjust: holm}}\n",
        pairs.join(", ")
    ));
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: H1.HC2.pooled}}\n";
    format!("{SURVEY}{models}{tests}{families}{one}")
}

/// How each weighting of the models is registered, and the variances that its references have:
/// (our name, the reference's, the reference's p-values).
type Weighting = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, &'static str)],
);

const WEIGHTINGS: [Weighting; 4] = [
    ("unweighted", "", PLAIN),
    ("aweight", "weights: {column: weight, kind: analytic}, ", PLAIN),
    (
        "pweight_svy",
        "weights: {column: weight, kind: probability}, ",
        &[
            ("robust", "se_svy", "p_svy"),
            ("HC1", "se_stata_pweight_HC1", "-"),
            ("CR1", "se_svy_psu_state", "-"),
        ],
    ),
    (
        "fweight_expanded",
        "weights: {column: fweight, kind: frequency}, ",
        &[
            ("classical", "se_classical", "-"),
            ("HC0", "se_HC0", "-"),
            ("HC2", "se_HC2", "-"),
            ("HC3", "se_HC3", "-"),
        ],
    ),
];

const PLAIN: &[(&str, &str, &str)] = &[
    ("classical", "se_classical", "p_t_classical"),
    ("HC0", "se_HC0", "p_t_HC0"),
    ("HC1", "se_HC1", "p_t_HC1"),
    ("HC2", "se_HC2", "p_t_HC2"),
    ("HC3", "se_HC3", "p_t_HC3"),
    ("HC4", "se_HC4", "p_t_HC4"),
    ("CR0", "se_CR0_state", "p_tG-1_CR0_state"),
    ("CR1", "se_CR1_state", "-"),
    ("CR1S", "se_CR1S_state", "p_tG-1_CR1S_state"),
    ("CR2", "se_CR2_state", "p_satt_CR2_state"),
    ("CR3", "se_CR3_state", "-"),
];

/// pyfixest computes this tail by subtraction, so that it is zero below 1e-16.
const LOST_TAILS: &str = "pyfixest CRV1";

#[test]
fn coefficients_errors_and_p_values_under_every_weighting() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let mut models = String::from("models:\n");
    let mut tests = String::from("tests:\n");
    for (weighting, weights, vcovs) in WEIGHTINGS {
        for (vcov, _, _) in vcovs {
            let cluster = if vcov.starts_with("CR") {
                ", cluster: state"
            } else {
                ""
            };
            for (id, formula) in MODELS {
                let name = format!("{id}.{weighting}.{vcov}");
                models.push_str(&format!(
                    "  {name}: {{estimator: ols, formula: {formula}, {weights}vcov: {vcov}{cluster}}}\n"
                ));
                tests.push_str(&format!(
                    "  t.{name}: {{model: {name}, coefficient: (Intercept), alternative: two_sided, alpha: 0.05}}\n"
                ));
            }
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: t.H1.unweighted.HC2}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for (weighting, _, vcovs) in WEIGHTINGS {
        for (vcov, se, p) in vcovs {
            for (id, _) in MODELS {
                let model = &outcomes.models[&format!("{id}.{weighting}.{vcov}")];
                assert_eq!(model.note, None);
                let case = &oracle["cases"][format!("{id}/{weighting}")];
                let coefficient = |term: &str| {
                    let mut all = model.coefficients.iter();
                    all.find(|c| c.term == ours(term))
                        .unwrap_or_else(|| panic!("{id}: no {term}"))
                };
                for (engine, term, expected) in each(&case["coef"]) {
                    let what = format!("{id} {weighting} {term} by {engine}");
                    close(coefficient(&term).estimate, expected, &what);
                    compared += 1;
                }
                for (engine, term, expected) in each(&case[*se]) {
                    let what = format!("{id} {weighting} {se} {term} by {engine}");
                    close(coefficient(&term).std_error, expected, &what);
                    compared += 1;
                }
                for (engine, term, expected) in each(&case[*p]) {
                    if engine != LOST_TAILS {
                        let what = format!("{id} {weighting} {p} {term} by {engine}");
                        close_p(coefficient(&term).p_value, expected, &what);
                        compared += 1;
                    }
                }
                for (end, of) in [("ci_lo", true), ("ci_hi", false)] {
                    for (engine, term, expected) in each(&case[format!("{end}_{vcov}")]) {
                        let c = coefficient(&term);
                        let found = if of { c.conf_low } else { c.conf_high };
                        close(
                            found,
                            expected,
                            &format!("{id} {weighting} {end}_{vcov} {term} by {engine}"),
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 9000, "only {compared} numbers were compared");
}

#[test]
fn fit_statistics() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(""), &csv);
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
    let mut compared = 0;
    for (weighting, weights, _) in WEIGHTINGS.iter().take(2) {
        let outcomes = analyse(&registration(weights), &csv);
        compared += second_oracle(&outcomes, &oracle["cases"], weighting);
    }
    assert!(compared > 280, "only {compared} numbers were compared");
}

const ARMS: [&str; 5] = ["status_quo", "denounce", "sanctions", "reduce_aid", "terminate"];

/// Pooled contrasts, corrections and joint tests under one weighting.
fn second_oracle(outcomes: &Outcomes, cases: &Value, weighting: &str) -> usize {
    let mut compared = 0;
    for (key, prefix) in [("est", "p"), ("se", "p"), ("p", "p"), ("p_holm", "p")] {
        for (engine, term, expected) in
            each(&cases[format!("H1_all_pairwise/{weighting}")][format!("HC2_{key}")])
        {
            let (a, b) = term.split_once(" - ").unwrap();
            let test = &outcomes.tests[&format!("{prefix}.{a}.{b}")];
            let what = format!("{weighting} {term} {key} by {engine}");
            match key {
                "est" => close(test.estimate.unwrap(), expected, &what),
                "se" => close(test.std_error.unwrap(), expected, &what),
                "p" => close_p(test.p_value.unwrap(), expected, &what),
                _ => close_p(test.p_adjusted.unwrap(), expected, &what),
            }
            compared += 1;
        }
    }
    for (vcov, theirs) in VCOVS {
        let pooled = &outcomes.tests[&format!("H1.{vcov}.pooled")];
        let reference =
            &cases[format!("pooled_contrast_equal_arm_weights/{weighting}")][theirs]["implementations"];
        for (engine, numbers) in reference.as_object().into_iter().flatten() {
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
        let holm = &cases[format!("H1_holm/{weighting}")][theirs]["implementations"]["R p.adjust"];
        for (arm, expected) in holm.as_object().into_iter().flatten() {
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
            let case = &cases[format!("H3_wald_{name}/{weighting}")];
            compared += other_forms(test, case, theirs, vcov);
            let key = if vcov == "CR2" {
                "CR2_state_HTZ".into()
            } else {
                format!("{theirs}_F")
            };
            for (engine, numbers) in case[key]["implementations"].as_object().unwrap() {
                let what = format!("joint {name} {vcov} by {engine}");
                close(test.statistic.unwrap(), numbers["stat"].as_f64().unwrap(), &what);
                compared += 1;
                let df = test.df.as_ref().unwrap();
                assert_eq!(df[0], numbers["df1"].as_f64().unwrap());
                // car refers clustered statistics to n − k, this program and statsmodels to G − 1.
                let df2 = numbers["df2"].as_f64().unwrap();
                if vcov == "CR1S" && df2 == 1482.0 {
                    continue;
                }
                close(df[1], df2, &what);
                close_p(test.p_value.unwrap(), numbers["p"].as_f64().unwrap(), &what);
                compared += 1;
            }
        }
    }
    compared
}

/// The same quadratic form as χ² and, for CR2, as the naive F: W = qF, and F(η − q + 1)/η is Hotelling's.
fn other_forms(test: &TestResult, case: &Value, theirs: &str, vcov: &str) -> usize {
    let (f, df) = (test.statistic.unwrap(), test.df.as_ref().unwrap());
    let (q, key) = (
        df[0],
        if vcov == "CR2" {
            "CR2_state_chi-sq".into()
        } else {
            format!("{theirs}_chi2")
        },
    );
    let naive = if vcov == "CR2" {
        f * (df[1] + q - 1.0) / df[1]
    } else {
        f
    };
    // clubSandwich divides its χ² by q as well.
    let form = if vcov == "CR2" { naive } else { q * naive };
    let mut compared = 0;
    for (key, expected) in [(key.as_str(), form), ("CR2_state_Naive-F", naive)] {
        for (engine, term, value) in each(&case[key]) {
            if term == "stat" && (vcov == "CR2" || key.ends_with("chi2")) {
                close(expected, value, &format!("{key} by {engine}"));
                compared += 1;
            }
        }
    }
    compared
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
