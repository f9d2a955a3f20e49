//! Formulas and codings against R's `lm` and sandwich's HC2, at 1e-9.

mod reference;

use reference::{SURVEY, analyse, close, shared};
use std::path::Path;

#[test]
fn as_r_reads_them() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let models = [
        (
            "functions",
            "approval ~ log(age) + sqrt(age) + exp(hawkishness)",
            "",
        ),
        ("poly", "approval ~ treaty * poly(age, 2, raw)", ""),
        ("scale", "approval ~ scale(age) * hawkishness", ""),
        ("nested", "approval ~ treaty / party", ""),
        ("no_intercept", "approval ~ us_response + age - 1", ""),
        ("powers", "approval ~ (treaty + age + hawkishness)^2", ""),
        (
            "sum",
            "approval ~ us_response * age",
            ", contrasts: {us_response: sum}",
        ),
        (
            "helmert",
            "approval ~ education + age",
            ", contrasts: {education: helmert}",
        ),
        (
            "polynomial",
            "approval ~ education + age",
            ", contrasts: {education: polynomial}",
        ),
    ];
    let codebook = SURVEY.replace("levels: [hs_or_less,", "ordered: true, levels: [hs_or_less,");
    let (mut written, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (id, formula, more) in models {
        written.push_str(&format!(
            "  {id}: {{estimator: ols, formula: \"{formula}\", vcov: HC2{more}}}\n"
        ));
        let term = if id == "no_intercept" {
            "age"
        } else {
            "(Intercept)"
        };
        tests.push_str(&format!(
            "  T.{id}: {{model: {id}, coefficient: {term}, alternative: two_sided, alpha: 0.05}}\n"
        ));
    }
    let two = "of: education, average: balanced, alternative: two_sided, alpha: 0.05";
    for id in ["helmert", "polynomial"] {
        tests.push_str(&format!(
            "  step.{id}: {{model: {id}, contrast: ba - hs_or_less, {two}}}\n"
        ));
    }
    tests.push_str(
        "  slope.poly: {model: poly, slope: age, at: {treaty: none}, alternative: two_sided, alpha: 0.05}\n",
    );
    tests.push_str("  at.poly: {model: poly, of: treaty, margin: none, at: {age: 40}, average: observed, alternative: two_sided, alpha: 0.05}\n");
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: T.poly}}\n";
    let outcomes = analyse(&format!("{codebook}{written}{tests}{one}"), &csv);
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/formulas.csv");
    let text = std::fs::read_to_string(reference).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, term, estimate, error] = cells[..] else {
            panic!("{line}")
        };
        let model = &outcomes.models[id];
        assert_eq!(model.note, None, "{id}");
        let mut coefficients = model.coefficients.iter();
        let c = coefficients
            .find(|c| c.term == term)
            .unwrap_or_else(|| panic!("{id} has no {term}: {:?}", model.coefficients));
        close(c.estimate, estimate.trim().parse().unwrap(), line);
        close(c.std_error, error.trim().parse().unwrap(), line);
        compared += 1;
    }
    assert_eq!(
        compared,
        outcomes
            .models
            .values()
            .map(|m| m.coefficients.len())
            .sum::<usize>()
    );
    // A contrast of levels is the same under every coding.
    let (one, two) = (
        &outcomes.tests["step.helmert"],
        &outcomes.tests["step.polynomial"],
    );
    close(one.estimate.unwrap(), two.estimate.unwrap(), "step");
    close(one.std_error.unwrap(), two.std_error.unwrap(), "step");
    // By hand from the coefficients: b + 2 c age, averaged; a + d + (b + e) 40 + (c + f) 1600.
    let b = |term: &str| {
        let mut all = outcomes.models["poly"].coefficients.iter();
        all.find(|c| c.term == term).unwrap().estimate
    };
    let text = std::fs::read_to_string(&csv).unwrap();
    let column = text
        .lines()
        .next()
        .unwrap()
        .split(',')
        .position(|c| c == "age")
        .unwrap();
    let ages: Vec<f64> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').nth(column).unwrap().parse().unwrap())
        .collect();
    let mean = ages.iter().sum::<f64>() / ages.len() as f64;
    let slope = b("age") + b("treaty[none]:age") + 2.0 * (b("I(age^2)") + b("treaty[none]:I(age^2)")) * mean;
    close(outcomes.tests["slope.poly"].estimate.unwrap(), slope, "slope");
    let at = b("(Intercept)")
        + b("treaty[none]")
        + 40.0 * (b("age") + b("treaty[none]:age"))
        + 1600.0 * (b("I(age^2)") + b("treaty[none]:I(age^2)"));
    close(outcomes.tests["at.poly"].estimate.unwrap(), at, "at");
}
