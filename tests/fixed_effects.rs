//! Absorbed fixed effects against pyfixest (fixest's conventions), and against the same effects as terms.

mod reference;

use reference::{SURVEY, analyse, near, shared};
use std::path::Path;

#[test]
fn as_fixest_absorbs_them() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (id, effects) in [("state", "state"), ("two", "state + party")] {
        for (name, vcov) in [
            ("classical", "classical"),
            ("HC1", "HC1"),
            ("CR1S", "CR1S, cluster: state"),
            ("CR1S.party", "CR1S, cluster: party"),
        ] {
            for (suffix, weights) in [
                ("", ""),
                (".weighted", ", weights: {column: weight, kind: analytic}"),
            ] {
                let id = format!("{id}.{name}{suffix}");
                models.push_str(&format!(
                    "  {id}: {{estimator: ols, formula: \"approval ~ us_response + age | {effects}\", vcov: {vcov}{weights}}}\n"
                ));
                tests.push_str(&format!("  T.{id}: {{model: {id}, of: us_response, contrast: denounce - status_quo, alternative: two_sided, alpha: 0.05}}\n"));
            }
        }
    }
    let plain = "approval ~ us_response + age + factor(state) + party";
    models.push_str(&format!(
        "  terms: {{estimator: ols, formula: {plain}, vcov: classical}}\n"
    ));
    tests.push_str("  T.terms: {model: terms, of: us_response, contrast: denounce - status_quo, alternative: two_sided, alpha: 0.05}\n");
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: T.terms}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/fixed_effects.csv"))
            .unwrap();
    let mut compared = 0;
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, term, estimate, error] = cells[..] else {
            panic!("{line}")
        };
        let model = &outcomes.models[id];
        assert_eq!(model.note, None, "{id}");
        let c = model.coefficients.iter().find(|c| c.term == term).unwrap();
        near(c.estimate, estimate.parse().unwrap(), 1e-8, line);
        near(c.std_error, error.parse().unwrap(), 1e-8, line);
        compared += 1;
    }
    assert_eq!(compared, 80);
    let (absorbed, terms) = (&outcomes.tests["T.two.classical"], &outcomes.tests["T.terms"]);
    near(
        absorbed.estimate.unwrap(),
        terms.estimate.unwrap(),
        1e-9,
        "estimate",
    );
    near(
        absorbed.std_error.unwrap(),
        terms.std_error.unwrap(),
        1e-9,
        "error",
    );
    assert_eq!(absorbed.df, terms.df);
}
