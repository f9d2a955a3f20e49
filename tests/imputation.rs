//! Multiple imputation, held to R's mice (tests/oracle/imputation.R): Rubin's rules exactly, chained equations by their
//! pooled estimates at many draws.

mod reference;

use asregistered::data::Column;
use asregistered::estimate::rubin::pool;
use asregistered::inference::{self, Outcomes};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const REGISTRATION: &str = r#"
asregistered: 1
study: {id: imputation, title: Imputation, authors: [{name: Nobody}], timing: before_collection}
design: {kind: between_subjects, allocation: independent}
variables:
  y: {role: outcome, label: Neuroticism}
  high: {role: outcome, label: High, scale: {min: 0, max: 1}}
  age: {role: covariate, label: Age}
  education: {role: covariate, label: Education}
  arm: {role: factor, label: Arm, levels: [a, b], reference: a, probability: equal}
missing: {outcome: drop_from_test, covariate: multiple_imputation}
imputation: {draws: 100, iterations: 10}
models:
  linear: {estimator: ols, formula: y ~ arm + age + education, vcov: classical}
  logit: {estimator: logit, formula: high ~ arm + age + education, vcov: classical}
tests:
  arm: {model: linear, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}
  age: {model: linear, coefficient: age, alternative: less, alpha: 0.05}
  log_odds: {model: logit, of: arm, contrast: b - a, scale: link, alternative: two_sided, alpha: 0.05}
  effect: {model: logit, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: It differs., status: primary, corroborated_if: arm or age or log_odds or effect}}
"#;

fn oracle(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

/// A CSV's rows by column.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(oracle(name)).unwrap();
    let mut lines = text
        .lines()
        .map(|l| l.split(',').map(|c| c.trim_matches('"').to_owned()));
    let head: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|line| head.iter().cloned().zip(line).collect())
        .collect()
}

fn number(row: &BTreeMap<String, String>, key: &str) -> f64 {
    match row[key].as_str() {
        "Inf" => f64::INFINITY,
        cell => cell.parse().unwrap(),
    }
}

fn analysed(registration: &str) -> Outcomes {
    reference::analyse(registration, &oracle("imputation_data.csv"))
}

#[test]
fn rubins_rules_are_those_of_mice() {
    let draws = rows("imputation_draws.csv");
    let mut compared = 0;
    for expected in rows("imputation_pooled.csv") {
        let of: Vec<(f64, f64)> = draws
            .iter()
            .filter(|d| d["term"] == expected["term"])
            .map(|d| (number(d, "estimate"), number(d, "variance")))
            .collect();
        assert_eq!(of.len(), 10);
        let pooled = pool(&of, number(&expected, "complete_df"));
        let term = &expected["term"];
        reference::close(pooled.estimate, number(&expected, "estimate"), term);
        reference::close(pooled.std_error, number(&expected, "std_error"), term);
        reference::close(pooled.df, number(&expected, "df"), term);
        reference::close(pooled.missing_information, number(&expected, "missing"), term);
        let statistic = pooled.estimate / pooled.std_error;
        let p = asregistered::estimate::tails::t_two_sided(statistic, pooled.df);
        reference::close(p, number(&expected, "p"), term);
        compared += 1;
    }
    assert_eq!(compared, 6);
    // The least share of variance between draws that mice knows of.
    assert_eq!(pool(&[(1.0, 1.0); 5], f64::INFINITY).df, 4.0 / 1e-8);
}

#[test]
fn chained_equations_give_the_estimates_of_mice() {
    let outcomes = analysed(REGISTRATION);
    let mut compared = 0;
    for expected in rows("imputation.csv") {
        let model = &outcomes.models[&expected["model"]];
        let term = match expected["term"].as_str() {
            "armb" => "arm[b]",
            term => term,
        };
        let found = model.coefficients.iter().find(|c| c.term == term);
        let found = found.unwrap_or_else(|| panic!("{term}: {:#?}", model.coefficients));
        let ratio = found.std_error / number(&expected, "std_error");
        // Four standard errors of both simulations.
        let between = number(&expected, "between");
        let error = 4.0 * (between / number(&expected, "draws") + between / 100.0).sqrt();
        let apart = (found.estimate - number(&expected, "estimate")).abs();
        assert!(apart < error, "{term}: {apart} apart, {error} allowed");
        // The variance between draws is known as well as a χ² of their number.
        let share = between / number(&expected, "std_error").powi(2);
        let allowed = 2.0 * share * (2.0 / (number(&expected, "draws") - 1.0) + 2.0 / 99.0).sqrt() + 0.002;
        assert!(
            (ratio - 1.0).abs() < allowed,
            "{term}: {ratio}, {allowed} allowed"
        );

        compared += 1;
    }
    assert_eq!(compared, 8);
    let linear = outcomes.models["linear"].imputed.as_ref().unwrap();
    let cells: Vec<(&str, u64)> = linear
        .cells
        .iter()
        .map(|c| (c.variable.as_str(), c.cells))
        .collect();
    assert_eq!(cells, [("age", 77), ("education", 91)]);
    assert_eq!(outcomes.models["linear"].n, 400);
    let test = &outcomes.tests["arm"];
    let same = outcomes.models["linear"]
        .coefficients
        .iter()
        .find(|c| c.term == "arm[b]")
        .unwrap();
    reference::close(test.estimate.unwrap(), same.estimate, "arm");
    reference::close(test.p_value.unwrap(), same.p_value, "arm");
    assert!(test.method.as_deref().unwrap().contains("100 imputations"));
    assert!(outcomes.tests["effect"].p_value.is_some() && outcomes.tests["log_odds"].p_value.is_some());
    let fraction = |id: &str| outcomes.tests[id].missing_information.unwrap();
    assert!(
        fraction("age") > 0.1 && fraction("arm") < 0.05,
        "{} {}",
        fraction("age"),
        fraction("arm")
    );
}

#[test]
fn draws_come_from_the_seed_and_leave_what_is_known() {
    let few = REGISTRATION.replace("draws: 100", "draws: 3");
    let (plan, sample) = reference::read(&few, &oracle("imputation_data.csv"));
    let numbers = |seed| inference::analyse(&plan, &sample, [seed; 32]).tests;
    assert_eq!(numbers(1), numbers(1));
    assert_ne!(numbers(1)["age"].estimate, numbers(2)["age"].estimate);
    // Without missing values nothing is drawn, and the fit is the ordinary one.
    let whole = {
        let mut whole = sample.clone();
        for name in ["age", "education"] {
            let Some(Column::Number(values)) = whole.columns.get_mut(name).map(Arc::make_mut) else {
                panic!("{name} is a number")
            };
            for (row, value) in values.iter_mut().enumerate() {
                *value = value.or(Some(20.0 + (row % 7) as f64));
            }
        }
        whole
    };
    let mut fails = plan.clone();
    fails.missing.insert(
        asregistered::plan::Role::Covariate,
        asregistered::plan::MissingRule::Fail,
    );
    let (imputed, ordinary) = (
        inference::analyse(&plan, &whole, [1; 32]),
        inference::analyse(&fails, &whole, [1; 32]),
    );
    assert_eq!(imputed.tests, ordinary.tests);
    assert_eq!(imputed.models["linear"].imputed, None);
}

#[test]
fn an_outcome_is_never_imputed_and_levels_are_refused() {
    let few = REGISTRATION.replace("draws: 100", "draws: 3");
    let (plan, sample) = reference::read(&few, &oracle("imputation_data.csv"));
    let mut less = sample.clone();
    let Some(Column::Number(y)) = less.columns.get_mut("y").map(Arc::make_mut) else {
        panic!("y is a number")
    };
    y[..25].fill(None);
    let outcomes = inference::analyse(&plan, &less, [1; 32]);
    assert_eq!(
        (
            outcomes.models["linear"].n,
            outcomes.models["linear"].dropped_missing
        ),
        (375, 25)
    );
    assert_eq!(outcomes.models["logit"].n, 400);
    // A covariate with levels that a row lacks.
    let grouped = few
        .replace(
            "education: {role: covariate, label: Education}",
            "education: {role: covariate, label: Education, levels: ['1', '2', '3', '4', '5']}",
        )
        .replace("scale: link, ", "");
    let outcomes = analysed(&grouped);
    let note = outcomes.tests["arm"].note.as_deref().unwrap();
    assert!(
        note.contains("E007") && note.contains("education") && note.contains("only numbers"),
        "{note}"
    );
}

#[test]
fn what_is_not_pooled_is_refused_at_its_place() {
    let model = "linear: {estimator: ols, formula: y ~ arm + age + education, vcov: classical}";
    let test = "arm: {model: linear, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}";
    for (old, new, code, words) in [
        (
            "imputation: {draws: 100, iterations: 10}\n",
            "",
            "S007",
            "number of its draws",
        ),
        ("draws: 100", "draws: 1", "S010", "too few"),
        ("iterations: 10", "iterations: 0", "S010", "too few"),
        (
            "covariate: multiple_imputation",
            "covariate: indicator",
            "S032",
            "nothing is imputed",
        ),
        (
            "outcome: drop_from_test, covariate",
            "covariate: fail, outcome",
            "S010",
            "only missing covariates",
        ),
        (
            "vcov: classical}\n  logit",
            "vcov: bootstrap, bootstrap: {draws: 500, kind: pairs, intervals: normal}}\n  logit",
            "S032",
            "errors are pooled",
        ),
        (
            "formula: y ~ arm + age + education, vcov: classical",
            "formula: y ~ arm + age | education, vcov: HC1",
            "S032",
            "absorbed",
        ),
        (
            "age: {model: linear, coefficient: age, alternative: less, alpha: 0.05}",
            "age: {model: linear, joint: age, alpha: 0.05}",
            "S032",
            "one estimate",
        ),
        (
            test,
            "arm: {model: linear, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05, randomization: {draws: 999, statistic: t}}",
            "S032",
            "redrawn",
        ),
        (
            test,
            "arm: {model: linear, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05, bayes_factor: {prior: normal, mean: 0, sd: 1}}",
            "S032",
            "Bayes factors",
        ),
    ] {
        assert!(
            REGISTRATION.contains(old) && REGISTRATION.contains(model),
            "{old}"
        );
        let (_, problems) = reference::lowered(&REGISTRATION.replace(old, new));
        let found = problems
            .iter()
            .find(|d| d.code.id == code && d.message.contains(words));
        let found = found.unwrap_or_else(|| panic!("{new}: {problems:#?}"));
        assert!(
            found.at.as_ref().is_some_and(|at| at.line > 9),
            "{new}: {found:#?}"
        );
    }
}
