//! Slopes of categories' probabilities, from the registration to the record, against numerical derivatives of
//! ordinal::clm's and nnet's predictions.
//!
//! Tolerance: 1e-6 relative for estimates and errors; 1e-5 for the errors of nnet, whose iterations stop early.

mod reference;

use reference::{SURVEY, analyse, near, shared};
use std::path::Path;

/// (model, number, category, estimate, standard error)
fn expected() -> Vec<(String, String, String, f64, f64)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/slopes.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(2).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse().unwrap();
        (
            cells[0].into(),
            cells[1].into(),
            cells[2].into(),
            number(3),
            number(4),
        )
    });
    rows.collect()
}

#[test]
fn slopes_of_probabilities_are_the_derivatives() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let terms = "treaty * age + regime + hawkishness";
    let survey = SURVEY.replace(
        "levels: [democrat, independent, republican]",
        "levels: [democrat, independent, republican], reference: democrat",
    );
    let mut text = format!("{survey}models:\n");
    for (model, outcome) in [
        ("ordered_logit", "approval"),
        ("ordered_probit", "approval"),
        ("multinomial", "party"),
    ] {
        text.push_str(&format!(
            "  {model}: {{estimator: {model}, formula: {outcome} ~ {terms}, vcov: classical}}\n"
        ));
    }
    text.push_str("tests:\n");
    for (model, of, category, ..) in expected() {
        let asked = if category == "mean" {
            String::new()
        } else {
            format!("category: {category}, ")
        };
        text.push_str(&format!("  {model}.{of}.{category}: {{model: {model}, slope: {of}, {asked}scale: response, alternative: two_sided, alpha: 0.05}}\n"));
    }
    text.push_str("  odds: {model: multinomial, slope: hawkishness, category: republican, scale: link, alternative: two_sided, alpha: 0.05}\n");
    text.push_str(
        "hypotheses: {H: {statement: s, status: primary, corroborated_if: multinomial.age.democrat}}\n",
    );
    let outcomes = analyse(&text, &csv);
    let mut compared = 0;
    for (model, of, category, estimate, std_error) in expected() {
        let id = format!("{model}.{of}.{category}");
        let test = &outcomes.tests[&id];
        assert_eq!(test.note, None, "{id}");
        near(test.estimate.unwrap(), estimate, 1e-6, &id);
        let tolerance = if model == "multinomial" { 1e-5 } else { 1e-6 };
        near(test.std_error.unwrap(), std_error, tolerance, &id);
        compared += 1;
    }
    assert_eq!(compared, 38);
    // The log odds are linear in a number without interactions: their slope is its coefficient.
    let table = &outcomes.models["multinomial"].coefficients;
    let coefficient = table
        .iter()
        .find(|c| c.term == "republican: hawkishness")
        .unwrap();
    near(
        outcomes.tests["odds"].estimate.unwrap(),
        coefficient.estimate,
        1e-12,
        "log odds",
    );
    near(
        outcomes.tests["odds"].std_error.unwrap(),
        coefficient.std_error,
        1e-12,
        "log odds",
    );
}
