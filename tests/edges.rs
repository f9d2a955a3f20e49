//! Where analyses go wrong: each case is refused by its code and in words that name the cause, or gives the
//! numbers that R gives; never a dropped column, a coefficient of 1e8 or a NaN.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::Outcomes;
use reference::{analyse, close, json, shared};
use serde_json::Value;

const CODEBOOK: &str = "
asregistered: 1
study: {id: edges, timing: after_access}
design: {kind: observational}
variables:
  y: {role: outcome}
  y_const: {role: outcome}
  y_big: {role: outcome}
  y_na: {role: outcome}
  sep: {role: outcome}
  quasi: {role: outcome}
  lik: {role: outcome}
  t: {role: covariate}
  x: {role: covariate}
  x_dup: {role: covariate}
  x_near: {role: covariate}
  x_na: {role: covariate}
  const1: {role: covariate}
  d_one: {role: covariate}
  arm: {role: factor, levels: [control, a, b], reference: control}
  ghosts: {role: factor, levels: [control, a, b, ghost], reference: control}
  cell_arm: {role: factor, levels: [control, a, b], reference: control}
  mod: {role: factor, levels: [lo, hi], reference: lo}
  id: {role: id}
  g: {role: cluster}
  g_single: {role: cluster}
  g_all1: {role: cluster}
  g_two: {role: cluster}
  g_na: {role: cluster}
  w_na: {role: weight}
  w_zero: {role: weight}
  w_neg: {role: weight}
missing: {outcome: drop_from_test, covariate: drop_from_test, factor: fail, cluster: drop_from_test, weight: drop_from_test}
";

/// Runs one model with one test on its first slope.
fn run(model: &str, test: &str) -> Option<Outcomes> {
    let csv = shared("oracles/edge_small.csv")?;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("edge.csv");
    // The same arms under a codebook with a level that nobody has.
    let text = std::fs::read_to_string(csv).unwrap();
    let mut lines = text.lines().map(str::to_owned).collect::<Vec<_>>();
    let arm = lines[0].split(',').position(|c| c == "arm").unwrap();
    for (i, line) in lines.iter_mut().enumerate() {
        let cell = line.split(',').nth(arm).unwrap().to_owned();
        line.push_str(if i == 0 { ",ghosts" } else { "," });
        if i > 0 {
            line.push_str(&cell);
        }
    }
    std::fs::write(&copy, lines.join("\n") + "\n").unwrap();
    let rest = "hypotheses: {H: {statement: s, status: primary, corroborated_if: T}}\n";
    let text = format!(
        "{CODEBOOK}models: {{m: {{{model}}}}}\ntests: {{T: {{model: m, {test}, alpha: 0.05}}}}\n{rest}"
    );
    Some(analyse(&text, &copy))
}

const SLOPE: &str = "coefficient: t, alternative: two_sided";

#[test]
fn what_cannot_be_estimated_is_refused_in_words() {
    let ols = "estimator: ols, formula:";
    for (model, test, code, words) in [
        (format!("{ols} y ~ t + x + x_dup, vcov: HC2"), SLOPE, "E001", "x"),
        (
            format!("{ols} y ~ t + const1, vcov: HC2"),
            SLOPE,
            "E001",
            "const1",
        ),
        (
            format!("{ols} y ~ t * x + t:x + x_dup, vcov: HC1"),
            SLOPE,
            "E001",
            "x",
        ),
        (
            format!("{ols} y ~ cell_arm * mod, vcov: HC2"),
            "joint: 'cell_arm:mod'",
            "E001",
            "cell_arm[b]:mod[hi]",
        ),
        (
            format!("{ols} y ~ ghosts, vcov: HC2"),
            "of: ghosts, contrast: ghost - control, alternative: two_sided",
            "E005",
            "ghost",
        ),
        (
            format!("{ols} y_const ~ t + x, vcov: HC2"),
            SLOPE,
            "E004",
            "3 in every row",
        ),
        (format!("{ols} y ~ t + d_one, vcov: HC2"), SLOPE, "E003", "line"),
        (format!("{ols} y ~ t + d_one, vcov: HC3"), SLOPE, "E003", "line"),
        (
            format!("{ols} y ~ t + d_one, vcov: CR2, cluster: id"),
            SLOPE,
            "E003",
            "line",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR1S, cluster: g_all1"),
            SLOPE,
            "E012",
            "one cluster",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR2, cluster: g_all1"),
            SLOPE,
            "E012",
            "one cluster",
        ),
        (
            format!("{ols} y ~ t + x, vcov: HC2, subset: x > 100"),
            SLOPE,
            "E002",
            "no rows",
        ),
        (
            format!("{ols} y ~ t + x, vcov: HC2, weights: {{column: w_neg, kind: analytic}}"),
            SLOPE,
            "E013",
            "-0.5",
        ),
        (
            format!("{ols} y ~ t + x, vcov: HC2, weights: {{column: w_zero, kind: frequency}}"),
            SLOPE,
            "E013",
            "whole number",
        ),
        (
            String::from("estimator: logit, formula: sep ~ x + t, vcov: HC0"),
            SLOPE,
            "E010",
            "x",
        ),
        (
            String::from("estimator: probit, formula: quasi ~ mod, vcov: classical"),
            "coefficient: 'mod[hi]', alternative: two_sided",
            "E010",
            "mod[hi]",
        ),
        (
            String::from("estimator: logit, formula: y ~ t, vcov: HC0"),
            SLOPE,
            "E014",
            "0 or 1",
        ),
        (
            String::from("estimator: poisson, formula: y ~ t, vcov: HC0"),
            SLOPE,
            "E014",
            "count",
        ),
    ] {
        let Some(outcomes) = run(&model, test) else { return };
        let found = &outcomes.tests["T"];
        let note = found.note.as_deref().unwrap_or("ran");
        assert!(note.starts_with(code) && note.contains(words), "{model}: {note}");
        assert_eq!(
            (found.estimate, found.p_value, found.rejects),
            (None, None, None),
            "{model}"
        );
        assert!(outcomes.models["m"].coefficients.is_empty() || found.note.is_some());
    }
}

/// An implementation's numbers of a case.
fn numbers(oracle: &Value, case: &str, quantity: &str, engine: &str) -> Value {
    oracle["cases"][case][quantity]["implementations"][engine].clone()
}

#[test]
fn what_can_be_estimated_is_what_others_get() {
    let Some(oracle) = json("oracles/08_edge_cases.json") else {
        return;
    };
    let ols = "estimator: ols, formula:";
    let weighted = |column: &str, vcov: &str| {
        format!("{ols} y ~ t + x, vcov: {vcov}, weights: {{column: {column}, kind: analytic}}")
    };
    for (model, case, quantity, engine) in [
        (
            format!("{ols} y_na ~ t + x_na, vcov: HC2"),
            "missing_outcome_and_covariate",
            "ols_HC2",
            "R estimatr::lm_robust",
        ),
        (
            format!("{ols} y_na ~ t + x_na, vcov: classical"),
            "missing_outcome_and_covariate",
            "ols",
            "R lm (classical)",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR2, cluster: g_single"),
            "cluster_g_single",
            "CR2",
            "R clubSandwich",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR1S, cluster: g_single"),
            "cluster_g_single",
            "CR1S",
            "R fixest",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR2, cluster: g_two"),
            "cluster_g_two",
            "CR2",
            "R estimatr",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR1S, cluster: g_two"),
            "cluster_g_two",
            "CR1S",
            "R fixest",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR2, cluster: g_na"),
            "cluster_g_na",
            "CR2",
            "R estimatr",
        ),
        (
            format!("{ols} y ~ t + x, vcov: CR1S, cluster: g_na"),
            "cluster_g_na",
            "CR1S",
            "R fixest",
        ),
        (
            weighted("w_na", "classical"),
            "weights_w_na",
            "wls_classical",
            "R lm(weights)",
        ),
        (weighted("w_na", "HC2"), "weights_w_na", "wls_HC2", "R estimatr"),
        (
            weighted("w_zero", "classical"),
            "weights_w_zero",
            "wls_classical",
            "R lm(weights)",
        ),
        (
            weighted("w_zero", "HC2"),
            "weights_w_zero",
            "wls_HC2",
            "R estimatr",
        ),
        (weighted("w_zero", "HC1"), "weights_w_zero", "wls_HC1", "R fixest"),
        (
            format!("{ols} y ~ t + d_one, vcov: HC1"),
            "leverage_one_dummy",
            "ols_HC1",
            "R estimatr::lm_robust",
        ),
    ] {
        let Some(outcomes) = run(&model, SLOPE) else {
            return;
        };
        let expected = numbers(&oracle, case, quantity, engine);
        let found = &outcomes.models["m"];
        assert_eq!(found.note, None, "{model}");
        for c in &found.coefficients {
            let what = format!("{case} {quantity} {}", c.term);
            close(c.estimate, expected[&c.term].as_f64().unwrap(), &what);
            close(
                c.std_error,
                expected[format!("se_{}", c.term)].as_f64().unwrap(),
                &what,
            );
        }
        if let (Some(df), true) = (expected["df_t"].as_f64(), model.contains("CR2")) {
            close(outcomes.tests["T"].df.as_ref().unwrap()[0], df, &model);
        }
        if case == "weights_w_zero" {
            assert!(found.dropped_weight > 0 && found.df_residual == 33.0);
        }
    }
}

#[test]
fn an_offset_of_a_billion_costs_no_digits() {
    let Some(plain) = run("estimator: ols, formula: y ~ t + x, vcov: HC2", SLOPE) else {
        return;
    };
    let offset = run("estimator: ols, formula: y_big ~ t + x, vcov: HC2", SLOPE).unwrap();
    for (a, b) in plain.models["m"]
        .coefficients
        .iter()
        .zip(&offset.models["m"].coefficients)
        .skip(1)
    {
        // The data themselves hold 1e9 + y to about 1e-7.
        assert!((a.estimate - b.estimate).abs() < 1e-6 && (a.std_error - b.std_error).abs() < 1e-6);
    }
}
