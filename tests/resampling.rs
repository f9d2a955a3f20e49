//! Jackknife errors against loops over R's `lm`, at 1e-9; bootstrap errors against R's, within Monte-Carlo error.

mod reference;

use reference::{SURVEY, analyse, close, shared};
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

/// (id, term, standard error)
fn expected() -> Vec<(String, String, f64)> {
    let text = std::fs::read_to_string(file("resampling.csv")).unwrap();
    text.lines()
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            (cells[0].into(), cells[1].into(), cells[2].parse().unwrap())
        })
        .collect()
}

#[test]
fn the_jackknife_is_the_loop() {
    let registration = "
asregistered: 1
study: {id: jackknife, timing: after_access}
design: {kind: between_subjects, allocation: complete}
variables:
  y: {role: outcome}
  x: {role: covariate}
  arm: {role: factor, levels: [control, treated], reference: control, probability: equal}
  village: {role: cluster}
missing: {outcome: fail, covariate: fail, cluster: fail}
models:
  jackknife: {estimator: ols, formula: y ~ arm + x, vcov: jackknife}
  jackknife.village: {estimator: ols, formula: y ~ arm + x, vcov: jackknife, cluster: village}
  jackknife.weighted: {estimator: ols, formula: y ~ arm + x, vcov: jackknife, weights: {column: x, kind: analytic}}
tests:
  T1: {model: jackknife, coefficient: x, alternative: two_sided, alpha: 0.05}
  T2: {model: jackknife.village, coefficient: x, alternative: two_sided, alpha: 0.05}
  T3: {model: jackknife.weighted, coefficient: x, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: s, status: primary, corroborated_if: T1 and T2 and T3}}
";
    let outcomes = analyse(registration, &file("randomization_data.csv"));
    let mut compared = 0;
    for (id, term, error) in expected().into_iter().filter(|e| e.0.starts_with("jackknife")) {
        let model = &outcomes.models[&id];
        assert_eq!(model.note, None);
        let c = model.coefficients.iter().find(|c| c.term == term).unwrap();
        close(c.std_error, error, &format!("{id} {term}"));
        compared += 1;
    }
    assert_eq!(compared, 9);
    assert_eq!(outcomes.tests["T2"].df, Some(vec![5.0]));
}

#[test]
fn the_bootstrap_is_near_rs_and_the_same_every_time() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let base = "estimator: ols, formula: approval ~ age + hawkishness, vcov: bootstrap";
    let registration = format!(
        "{SURVEY}models:
  pairs: {{{base}, bootstrap: {{draws: 4000, kind: pairs}}}}
  pairs.state: {{{base}, bootstrap: {{draws: 4000, kind: pairs}}, cluster: state}}
  wild: {{{base}, bootstrap: {{draws: 4000, kind: wild}}}}
tests:
  T1: {{model: pairs, coefficient: age, alternative: two_sided, alpha: 0.05}}
  T2: {{model: pairs.state, coefficient: age, alternative: two_sided, alpha: 0.05}}
  T3: {{model: wild, coefficient: age, alternative: two_sided, alpha: 0.05}}
hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T1 and T2 and T3}}}}
"
    );
    let (one, two) = (analyse(&registration, &csv), analyse(&registration, &csv));
    assert_eq!(one.models, two.models);
    let mut compared = 0;
    for (id, term, error) in expected().into_iter().filter(|e| !e.0.starts_with("jackknife")) {
        let c = one.models[&id]
            .coefficients
            .iter()
            .find(|c| c.term == term)
            .unwrap();
        // The standard deviation of m draws is off by about 1/√(2m): 1.1% here, 0.5% in R's 20,000.
        let off = (c.std_error / error - 1.0).abs();
        assert!(off < 0.045, "{id} {term}: {} is not {error} ({off})", c.std_error);
        compared += 1;
    }
    assert_eq!(compared, 9);
}
