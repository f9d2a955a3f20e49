//! What the shared oracle files hold and no other test compares (`tests/oracle_audit.rs`).
//!
//! Tolerances: 1e-9 relative, 1e-6 for what iterations give and for p on the log scale.

mod reference;

use asregistered::estimate::tails;
use asregistered::inference::{self, adjusted};
use asregistered::plan::Adjust;
use asregistered::{design, estimate};
use reference::{SURVEY, analyse, close, close_p, each, json, near, ours, read, shared};
use serde_json::Value;

const ARMS: [&str; 5] = ["status_quo", "denounce", "sanctions", "reduce_aid", "terminate"];
const TWO: &str = "alternative: two_sided, alpha: 0.05";

fn one(test: &str) -> String {
    format!("hypotheses: {{H: {{statement: s, status: primary, corroborated_if: {test}}}}}\n")
}

#[test]
fn means_of_the_arms() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let mut models = String::from(
        "models:\n  w: {estimator: ols, formula: approval ~ us_response, weights: {column: weight, kind: probability}, vcov: robust}\n",
    );
    let mut tests = String::from("tests:\n");
    for arm in ARMS {
        models.push_str(&format!("  {arm}: {{estimator: one_sample_t, formula: approval ~ 1, vcov: none, subset: us_response = '{arm}'}}\n"));
        tests.push_str(&format!("  t.{arm}: {{model: {arm}, parameter: mean, {TWO}}}\n"));
        tests.push_str(&format!(
            "  w.{arm}: {{model: w, of: us_response, margin: {arm}, {TWO}}}\n"
        ));
    }
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{}", one("t.denounce")), &csv);
    let mut compared = 0;
    for arm in ARMS {
        let case = &oracle["cases"][format!("arm/{arm}")];
        for (quantity, prefix) in [("mean_sd_se_n", "t"), ("wmean_se", "w")] {
            let test = &outcomes.tests[&format!("{prefix}.{arm}")];
            assert_eq!(test.note, None);
            for (engine, term, expected) in each(&case[quantity]) {
                let what = format!("{arm} {quantity} {term} by {engine}");
                let (n, error) = (test.n.unwrap() as f64, test.std_error.unwrap());
                match term.as_str() {
                    "mean" => close(test.estimate.unwrap(), expected, &what),
                    "se" => close(error, expected, &what),
                    "sd" => close(error * n.sqrt(), expected, &what),
                    "n" => close(n, expected, &what),
                    other => panic!("{other}"),
                }
                compared += 1;
            }
        }
    }
    assert!(compared >= 60, "{compared}");
}

#[test]
fn the_rest_of_least_squares() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/01_ols_standard_errors.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let formulas = [
        ("H1", "approval ~ us_response", "us_response"),
        ("H1_any", "approval ~ any_action", "any_action"),
        (
            "H2",
            "contribution ~ uncooperative_action",
            "uncooperative_action",
        ),
        (
            "H3",
            "approval ~ us_response * (regime + capability + treaty)",
            "us_response, regime, capability, treaty, \"us_response:regime\", \"us_response:capability\", \"us_response:treaty\"",
        ),
        (
            "H1_cov",
            "approval ~ us_response + age + gender + education + party + hawkishness",
            "us_response, age, gender, education, party, hawkishness",
        ),
    ];
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    let weightings = [
        ("unweighted", ""),
        ("aweight", "weights: {column: weight, kind: analytic}, "),
        ("pweight_svy", "weights: {column: weight, kind: probability}, "),
    ];
    for (id, formula, all) in formulas {
        for (weighting, weights) in weightings {
            for vcov in ["classical", "HC0", "HC1", "HC2", "HC3", "CR2", "robust"] {
                if (weighting == "pweight_svy") != (vcov == "robust") {
                    continue;
                }
                let cluster = if vcov == "CR2" { ", cluster: state" } else { "" };
                let name = format!("{id}.{weighting}.{vcov}");
                models.push_str(&format!(
                    "  {name}: {{estimator: ols, formula: {formula}, {weights}vcov: {vcov}{cluster}}}\n"
                ));
                tests.push_str(&format!(
                    "  j.{name}: {{model: {name}, joint: [{all}], alpha: 0.05}}\n"
                ));
            }
        }
    }
    let text = format!("{SURVEY}{models}{tests}{}", one("j.H1.unweighted.HC2"));
    let (plan, sample) = read(&text, &csv);
    let outcomes = inference::analyse(&plan, &sample, [0; 32]);
    let mut compared = 0;
    for (name, model) in &outcomes.models {
        assert_eq!(model.note, None, "{name}");
        let [id, weighting, vcov] = name.split('.').collect::<Vec<_>>()[..] else {
            panic!("{name}")
        };
        let case = &oracle["cases"][format!("{id}/{weighting}")];
        let coefficient = |term: &str| model.coefficients.iter().find(|c| c.term == ours(term)).unwrap();
        for (engine, term, expected) in each(&case[format!("p_z_{vcov}")]) {
            let t = coefficient(&term).statistic;
            let what = format!("{name} p_z {term} by {engine}");
            // Statsmodels' tail ends at the smallest normal double.
            close_p(tails::t_two_sided(t, f64::INFINITY), expected, &what);
            compared += 1;
        }
        if vcov == "classical" {
            let test = &outcomes.tests[&format!("j.{name}")];
            for (engine, term, expected) in each(&case["overall_F_classical"]) {
                let what = format!("{name} overall {term} by {engine}");
                match term.as_str() {
                    "F" => close(test.statistic.unwrap(), expected, &what),
                    "df1" => close(test.df.as_ref().unwrap()[0], expected, &what),
                    "df2" => close(test.df.as_ref().unwrap()[1], expected, &what),
                    "p" => close_p(test.p_value.unwrap(), expected, &what),
                    other => panic!("{other}"),
                }
                compared += 1;
            }
        }
        if vcov == "CR2" {
            for (engine, term, expected) in each(&case["df_satt_CR2_state"]) {
                let what = format!("{name} df {term} by {engine}");
                close(coefficient(&term).df.unwrap(), expected, &what);
                compared += 1;
            }
        }
        if vcov == "robust" {
            for (_, _, expected) in each(&case["df_resid"]) {
                assert_eq!(model.df_residual, expected, "{name}");
                compared += 1;
            }
        }
        if vcov == "HC2" {
            let fit_of = &plan.models[name];
            let built = design::build(&plan, fit_of, &sample).unwrap();
            let fit = estimate::fit(&built, fit_of, [0; 32]).unwrap();
            let position = |term: &str| fit.names.iter().position(|n| *n == ours(term)).unwrap();
            for (engine, pair, expected) in each(&case["vcov_HC2_flat"]) {
                let (a, b) = pair.split_once(" | ").unwrap();
                let (a, b) = (position(a), position(b));
                let scale = (fit.vcov[a][a] * fit.vcov[b][b]).sqrt();
                let off = (fit.vcov[a][b] - expected).abs() / scale;
                assert!(off < 1e-9, "{name} {pair} by {engine}: {off:e}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1500, "only {compared} numbers were compared");
}

/// z-based p, predictions by observed arm, observed information, emmeans' proportional grid.
#[test]
fn the_rest_of_margins() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/05_margins_and_ames.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let terms = "us_response * (regime + capability + treaty) + age + party + hawkishness";
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    let mut cases = Vec::new();
    for key in oracle["cases"].as_object().unwrap().keys() {
        let (family, vcov) = key.split_once('/').unwrap();
        let y = match family {
            "ols" => "approval",
            "poisson" => "count_y",
            "logit" | "probit" => "approve",
            _ => continue,
        };
        let (variance, more) = match vcov {
            "CR1" => ("CR1", ", cluster: state"),
            "svyglm_weighted" => ("robust", ", weights: {column: weight, kind: probability}"),
            other => (other, ""),
        };
        for information in ["expected", "observed"] {
            if information == "observed" && family != "probit" {
                continue;
            }
            let own = match family {
                "ols" => String::new(),
                _ => format!(", information: {information}"),
            };
            let id = format!("{family}.{vcov}.{information}");
            models.push_str(&format!(
                "  {id}: {{estimator: {family}, formula: {y} ~ {terms}, vcov: {variance}{more}{own}}}\n"
            ));
            let scale = if family == "ols" { "" } else { "scale: response, " };
            let average = "average: observed";
            for arm in ARMS {
                let of = format!("model: {id}, of: us_response");
                tests.push_str(&format!(
                    "  m.{arm}.{id}: {{{of}, margin: {arm}, {scale}{average}, {TWO}}}\n"
                ));
                tests.push_str(&format!("  o.{arm}.{id}: {{{of}, margin: {arm}, by: {{us_response: {arm}}}, {scale}{average}, {TWO}}}\n"));
                if family != "ols" {
                    tests.push_str(&format!(
                        "  g.{arm}.{id}: {{{of}, margin: {arm}, scale: link, {average}, {TWO}}}\n"
                    ));
                }
                if arm == "status_quo" {
                    continue;
                }
                tests.push_str(&format!(
                    "  a.{arm}.{id}: {{{of}, contrast: {arm} - status_quo, {scale}{average}, {TWO}}}\n"
                ));
                for treaty in ["formal", "none"] {
                    tests.push_str(&format!("  s.{treaty}.{arm}.{id}: {{{of}, contrast: {arm} - status_quo, by: {{treaty: {treaty}}}, {scale}{average}, {TWO}}}\n"));
                }
            }
            for number in ["age", "hawkishness"] {
                tests.push_str(&format!(
                    "  d.{number}.{id}: {{model: {id}, slope: {number}, {scale}{TWO}}}\n"
                ));
            }
            cases.push((key.clone(), id, information));
        }
    }
    let outcomes = analyse(
        &format!("{SURVEY}{models}{tests}{}", one("a.denounce.ols.HC2.expected")),
        &csv,
    );
    let quantities = [
        ("predictive_margin_us_response", "m"),
        ("average_prediction_by_observed_us_response", "o"),
        ("ame_us_response_vs_status_quo", "a"),
        ("ame_slope_age", "d"),
        ("ame_slope_hawkishness", "d"),
        ("ame_us_response_by_treaty(observed subgroup)", "s"),
    ];
    let mut compared = [0; 4];
    for (key, id, information) in &cases {
        let case = &oracle["cases"][key];
        let test = |prefix: &str, term: &str| {
            let found = &outcomes.tests[&format!("{prefix}.{}.{id}", term.replace(": ", "."))];
            assert_eq!(found.note, None, "{id} {term}");
            found
        };
        for (quantity, prefix) in quantities {
            if *information == "observed" {
                for (engine, term, expected) in each(&case[format!("{quantity}_se_observed_information")]) {
                    let what = format!("{key} {quantity} observed information {term} by {engine}");
                    // Python's marginaleffects differentiates numerically.
                    near(test(prefix, &term).std_error.unwrap(), expected, 2e-5, &what);
                    compared[0] += 1;
                }
                continue;
            }
            for (engine, term, expected) in each(&case[format!("{quantity}_p_z")]) {
                let test = test(prefix, &term);
                let z = test.estimate.unwrap() / test.std_error.unwrap();
                let p = tails::t_two_sided(z, f64::INFINITY);
                let what = format!("{key} {quantity} p {term} by {engine}");
                if expected < 1e-300 {
                    assert!(p < 1e-299, "{what}");
                } else {
                    // An error that is good to 1e-5, as numerical Jacobians are, moves ln p by z² times that.
                    let room = 1e-6 + 2e-5 * (1.0 + z * z);
                    assert!(
                        (p.ln() - expected.ln()).abs() < room,
                        "{what}: {p:e} is not {expected:e}"
                    );
                }
                if !key.starts_with("ols") {
                    close_p(test.p_value.unwrap(), p, &what);
                }
                compared[1] += 1;
            }
            if prefix != "o" {
                continue;
            }
            for part in ["estimate", "se"] {
                for (engine, term, expected) in each(&case[format!("{quantity}_{part}")]) {
                    let test = test(prefix, &term);
                    let found = if part == "se" {
                        test.std_error
                    } else {
                        test.estimate
                    };
                    let what = format!("{key} {quantity} {part} {term} by {engine}");
                    near(found.unwrap(), expected, 2e-5, &what);
                    compared[2] += 1;
                }
            }
        }
        let grid = "emmeans_proportional (NOT an average prediction for nonlinear models)";
        if *information == "expected" {
            for (engine, term, expected) in each(&case[grid]) {
                let what = format!("{key} proportional grid {term} by {engine}");
                // emmeans turns the average on the link scale back.
                let found = match key.split_once('/').unwrap().0 {
                    "ols" => test("m", &term).estimate.unwrap(),
                    family => inverse(family, test("g", &term).estimate.unwrap()),
                };
                near(found, expected, 1e-6, &what);
                compared[3] += 1;
            }
        }
    }
    assert!(
        compared[0] >= 10 && compared[1] > 200 && compared[2] > 100 && compared[3] >= 50,
        "only {compared:?} numbers were compared"
    );
}

fn inverse(family: &str, eta: f64) -> f64 {
    match family {
        "logit" => 1.0 / (1.0 + (-eta).exp()),
        "probit" => tails::normal_sf(-eta),
        _ => eta.exp(),
    }
}

/// The registration of a test of approval by whether anything was done.
fn any_action(estimator: &str, vcov: &str, more: &str) -> String {
    let survey = SURVEY.replace(
        "any_action: {role: covariate}",
        "any_action: {role: factor, levels: {none: \"0\", some: \"1\"}, reference: none}",
    );
    format!(
        "{survey}models: {{m: {{estimator: {estimator}, formula: approval ~ any_action, vcov: {vcov}}}}}\ntests: {{T: {{model: m, of: any_action, contrast: some - none, {more}alpha: 0.05}}}}\n{}",
        one("T")
    )
}

#[test]
fn any_action_against_none() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/06_two_sample_and_rank_tests.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let case = &oracle["cases"]["approval_any_vs_status_quo"];
    let mut compared = 0;
    let mut check = |key: &str, estimator: &str, vcov: &str, more: &str| {
        let outcomes = analyse(&any_action(estimator, vcov, more), &csv);
        let test = &outcomes.tests["T"];
        assert_eq!(test.note, None, "{key}");
        for (engine, term, expected) in each(&case[key]) {
            let what = format!("{key} {term} by {engine}");
            match term.as_str() {
                "t" => close(test.statistic.unwrap(), expected, &what),
                "W" | "U" | "U1" => close(test.statistic.unwrap(), expected, &what),
                "df" => close(test.df.as_ref().unwrap()[0], expected, &what),
                "p" | "value" => close_p(test.p_value.unwrap(), expected, &what),
                _ => continue,
            }
            compared += 1;
        }
    };
    for (side, suffix) in [("two_sided", ""), ("greater", "_p_greater"), ("less", "_p_less")] {
        let more = format!("alternative: {side}, ");
        check(&format!("welch_t{suffix}"), "difference_in_means", "HC2", &more);
        check(
            &format!("mannwhitney_normal_continuity{suffix}"),
            "mann_whitney",
            "none",
            &more,
        );
        check(
            &format!("mannwhitney_normal_no_continuity{suffix}"),
            "mann_whitney_uncorrected",
            "none",
            &more,
        );
    }
    check("student_t", "student_t", "none", "alternative: two_sided, ");
    for margin in ["0.2", "0.5"] {
        let more = format!("alternative: {{equivalent: {{low: -{margin}, high: {margin}}}}}, ");
        for (key, estimator, vcov) in [
            ("tost_welch_pm", "difference_in_means", "HC2"),
            ("tost_student_pm", "student_t", "none"),
        ] {
            check(&format!("{key}{margin}"), estimator, vcov, &more);
        }
    }
    assert!(compared > 20, "{compared}");
}

#[test]
fn standardised_differences() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/06_two_sample_and_rank_tests.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let mut compared = 0;
    let mut check = |case: &str, d: f64, g: f64| {
        for (engine, term, expected) in each(&oracle["cases"][case]["cohens_d_hedges_g"]) {
            let what = format!("{case} {term} by {engine}");
            match term.as_str() {
                "d" => close(d, expected, &what),
                "g_exact_gamma" => close(g, expected, &what),
                // 1 − 3/(4ν − 1) comes near the exact correction.
                "g" => near(g, expected, 2e-3, &what),
                other => panic!("{other}"),
            }
            compared += 1;
        }
    };
    let sizes = |text: &dyn Fn(&str) -> String| -> [f64; 2] {
        ["cohens_d", "hedges_g"].map(|size| {
            let outcomes = analyse(&text(size), &csv);
            outcomes.tests["T"]
                .effect_size
                .as_ref()
                .unwrap()
                .estimate
                .unwrap()
        })
    };
    let [d, g] = sizes(&|size| {
        any_action(
            "student_t",
            "none",
            &format!("alternative: two_sided, effect_size: {size}, "),
        )
    });
    check("approval_any_vs_status_quo", d, g);
    for arm in &ARMS[1..] {
        let [d, g] = sizes(&|size| {
            format!(
                "{SURVEY}models: {{m: {{estimator: student_t, formula: approval ~ us_response, vcov: none}}}}\ntests: {{T: {{model: m, of: us_response, contrast: {arm} - status_quo, effect_size: {size}, {TWO}}}}}\n{}",
                one("T")
            )
        });
        check(&format!("approval_{arm}_vs_status_quo"), d, g);
    }
    for (case, x, y) in [("small_xy", "x", "y"), ("small_tied", "tied_x", "tied_y")] {
        let group = |key: &str| -> Vec<f64> {
            let data = &oracle["cases"]["small_data"][key]["implementations"]["data"];
            (1..).map_while(|i: usize| data[i.to_string()].as_f64()).collect()
        };
        let (x, y) = (group(x), group(y));
        let d = estimate::effect::cohens_d(&x, &y, 0.95).unwrap().estimate;
        check(
            case,
            d,
            estimate::effect::hedges_g(&x, &y, 0.95).unwrap().estimate,
        );
    }
    assert!(compared > 25, "{compared}");
}

#[test]
fn attention_by_arm() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/06_two_sample_and_rank_tests.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let text = format!(
        "{}models: {{m: {{estimator: chi_squared, formula: attention_1 ~ us_response, vcov: none}}}}\ntests: {{T: {{model: m, joint: us_response, alpha: 0.05}}}}\n{}",
        SURVEY.replace("  age:", "  attention_1: {role: outcome}\n  age:"),
        one("T")
    );
    let outcomes = analyse(&text, &csv);
    let test = &outcomes.tests["T"];
    assert_eq!(test.note, None);
    let block: &Value = &oracle["cases"]["attention_1_x_us_response"]["chisq_no_correction"];
    let mut compared = 0;
    for (engine, term, expected) in each(block) {
        let what = format!("{term} by {engine}");
        match term.as_str() {
            "chi2" => close(test.statistic.unwrap(), expected, &what),
            "df" => close(test.df.as_ref().unwrap()[0], expected, &what),
            "p" => close_p(test.p_value.unwrap(), expected, &what),
            _ => continue,
        }
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
}

#[test]
fn permuted_families() {
    let Some(oracle) = json("oracles/07_p_value_corrections.json") else {
        return;
    };
    // A test of the family that was not run counts in its size.
    let raw: Vec<Option<f64>> = (1..=10)
        .map(|i| (i <= 5).then_some(f64::from(i) / 100.0))
        .collect();
    for (key, adjust) in [("holm (n=10)", Adjust::Holm), ("BH (n=10)", Adjust::Bh)] {
        let found = adjusted(&raw, adjust, 0.05);
        let mut compared = 0;
        for (engine, term, expected) in each(&oracle["cases"]["n_larger_than_length"][key]) {
            let own = found[term.parse::<usize>().unwrap() - 1].unwrap();
            close(own, expected, &format!("{key} {term} by {engine}"));
            compared += 1;
        }
        assert_eq!(compared, 5);
    }
    let case = &oracle["cases"]["westfall_young_small"];
    let cell = |row: &str, i: usize| {
        case[row]["implementations"]["data"][i.to_string()]
            .as_f64()
            .unwrap()
    };
    let mut csv = String::from("y1,y2,y3,y4,arm\n");
    for i in 1..=10 {
        let row = (1..=4).map(|r| cell(&format!("data_row{r}"), i).to_string());
        csv.push_str(&format!(
            "{},{}\n",
            row.collect::<Vec<_>>().join(","),
            cell("labels", i)
        ));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("genes.csv");
    asregistered::source::write_whole(&path, csv.as_bytes()).unwrap();
    let mut text = String::from(
        "asregistered: 1\nstudy: {id: genes, timing: after_access}\ndesign: {kind: between_subjects, allocation: complete}\nvariables:\n  arm: {role: factor, levels: {none: \"0\", some: \"1\"}, reference: none, probability: equal}\n",
    );
    let (mut models, mut tests) = (String::new(), String::new());
    for y in 1..=4 {
        text.push_str(&format!("  y{y}: {{role: outcome}}\n"));
        for vcov in ["HC2", "classical"] {
            models.push_str(&format!(
                "  {vcov}.{y}: {{estimator: ols, formula: y{y} ~ arm, vcov: {vcov}}}\n"
            ));
            tests.push_str(&format!("  T.{vcov}.{y}: {{model: {vcov}.{y}, of: arm, contrast: some - none, randomization: {{draws: 1000, statistic: t}}, {TWO}}}\n"));
        }
    }
    text.push_str(&format!(
        "missing: {{outcome: fail}}\nmodels:\n{models}tests:\n{tests}{}",
        one("T.HC2.1")
    ));
    let outcomes = analyse(&text, &path);
    let mut compared = 0;
    for (vcov, key) in [("HC2", "maxT_t"), ("classical", "maxT_t.equalvar")] {
        for (engine, term, expected) in each(&case[format!("{key}_statistic")]) {
            let test = &outcomes.tests[&format!("T.{vcov}.{term}")];
            close(
                test.statistic.unwrap(),
                expected,
                &format!("{key} {term} by {engine}"),
            );
            compared += 1;
        }
        for (engine, term, expected) in each(&case[format!("{key}_raw_perm_p")]) {
            let test = &outcomes.tests[&format!("T.{vcov}.{term}")];
            close(
                test.p_value.unwrap(),
                expected,
                &format!("{key} p {term} by {engine}"),
            );
            compared += 1;
        }
    }
    assert!(compared >= 24, "{compared}");
}
