//! What must hold whatever the data are: the order of rows and the unit of the outcome change nothing, and variances
//! meet where their definitions do.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::Outcomes;
use proptest::prelude::*;
use reference::analyse;

const REGISTRATION: &str = "
asregistered: 1
study: {id: properties, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  x: {role: covariate}
  w: {role: weight}
  id: {role: cluster}
  arm: {role: factor, levels: [a, b], reference: a}
missing: {outcome: fail, covariate: fail, weight: fail, cluster: fail}
models:
  HC0: {estimator: ols, formula: y ~ arm + x, vcov: HC0}
  HC2: {estimator: ols, formula: y ~ arm + x, vcov: HC2}
  HC3: {estimator: ols, formula: y ~ arm + x, vcov: HC3}
  CR0: {estimator: ols, formula: y ~ arm + x, vcov: CR0, cluster: id}
  CR2: {estimator: ols, formula: y ~ arm + x, vcov: CR2, cluster: id}
  CR3: {estimator: ols, formula: y ~ arm + x, vcov: CR3, cluster: id}
  neyman: {estimator: ols, formula: y ~ arm, vcov: HC2}
  means: {estimator: difference_in_means, formula: y ~ arm, vcov: HC2}
  expanded: {estimator: ols, formula: y ~ arm + x, vcov: HC1, weights: {column: w, kind: frequency}}
  analytic: {estimator: ols, formula: y ~ arm + x, vcov: HC0, weights: {column: w, kind: analytic}}
  probability: {estimator: ols, formula: y ~ arm + x, vcov: HC0, weights: {column: w, kind: probability}}
tests:
";

fn registration() -> String {
    let mut text = String::from(REGISTRATION);
    for model in [
        "HC0",
        "HC2",
        "HC3",
        "CR0",
        "CR2",
        "CR3",
        "neyman",
        "means",
        "expanded",
        "analytic",
        "probability",
    ] {
        text.push_str(&format!("  t.{model}: {{model: {model}, of: arm, contrast: b - a, average: observed, alternative: two_sided, alpha: 0.05}}\n"));
    }
    text.push_str("hypotheses: {H: {statement: s, status: primary, corroborated_if: t.HC2}}\n");
    text
}

type Row = (f64, f64, u8, usize);

fn run(rows: &[Row]) -> Outcomes {
    let mut csv = String::from("y,x,w,id,arm\n");
    for (y, x, w, id) in rows {
        let arm = if id % 2 == 0 { "a" } else { "b" };
        csv.push_str(&format!("{y},{x},{w},{id},{arm}\n"));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    std::fs::write(&path, csv).unwrap();
    analyse(&registration(), &path)
}

fn pair(outcomes: &Outcomes, model: &str) -> (f64, f64) {
    let test = &outcomes.tests[&format!("t.{model}")];
    assert_eq!(test.note, None, "{model}");
    (test.estimate.unwrap(), test.std_error.unwrap())
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn orders_units_and_definitions(
        values in prop::collection::vec((-5.0..5.0f64, -2.0..2.0f64, 1u8..5), 12..40),
        shift in -100.0..100.0f64,
        scale in 0.01..100.0f64,
    ) {
        let rows: Vec<Row> = values.iter().enumerate().map(|(i, (y, x, w))| (*y, *x, *w, i)).collect();
        let plain = run(&rows);
        let turned: Vec<Row> = rows.iter().rev().copied().collect();
        let recoded: Vec<Row> = rows.iter().map(|(y, x, w, i)| (shift + scale * y, *x, *w, *i)).collect();
        let (turned, recoded) = (run(&turned), run(&recoded));
        for model in ["HC0", "HC2", "HC3", "CR2", "expanded", "analytic"] {
            let ((b, s), (tb, ts), (rb, rs)) = (pair(&plain, model), pair(&turned, model), pair(&recoded, model));
            prop_assert!(same(b, tb) && same(s, ts), "{model}: the order of rows matters");
            prop_assert!(same(b * scale, rb) && same(s * scale, rs), "{model}: the unit matters");
        }
        for (clustered, robust) in [("CR0", "HC0"), ("CR2", "HC2"), ("CR3", "HC3")] {
            prop_assert!(same(pair(&plain, clustered).1, pair(&plain, robust).1), "{clustered} of single rows");
        }
        prop_assert!(same(pair(&plain, "neyman").1, pair(&plain, "means").1));
        // Neyman by hand.
        let arm = |parity: usize| -> Vec<f64> {
            rows.iter().filter(|r| r.3 % 2 == parity).map(|r| r.0).collect()
        };
        let part = |v: &[f64]| {
            let n = v.len() as f64;
            let mean = v.iter().sum::<f64>() / n;
            v.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
        };
        let neyman = (part(&arm(0)) + part(&arm(1))).sqrt();
        prop_assert!(same(pair(&plain, "neyman").1, neyman));
        // Analytic and probability weights differ in name alone under HC0; frequencies repeat rows.
        prop_assert!(same(pair(&plain, "analytic").1, pair(&plain, "probability").1));
        let repeated: Vec<Row> =
            rows.iter().flat_map(|r| std::iter::repeat_n((r.0, r.1, 1, r.3), usize::from(r.2))).collect();
        let repeated = run(&repeated);
        let (a, b) = (pair(&plain, "expanded"), pair(&repeated, "expanded"));
        prop_assert!(same(a.0, b.0) && same(a.1, b.1), "frequency weights are not repeated rows");
    }
}
