//! Likelihood-ratio tests of nested models and of proportional odds, and contrasts by arm sizes, from the registration:
//! against R's `glm`, ordinal, nnet, lme4 (`tests/oracle/nested.R`) and the shared oracles.
//!
//! Statistics to 1e-6 relative to their size or to one, p to 1e-6 on the log scale.

mod reference;

use asregistered::diagnostic::any_error;
use reference::{SURVEY, analyse, close, close_p, each, json, lowered, near, shared};

const ONE: &str = "hypotheses: {H: {statement: s, status: primary, corroborated_if: T}}\n";

fn model(kind: &str) -> String {
    let two = "us_response * treaty + age";
    let three = "us_response + treaty + age";
    let rest = ", vcov: classical";
    match kind {
        "logit" | "probit" | "cloglog" => format!("estimator: {kind}, formula: approve ~ {two}{rest}"),
        "frequency" => format!(
            "estimator: logit, formula: approve ~ us_response + age, weights: {{column: fweight, kind: frequency}}{rest}"
        ),
        "poisson" => format!("estimator: poisson, formula: count_y ~ us_response + age{rest}"),
        "multinomial" => format!("estimator: multinomial, formula: party ~ us_response + age{rest}"),
        "mixed" => format!(
            "estimator: mixed, likelihood: ml, formula: approval ~ us_response + age + (1 | state){rest}"
        ),
        "arms" => format!("estimator: ordered_logit, formula: approval ~ us_response{rest}"),
        _ => format!("estimator: {kind}, formula: contribution ~ {three}{rest}"),
    }
}

/// The survey's codebook, with answers as ordered categories.
fn survey() -> String {
    let ordered = |name: &str, top: u32| {
        let levels: Vec<String> = (1..=top).map(|l| format!("\"{l}\"")).collect();
        (
            format!("{name}: {{role: outcome}}"),
            format!(
                "{name}: {{role: outcome, ordered: true, levels: [{}]}}",
                levels.join(", ")
            ),
        )
    };
    let (plain, categories) = ordered("contribution", 5);
    let text = SURVEY.replace(&plain, &categories);
    text.replace(
        "levels: [democrat, independent, republican]}",
        "levels: [democrat, independent, republican], reference: democrat}",
    )
}

#[test]
fn ratios_are_those_of_r() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let mut expected = Vec::new();
    for line in include_str!("oracle/nested.csv").lines().skip(2) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |at: usize| cells[at].parse::<f64>().unwrap();
        expected.push((cells[0].to_owned(), number(1), number(2), number(3)));
    }
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (at, (id, ..)) in expected.iter().enumerate() {
        let (kind, rest) = id.split_once('.').unwrap();
        if id == "ordered_logit.odds.arms" {
            continue;
        }
        models.push_str(&format!("  m{at}: {{{}}}\n", model(kind)));
        let asked = match rest.strip_prefix("odds.") {
            Some(term) => format!("proportional_odds: {term}"),
            None => format!("joint: \"{rest}\", statistic: likelihood_ratio"),
        };
        tests.push_str(&format!("  t{at}: {{model: m{at}, {asked}, alpha: 0.05}}\n"));
    }
    let one = ONE.replace("corroborated_if: T", "corroborated_if: t0");
    let outcomes = analyse(&format!("{}{models}{tests}{one}", survey()), &csv);
    let mut compared = 0;
    for (at, (id, statistic, df, p)) in expected.iter().enumerate() {
        let Some(test) = outcomes.tests.get(&format!("t{at}")) else {
            continue;
        };
        assert_eq!(test.note, None, "{id}");
        assert_eq!(test.statistic_name.as_deref(), Some("χ²"), "{id}");
        assert_eq!(test.df, Some(vec![*df]), "{id}");
        assert!(
            test.method.as_ref().unwrap().starts_with("likelihood ratio"),
            "{id}"
        );
        let found = test.statistic.unwrap();
        assert!(
            (found - statistic).abs() < 1e-6 * statistic.max(1.0),
            "{id}: {found} is not {statistic}"
        );
        near(test.p_value.unwrap().ln(), p.ln(), 1e-6, id);
        compared += 1;
    }
    assert_eq!(compared, expected.len() - 1);
}

/// `nominal_test` gives no number here, a model of its own for each cutpoint does.
#[test]
fn proportional_odds_of_approval_by_arms() {
    let (Some(csv), Some(oracle)) = (
        shared("oracles/data_1502.csv"),
        json("oracles/04_ordered_models.json"),
    ) else {
        return;
    };
    let held = &oracle["cases"]["logistic/approval_arms"]["proportional_odds_LR_nominal_test"];
    assert_eq!(held["implementations"]["R ordinal::nominal_test"]["lr"], "NA");
    let text = format!(
        "{}models: {{m: {{{}}}}}\ntests: {{T: {{model: m, proportional_odds: us_response, alpha: 0.05}}}}\n{ONE}",
        SURVEY.replace(
            "approval: {role: outcome}",
            "approval: {role: outcome, ordered: true, levels: [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\"]}"
        ),
        model("arms")
    );
    let outcomes = analyse(&text, &csv);
    let line = include_str!("oracle/nested.csv")
        .lines()
        .find(|l| l.contains("odds.arms"))
        .unwrap();
    let expected: Vec<f64> = line
        .split(',')
        .skip(1)
        .map(|c| c.trim().parse().unwrap())
        .collect();
    let test = &outcomes.tests["T"];
    assert_eq!(test.note, None);
    near(test.statistic.unwrap(), expected[0], 1e-7, "statistic");
    assert_eq!(test.df, Some(vec![expected[1]]));
    close_p(test.p_value.unwrap(), expected[2], "p");
    assert_eq!(test.rejects, Some(false));
}

#[test]
fn ratios_of_interactions_in_the_shared_oracle() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/03_glm_logit_probit_poisson.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let terms = "us_response * (regime + capability + treaty)";
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (family, y) in [
        ("logit", "approve"),
        ("probit", "approve"),
        ("poisson", "count_y"),
    ] {
        models.push_str(&format!(
            "  {family}: {{estimator: {family}, formula: {y} ~ {terms}, vcov: classical}}\n"
        ));
        for by in ["regime", "capability", "treaty"] {
            tests.push_str(&format!("  {family}.{by}: {{model: {family}, joint: us_response:{by}, statistic: likelihood_ratio, alpha: 0.05}}\n"));
        }
    }
    let one = ONE.replace("corroborated_if: T", "corroborated_if: logit.regime");
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for (id, test) in &outcomes.tests {
        let (family, by) = id.split_once('.').unwrap();
        let case = &oracle["cases"][format!("{family}/inter/unweighted")];
        for (engine, term, expected) in each(&case[format!("lr_chi2_us_response:{by}")]) {
            let what = format!("{id} {term} by {engine}");
            match term.as_str() {
                "stat" => near(test.statistic.unwrap(), expected, 1e-6, &what),
                "df1" => assert_eq!(test.df, Some(vec![expected]), "{what}"),
                "p" => close_p(test.p_value.unwrap(), expected, &what),
                other => panic!("{other}"),
            }
            compared += 1;
        }
    }
    assert!(compared >= 45, "only {compared} numbers were compared");
}

#[test]
fn pooled_arms_weighed_by_their_rows() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/02_contrasts_and_wald.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let vcovs = [
        ("classical", "const"),
        ("HC0", "HC0"),
        ("HC1", "HC1"),
        ("HC2", "HC2"),
        ("HC3", "HC3"),
    ];
    let weightings = [
        ("unweighted", ""),
        ("aweight", "weights: {column: weight, kind: analytic}, "),
    ];
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (weighting, weights) in weightings {
        for (vcov, _) in vcovs {
            let id = format!("{weighting}.{vcov}");
            models.push_str(&format!(
                "  {id}: {{estimator: ols, formula: approval ~ us_response, {weights}vcov: {vcov}}}\n"
            ));
            tests.push_str(&format!("  t.{id}: {{model: {id}, of: us_response, contrast: \"mean(denounce, sanctions, reduce_aid, terminate) - status_quo\", weigh: rows, alternative: two_sided, alpha: 0.05}}\n"));
        }
    }
    let one = ONE.replace("corroborated_if: T", "corroborated_if: t.unweighted.HC2");
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for (weighting, _) in weightings {
        let case = &oracle["cases"][format!("pooled_contrast_size_arm_weights/{weighting}")];
        for (vcov, key) in vcovs {
            let test = &outcomes.tests[&format!("t.{weighting}.{vcov}")];
            assert_eq!(test.note, None);
            for (engine, term, expected) in each(&case[key]) {
                let what = format!("{weighting} {vcov} {term} by {engine}");
                match term.as_str() {
                    "est" => close(test.estimate.unwrap(), expected, &what),
                    "se" => close(test.std_error.unwrap(), expected, &what),
                    "t" => close(test.statistic.unwrap(), expected, &what),
                    "df" => assert_eq!(test.df, Some(vec![expected]), "{what}"),
                    "p" => close_p(test.p_value.unwrap(), expected, &what),
                    "lo" => close(test.conf_low.unwrap(), expected, &what),
                    "hi" => close(test.conf_high.unwrap(), expected, &what),
                    other => panic!("{other}"),
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "only {compared} numbers were compared");
}

#[test]
fn what_has_no_ratio_is_refused() {
    let logit = "estimator: logit, formula: approve ~ us_response + age";
    let ratio = "joint: us_response, statistic: likelihood_ratio";
    let odds = "proportional_odds: us_response";
    let rows = "of: us_response, contrast: \"mean(denounce, sanctions) - status_quo\", weigh: rows";
    for (model, test, says) in [
        (
            format!("{logit}, vcov: HC0"),
            ratio,
            "takes the rows as independent",
        ),
        (
            format!("{logit}, vcov: robust, weights: {{column: weight, kind: probability}}"),
            ratio,
            "takes the rows as independent",
        ),
        (
            String::from("estimator: ols, formula: approval ~ us_response, vcov: classical"),
            ratio,
            "not fitted by maximum likelihood",
        ),
        (
            String::from(
                "estimator: mixed, likelihood: reml, formula: approval ~ us_response + (1 | state), vcov: classical",
            ),
            ratio,
            "REML likelihoods cannot be compared",
        ),
        (
            format!("{logit}, vcov: classical"),
            odds,
            "it is of an ordered model",
        ),
        (
            String::from(
                "estimator: ols, formula: approval ~ us_response, weights: {column: weight, kind: probability}, vcov: HC2",
            ),
            rows,
            "shares of the sample or of the population",
        ),
        (
            format!("{logit}, vcov: classical"),
            "joint: us_response, statistic: likelihood_ratio, weigh: rows",
            "`weigh` means nothing for this quantity",
        ),
        (
            format!("{logit}, vcov: classical"),
            "coefficient: age, alternative: two_sided, statistic: likelihood_ratio",
            "`statistic` means nothing for this quantity",
        ),
    ] {
        let text = format!(
            "{SURVEY}models: {{m: {{{model}}}}}\ntests: {{T: {{model: m, {test}, alpha: 0.05}}}}\n{ONE}"
        );
        let (_, problems) = lowered(&text);
        assert!(any_error(&problems), "{model} {test}");
        assert!(
            problems.iter().any(|p| p.message.contains(says)),
            "{model} {test}: {problems:#?}"
        );
    }
}
