//! Logit, probit and Poisson against R's `glm`, survey's `svyglm`, sandwich, car, marginaleffects and statsmodels.
//!
//! Tolerances: 1e-6 relative for what iterations give, 1e-6 for p on the log scale.

mod reference;

use asregistered::data::Sample;
use asregistered::estimate::likelihood::Likelihood;
use asregistered::plan::{Plan, Vcov};
use asregistered::{design, estimate};
use reference::{SURVEY, analyse, close_p, each, json, near, ours, read, shared};

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
const VCOVS: [(&str, &str, &str); 10] = [
    ("classical", "se_classical", "expected"),
    ("HC0", "se_HC0", "expected"),
    ("HC1", "se_HC1_n/(n-k)", "expected"),
    ("robust", "se_robust_stata_n/(n-1)", "expected"),
    ("CR0", "se_CR0_state", "expected"),
    ("CR1", "se_CR1_state_G/(G-1)", "expected"),
    ("CR1S", "se_CR1S_state", "expected"),
    ("classical", "se_classical_observed_information", "observed"),
    ("HC0", "se_HC0_observed_information", "observed"),
    ("CR1S", "se_CR1S_state_observed_information", "observed"),
];

const WEIGHTINGS: [(&str, &str); 3] = [
    ("unweighted", ""),
    ("fweight", "weights: {column: fweight, kind: frequency}, "),
    ("pweight", "weights: {column: weight, kind: probability}, "),
];

fn outcome(family: &str) -> &'static str {
    if family == "poisson" { "count_y" } else { "approve" }
}

fn id(family: &str, design: &str, weighting: &str, vcov: &str, information: &str) -> String {
    format!("{family}.{design}.{weighting}.{vcov}.{information}")
}

/// Whether a model's own tests are compared: with arms alone under every variance, with interactions under one.
fn is_tested(design: &str, weighting: &str) -> bool {
    design == "arms" || design == "inter" && weighting == "unweighted"
}

fn registration(wanted: fn(&str, &str) -> bool) -> String {
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for family in ["logit", "probit", "poisson"] {
        for (design, terms) in DESIGNS {
            for (weighting, weights) in WEIGHTINGS {
                for (vcov, _, information) in VCOVS {
                    let refused = weighting == "pweight" && vcov == "classical";
                    if refused || design != "arms" && vcov != "HC0" || !wanted(design, weighting) {
                        continue;
                    }
                    let id = id(family, design, weighting, vcov, information);
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
                    if design == "arms" {
                        tests.push_str(&format!("  pooled.{id}: {{model: {id}, of: us_response, contrast: \"mean(denounce, sanctions, reduce_aid, terminate) - status_quo\", scale: link, average: observed, alternative: two_sided, alpha: 0.05}}\n"));
                    }
                }
            }
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: pooled.logit.arms.unweighted.HC0.expected}}\n";
    format!("{SURVEY}{models}{tests}{one}")
}

/// One maximum, which every variance is taken of.
struct Maximum {
    likelihood: Likelihood,
    names: Vec<String>,
    clusters: Vec<Vec<u32>>,
}

impl Maximum {
    fn new(plan: &Plan, sample: &Sample, id: &str) -> Maximum {
        let mut model = plan.models[id].clone();
        model.clusters = vec![String::from("state")];
        let design = design::build(plan, &model, sample).unwrap();
        Maximum {
            likelihood: estimate::likelihood(&design, &model).unwrap().unwrap(),
            names: design.names().iter().map(|n| (*n).to_owned()).collect(),
            clusters: design.clusters.clone(),
        }
    }

    fn position(&self, term: &str) -> usize {
        let found = self.names.iter().position(|n| *n == ours(term));
        found.unwrap_or_else(|| panic!("no {term}"))
    }

    fn errors(&self, vcov: Vcov) -> Vec<f64> {
        let matrix = self.likelihood.vcov(vcov, &self.clusters).unwrap();
        (0..matrix.len()).map(|j| matrix[j][j].sqrt()).collect()
    }
}

/// Whether an implementation has other errors under the name: statsmodels' GLM and discrete models differ in the
/// information of a probit.
fn differs(family: &str, engine: &str, key: &str, information: &str) -> bool {
    family == "probit"
        && (engine.contains("GLM") && key != "se_classical"
            || engine.contains("discrete") && information == "expected")
}

#[test]
fn coefficients_and_errors() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/03_glm_logit_probit_poisson.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let (plan, sample) = read(&registration(|_, _| true), &csv);
    let word = |word: &str| Vcov::ALL.iter().find(|(w, _)| *w == word).unwrap().1;
    let mut compared = 0;
    for family in ["logit", "probit", "poisson"] {
        for (design, _) in DESIGNS {
            for (weighting, _) in WEIGHTINGS {
                for information in ["expected", "observed"] {
                    if information == "observed" && family != "probit" {
                        continue;
                    }
                    let id = id(family, design, weighting, "HC0", information);
                    let maximum = Maximum::new(&plan, &sample, &id);
                    let case = &oracle["cases"][format!("{family}/{design}/{weighting}")];
                    let robust = maximum.errors(Vcov::HC0);
                    for (engine, term, expected) in each(&case["coef"]) {
                        if !passed_over(&engine) {
                            // In standard errors: R stops at a relative change of 1e-8 in the deviance.
                            let at = maximum.position(&term);
                            let found = maximum.likelihood.coefficients[at];
                            let off = (found - expected).abs() / robust[at];
                            assert!(off < 1e-6, "{id} {term} by {engine}: {found} is not {expected}");
                            compared += 1;
                        }
                    }
                    let mut wanted: Vec<(Vcov, &str)> = VCOVS
                        .iter()
                        .filter(|(_, _, on)| *on == information || family != "probit")
                        .map(|(vcov, key, _)| (word(vcov), *key))
                        .collect();
                    if weighting == "pweight" && information == "expected" {
                        wanted.extend([(Vcov::Robust, "se_svy"), (Vcov::CR1, "se_svy_psu_state")]);
                    }
                    for (vcov, key) in wanted {
                        let errors = maximum.errors(vcov);
                        for (engine, term, expected) in each(&case[key]) {
                            let observed = key.starts_with("se_svy")
                                && family == "probit"
                                && engine.contains("statsmodels");
                            if !passed_over(&engine)
                                && !observed
                                && !differs(family, &engine, key, information)
                            {
                                let what = format!("{id} {key} {term} by {engine}");
                                near(errors[maximum.position(&term)], expected, 1e-6, &what);
                                compared += 1;
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(compared > 3900, "only {compared} numbers were compared");
}

#[test]
fn registered_variances_joint_tests_and_contrasts() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/03_glm_logit_probit_poisson.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let outcomes = analyse(&registration(is_tested), &csv);
    let mut compared = 0;
    for (id, model) in &outcomes.models {
        assert_eq!(model.note, None, "{id}");
        let parts: Vec<&str> = id.split('.').collect();
        let [family, design, weighting, vcov, information] = parts[..] else {
            panic!("{id}")
        };
        let case = &oracle["cases"][format!("{family}/{design}/{weighting}")];
        let canonical = family != "probit";
        for (ours_is, key, on) in VCOVS {
            if ours_is != vcov || (on != information && !canonical) {
                continue;
            }
            for (engine, term, expected) in each(&case[key]) {
                if passed_over(&engine) || differs(family, &engine, key, information) {
                    continue;
                }
                let found = model.coefficients.iter().find(|c| c.term == ours(&term)).unwrap();
                let what = format!("{id} {key} {term} by {engine}");
                near(found.std_error, expected, 1e-6, &what);
                compared += 1;
            }
        }
        if vcov == "classical" {
            let key = match (canonical, information) {
                (false, "observed") => "p_z_classical_observed",
                _ => "p_z_classical",
            };
            for (engine, term, expected) in each(&case[key]) {
                if passed_over(&engine) || differs(family, &engine, "se_classical", information) {
                    continue;
                }
                let found = model.coefficients.iter().find(|c| c.term == ours(&term)).unwrap();
                if expected < 1e-300 {
                    assert!(found.p_value < 1e-299, "{id} {key} {term} by {engine}");
                    continue;
                }
                // Iterations leave ln p as good as z² times theirs.
                let room = 1e-6 * (1.0 + found.statistic * found.statistic);
                let off = (found.p_value.ln() - expected.ln()).abs();
                assert!(
                    off < room,
                    "{id} {key} {term} by {engine}: {} is not {expected}",
                    found.p_value
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
        if weighting == "unweighted" {
            for (engine, term, expected) in each(&case["loglik_null_dev_aic"]) {
                if term == "loglik" {
                    let found = model.log_likelihood.unwrap();
                    near(found, expected, 1e-9, &format!("{id} loglik by {engine}"));
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 1000, "only {compared} numbers were compared");
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
