//! Logit, probit and Poisson against R's `glm`, survey's `svyglm`, sandwich, car, marginaleffects and statsmodels.
//!
//! Tolerances: 1e-6 relative for what iterations give, 1e-6 for p on the log scale.

mod reference;

use reference::{SURVEY, analyse, close_p, each, json, near, ours, shared};

/// Implementations that stop their iterations early or fit another thing under the name, and why.
fn passed_over(engine: &str) -> bool {
    // fixest stops at 1e-8 of the deviance, so that its errors are good to 1e-7 alone.
    engine.contains("fixest")
}

const DESIGNS: [(&str, &str); 3] = [
    ("arms", "us_response"),
    ("inter", "us_response * (regime + capability + treaty)"),
    (
        "cov",
        "us_response + age + gender + education + party + hawkishness",
    ),
];

/// Our variance, the reference's name for it, and which information it stands on.
const VCOVS: [(&str, &str, &str); 9] = [
    ("classical", "se_classical", "expected"),
    ("HC0", "se_HC0", "expected"),
    ("HC1", "se_HC1_n/(n-k)", "expected"),
    ("robust", "se_robust_stata_n/(n-1)", "expected"),
    ("CR0", "se_CR0_state", "expected"),
    ("CR1", "se_CR1_state_G/(G-1)", "expected"),
    ("CR1S", "se_CR1S_state", "expected"),
    ("classical", "se_classical_observed_information", "observed"),
    ("HC0", "se_HC0_observed_information", "observed"),
];

const WEIGHTINGS: [(&str, &str); 3] = [
    ("unweighted", ""),
    ("fweight", "weights: {column: fweight, kind: frequency}, "),
    ("pweight", "weights: {column: weight, kind: probability}, "),
];

fn outcome(family: &str) -> &'static str {
    if family == "poisson" { "count_y" } else { "approve" }
}

fn registration() -> String {
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for family in ["logit", "probit", "poisson"] {
        for (design, terms) in DESIGNS {
            for (weighting, weights) in WEIGHTINGS {
                for (vcov, _, information) in VCOVS {
                    if weighting == "pweight" && vcov == "classical" {
                        continue;
                    }
                    let id = format!("{family}.{design}.{weighting}.{vcov}.{information}");
                    let cluster = if vcov.starts_with("CR") {
                        ", cluster: state"
                    } else {
                        ""
                    };
                    models.push_str(&format!(
                        "  {id}: {{estimator: {family}, formula: {} ~ {terms}, {weights}vcov: {vcov}{cluster}, information: {information}}}\n",
                        outcome(family)
                    ));
                    for by in ["regime", "capability", "treaty"] {
                        if design == "inter" {
                            tests.push_str(&format!(
                                "  {by}.{id}: {{model: {id}, joint: us_response:{by}, alpha: 0.05}}\n"
                            ));
                        }
                    }
                    if design != "inter" {
                        tests.push_str(&format!("  pooled.{id}: {{model: {id}, of: us_response, contrast: \"mean(denounce, sanctions, reduce_aid, terminate) - status_quo\", scale: link, average: observed, alternative: two_sided, alpha: 0.05}}\n"));
                    }
                }
            }
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: pooled.logit.arms.unweighted.HC0.expected}}\n";
    format!("{SURVEY}{models}{tests}{one}")
}

#[test]
fn coefficients_errors_and_joint_tests() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/03_glm_logit_probit_poisson.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(), &csv);
    let mut compared = 0;
    for (id, model) in &outcomes.models {
        assert_eq!(model.note, None, "{id}");
        let parts: Vec<&str> = id.split('.').collect();
        let [family, design, weighting, vcov, information] = parts[..] else {
            panic!("{id}")
        };
        let case = &oracle["cases"][format!("{family}/{design}/{weighting}")];
        let coefficient = |term: &str| {
            let mut all = model.coefficients.iter();
            all.find(|c| c.term == ours(term))
                .unwrap_or_else(|| panic!("{id}: no {term}"))
        };
        for (engine, term, expected) in each(&case["coef"]) {
            if !passed_over(&engine) {
                // In standard errors: R stops at a relative change of 1e-8 in the deviance.
                let c = coefficient(&term);
                let off = (c.estimate - expected).abs() / c.std_error;
                assert!(
                    off < 1e-6,
                    "{id} {term} by {engine}: {} is not {expected}",
                    c.estimate
                );
                compared += 1;
            }
        }
        let canonical = family != "probit";
        for (ours_is, key, on) in VCOVS {
            if ours_is != vcov || (on != information && !canonical) {
                continue;
            }
            for (engine, term, expected) in each(&case[key]) {
                let other = !canonical && engine.contains("GLM") && key != "se_classical"
                    || !canonical && engine.contains("discrete") && on == "expected";
                if !passed_over(&engine) && !other {
                    let what = format!("{id} {key} {term} by {engine}");
                    near(coefficient(&term).std_error, expected, 1e-6, &what);
                    compared += 1;
                }
            }
        }
        if vcov == "robust" && weighting == "pweight" && information == "expected" {
            for (engine, term, expected) in each(&case["se_svy"]) {
                if canonical || !engine.contains("statsmodels") {
                    near(
                        coefficient(&term).std_error,
                        expected,
                        1e-6,
                        &format!("{id} {term} by {engine}"),
                    );
                    compared += 1;
                }
            }
        }
        if vcov == "CR1" && weighting == "pweight" && information == "expected" {
            for (engine, term, expected) in each(&case["se_svy_psu_state"]) {
                near(
                    coefficient(&term).std_error,
                    expected,
                    1e-6,
                    &format!("{id} {term} by {engine}"),
                );
                compared += 1;
            }
        }
        if vcov == "HC0" && design == "inter" && (canonical || information == "expected") {
            for by in ["regime", "capability", "treaty"] {
                let test = &outcomes.tests[&format!("{by}.{id}")];
                let key = format!("wald_chi2_HC0_us_response:{by}");
                for (engine, term, expected) in each(&case[key]) {
                    if !canonical && engine.contains("statsmodels") {
                        continue;
                    }
                    let what = format!("{id} joint {by} {term} by {engine}");
                    match term.as_str() {
                        "stat" => near(test.statistic.unwrap(), expected, 1e-6, &what),
                        "df1" => assert_eq!(test.df, Some(vec![expected])),
                        "p" => close_p(test.p_value.unwrap(), expected, &what),
                        _ => continue,
                    }
                    compared += 1;
                }
            }
        }
        if vcov == "HC0" && design == "arms" && (canonical || information == "expected") {
            let test = &outcomes.tests[&format!("pooled.{id}")];
            for (engine, term, expected) in each(&case["pooled_contrast_HC0_z"]) {
                if !canonical && engine.contains("statsmodels") {
                    continue;
                }
                let what = format!("{id} pooled {term} by {engine}");
                match term.as_str() {
                    "est" => near(test.estimate.unwrap(), expected, 1e-6, &what),
                    "se" => near(test.std_error.unwrap(), expected, 1e-6, &what),
                    "p" => close_p(test.p_value.unwrap(), expected, &what),
                    _ => continue,
                }
                compared += 1;
            }
        }
        if vcov == "classical" && weighting == "unweighted" {
            for (engine, term, expected) in each(&case["loglik_null_dev_aic"]) {
                if term == "loglik" {
                    near(
                        model.log_likelihood.unwrap(),
                        expected,
                        1e-9,
                        &format!("{id} loglik by {engine}"),
                    );
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 6000, "only {compared} numbers were compared");
}

const ARMS: [&str; 4] = ["denounce", "sanctions", "reduce_aid", "terminate"];

#[test]
fn margins_effects_and_slopes() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/05_margins_and_ames.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let rest = "alternative: two_sided, alpha: 0.05";
    let terms = "us_response * (regime + capability + treaty) + age + party + hawkishness";
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    let mut cases = Vec::new();
    for family in ["ols", "logit", "probit", "poisson"] {
        for vcov in ["classical", "HC0", "HC2", "CR1", "svyglm_weighted"] {
            let key = format!("{family}/{vcov}");
            if oracle["cases"][&key].is_null() {
                continue;
            }
            let y = match family {
                "ols" => "approval",
                "poisson" => "count_y",
                _ => "approve",
            };
            let (variance, more) = match vcov {
                "CR1" => ("CR1", ", cluster: state"),
                "svyglm_weighted" => ("robust", ", weights: {column: weight, kind: probability}"),
                other => (other, ""),
            };
            let information = if family == "ols" {
                ""
            } else {
                ", information: expected"
            };
            let scale = if family == "ols" { "" } else { "scale: response, " };
            let id = key.replace('/', ".");
            models.push_str(&format!("  {id}: {{estimator: {family}, formula: {y} ~ {terms}, vcov: {variance}{more}{information}}}\n"));
            let average = "average: observed";
            for arm in ["status_quo"].iter().chain(&ARMS) {
                tests.push_str(&format!("  margin.{arm}.{id}: {{model: {id}, of: us_response, margin: {arm}, {scale}{average}, {rest}}}\n"));
            }
            for arm in ARMS {
                tests.push_str(&format!("  ame.{arm}.{id}: {{model: {id}, of: us_response, contrast: {arm} - status_quo, {scale}{average}, {rest}}}\n"));
                for treaty in ["formal", "none"] {
                    tests.push_str(&format!("  sub.{treaty}: {arm}.{id}: {{model: {id}, of: us_response, contrast: {arm} - status_quo, by: {{treaty: {treaty}}}, {scale}{average}, {rest}}}\n").replace(&format!("sub.{treaty}: {arm}"), &format!("sub.{treaty}.{arm}")));
                }
            }
            tests.push_str(&format!("  pooled.est.{id}: {{model: {id}, of: us_response, contrast: \"mean(denounce, sanctions, reduce_aid, terminate) - status_quo\", {scale}{average}, {rest}}}\n"));
            for number in ["age", "hawkishness"] {
                tests.push_str(&format!(
                    "  slope.{number}.{id}: {{model: {id}, slope: {number}, {scale}{rest}}}\n"
                ));
            }
            cases.push((key, id));
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: ame.denounce.ols.HC2}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for (key, id) in &cases {
        let case = &oracle["cases"][key];
        let quantities = [
            ("predictive_margin_us_response", "margin"),
            ("ame_us_response_vs_status_quo", "ame"),
            ("ame_slope_age", "slope"),
            ("ame_slope_hawkishness", "slope"),
            ("ame_us_response_by_treaty(observed subgroup)", "sub"),
        ];
        for (quantity, prefix) in quantities {
            for part in ["estimate", "se"] {
                for (engine, term, expected) in each(&case[format!("{quantity}_{part}")]) {
                    // Numerical Jacobians are good to about 1e-6 of the estimate; R's `margins` steps are coarser, and
                    // Python's use the observed information of the probit.
                    let python = engine.contains("Python") && key.starts_with("probit");
                    if engine == "R margins" || python {
                        continue;
                    }
                    let exact =
                        engine.contains("analytic") || (prefix != "slope" && !engine.contains("Python"));
                    let test = &outcomes.tests[&format!("{prefix}.{}.{id}", term.replace(": ", "."))];
                    assert_eq!(test.note, None, "{id}");
                    let found = if part == "se" {
                        test.std_error
                    } else {
                        test.estimate
                    };
                    let what = format!("{key} {quantity} {part} {term} by {engine}");
                    near(found.unwrap(), expected, if exact { 1e-6 } else { 2e-5 }, &what);
                    compared += 1;
                }
            }
        }
        for (engine, term, expected) in each(&case["pooled_ame_any_action(equal weights)"]) {
            let test = &outcomes.tests[&format!("pooled.est.{id}")];
            let found = match term.as_str() {
                "se" => test.std_error,
                "est" => test.estimate,
                _ => continue,
            };
            near(
                found.unwrap(),
                expected,
                1e-6,
                &format!("{key} pooled {term} by {engine}"),
            );
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared} numbers were compared");
}
