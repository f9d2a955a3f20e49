//! Estimators of experiments against base R, at 1e-9; the published Welch test to every digit.

mod reference;

use reference::{analyse, close, close_p};
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

#[test]
fn differences_in_means_and_lins_estimator() {
    let registration = "
asregistered: 1
study: {id: experiments, timing: after_access}
design: {kind: between_subjects, allocation: blocked}
variables:
  y: {role: outcome}
  x: {role: covariate}
  arm: {role: factor, levels: [control, treated], reference: control, probability: equal}
  block: {role: block, levels: [a, b, c]}
missing: {outcome: fail, covariate: fail, block: fail}
models:
  welch: {estimator: difference_in_means, formula: y ~ arm, vcov: HC2}
  blocked: {estimator: difference_in_means, formula: y ~ arm, blocks: block, vcov: HC2}
  lin: {estimator: lin, formula: y ~ arm + x, vcov: HC2}
tests:
  welch: {model: welch, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05}
  blocked: {model: blocked, of: arm, contrast: treated - control, average: observed, alternative: two_sided, alpha: 0.05}
  lin: {model: lin, of: arm, contrast: treated - control, average: observed, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: s, status: primary, corroborated_if: welch and blocked and lin}}
";
    let outcomes = analyse(registration, &file("randomization_data.csv"));
    let text = std::fs::read_to_string(file("experiments.csv")).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let test = &outcomes.tests[cells[0]];
        assert_eq!(test.note, None, "{line}");
        close(test.estimate.unwrap(), number(1), line);
        close(test.std_error.unwrap(), number(2), line);
        close(test.df.as_ref().unwrap()[0], number(3), line);
        close_p(test.p_value.unwrap(), number(4), line);
        close(test.conf_low.unwrap(), number(5), line);
        close(test.conf_high.unwrap(), number(6), line);
        compared += 1;
    }
    assert_eq!(compared, 3);
}
