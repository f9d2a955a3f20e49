//! Formulas, codings and splines against R's `lm`, `glm` and sandwich's HC2, at 1e-9; slopes of the logit at 1e-6.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use reference::{SURVEY, analyse, close, near, shared};
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

/// (model, quantity, term, estimate, standard error)
fn splines() -> Vec<(String, String, String, f64, f64)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/splines.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(2).map(|line| {
        let cells: Vec<&str> = line.split('"').collect();
        let (mut left, mut right) = (cells[0].split(','), cells[2].split(',').skip(1));
        let mut number = || right.next().unwrap().parse().unwrap();
        let mut word = || left.next().unwrap().to_owned();
        (word(), word(), cells[1].to_owned(), number(), number())
    });
    rows.collect()
}

#[test]
fn splines_and_polynomials_are_r_s() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let models = [
        ("ns", "ns(age, df = 3)", ""),
        ("line", "ns(age, 1)", ""),
        ("crossed", "treaty * ns(age, 4) + hawkishness", ""),
        ("bs", "treaty + bs(age, 5)", ""),
        ("quadratic", "treaty + bs(age, df = 5, degree = 2)", ""),
        ("knots", "treaty * ns(age, knots = c(30, 50.5))", ""),
        ("narrow", "treaty + ns(age, 3, Boundary.knots = c(25, 70))", ""),
        (
            "beyond",
            "treaty + bs(age, knots = c(40, 55), Boundary.knots = c(20, 80))",
            "",
        ),
        ("poly", "treaty * poly(age, 3)", ""),
        ("high", "poly(age, 6)", ""),
        (
            "subset",
            "treaty + ns(age, 3) + poly(hawkishness, 2)",
            ", subset: hawkishness > 2.5",
        ),
        (
            "weighted",
            "treaty * ns(age, 3) + poly(hawkishness, 2)",
            ", weights: {column: weight, kind: probability}",
        ),
    ];
    let mut text = format!("{SURVEY}models:\n");
    for (id, terms, more) in models {
        text.push_str(&format!(
            "  {id}: {{estimator: ols, formula: \"approval ~ {terms}\", vcov: HC2{more}}}\n"
        ));
    }
    text.push_str("  logit: {estimator: logit, formula: \"approve ~ treaty * ns(age, 3) + poly(hawkishness, 2)\", vcov: classical}\n");
    text.push_str("tests:\n");
    let expected = splines();
    for (at, (model, quantity, term, ..)) in expected.iter().enumerate() {
        let asked = match quantity.as_str() {
            "coefficient" => format!("coefficient: \"{term}\""),
            "margin" => format!("of: treaty, margin: none, at: {{age: {term}}}, average: observed"),
            "balanced" => String::from("of: treaty, margin: none, average: balanced"),
            _ => String::from("slope: age"),
        };
        text.push_str(&format!(
            "  T{at}: {{model: {model}, {asked}, alternative: two_sided, alpha: 0.05}}\n"
        ));
    }
    text.push_str("  J: {model: crossed, joint: \"treaty:ns(age, 4)\", alpha: 0.05}\n");
    text.push_str("hypotheses: {H: {statement: s, status: primary, corroborated_if: T0}}\n");
    let outcomes = analyse(&text, &csv);
    for (at, (model, quantity, term, estimate, error)) in expected.iter().enumerate() {
        let test = &outcomes.tests[&format!("T{at}")];
        let what = format!("{model} {quantity} {term}");
        assert_eq!(test.note, None, "{what}");
        let tolerance = match model.as_str() {
            "logit" => 1e-6,
            _ => 1e-9,
        };
        near(test.estimate.unwrap(), *estimate, tolerance, &what);
        near(test.std_error.unwrap(), *error, tolerance, &what);
    }
    assert_eq!(expected.len(), 122);
    assert_eq!(outcomes.tests["J"].df, Some(vec![4.0, 1491.0]));
}

/// What a test says that cannot be run on eight rows.
fn refused(terms: &str, test: &str) -> String {
    let csv = std::env::temp_dir().join(format!("splines-{}.csv", std::process::id()));
    let rows = [
        (1, 3.0),
        (1, 1.0),
        (1, 4.0),
        (1, 1.0),
        (2, 5.0),
        (3, 9.0),
        (3, 2.0),
        (3, 6.0),
    ];
    let text: String = rows.iter().map(|(x, y)| format!("{x},{y},7\n")).collect();
    std::fs::write(&csv, format!("x,y,same\n{text}")).unwrap();
    let outcomes = analyse(
        &format!(
            "
asregistered: 1
study: {{id: splines, timing: after_access}}
design: {{kind: observational}}
variables:
  y: {{role: outcome}}
  x: {{role: covariate}}
  same: {{role: covariate}}
missing: {{outcome: fail, covariate: fail}}
models: {{m: {{estimator: ols, formula: \"y ~ {terms}\", vcov: classical}}}}
tests: {{T: {{model: m, {test}, alternative: two_sided, alpha: 0.05}}}}
hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T}}}}
"
        ),
        &csv,
    );
    std::fs::remove_file(&csv).unwrap();
    outcomes.tests["T"].note.clone().unwrap_or_default()
}

#[test]
fn a_basis_that_the_rows_do_not_span_is_refused_in_words() {
    let coefficient = "coefficient: (Intercept)";
    for (terms, test, words) in [
        (
            "ns(x, 4)",
            coefficient,
            "E015 not-defined: the knots of ns(x, 4) do not stand apart within 1 and 3: 1, 1.5, 3",
        ),
        (
            "ns(x, knots = 5)",
            coefficient,
            "E015 not-defined: the knots of ns(x, knots = c(5)) do not stand apart within 1 and 3: 5",
        ),
        (
            "ns(same, 2)",
            coefficient,
            "E009 no-variation: ns(same, 2) has nothing to vary over: its number is the same in every row",
        ),
        (
            "poly(x, 3)",
            coefficient,
            "E001 rank-deficient: poly(x, 3) needs more than 3 distinct numbers, and there are 3",
        ),
        (
            "bs(x, 3)",
            coefficient,
            "E001 rank-deficient: these columns depend linearly on the others: bs(x, 3)[2]",
        ),
        (
            "bs(x, knots = 2, degree = 1)",
            "slope: x",
            "E015 not-defined: bs(x, knots = c(2), degree = 1) has no slope where its straight pieces meet",
        ),
        (
            "bs(x, knots = 2, degree = 1)",
            "coefficient: \"bs(x, knots = c(2), degree = 1)[2]\"",
            "",
        ),
    ] {
        assert_eq!(refused(terms, test), words, "{terms}");
    }
}
