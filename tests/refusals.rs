//! What does not go together is refused by `check`, before any data are seen, in words that name the cause.

mod reference;

use reference::lowered;

fn registration(model: &str, test: &str, families: &str) -> String {
    format!(
        "
asregistered: 1
study: {{id: refusals, timing: after_access}}
design: {{kind: between_subjects, allocation: complete}}
variables:
  y: {{role: outcome}}
  n: {{role: outcome}}
  x: {{role: covariate}}
  w: {{role: weight}}
  g: {{role: cluster}}
  arm: {{role: factor, levels: [control, treated], reference: control, probability: equal}}
missing: {{outcome: fail, covariate: fail, weight: fail, cluster: fail}}
models:
  m: {{{model}}}
tests:
  T: {{model: m, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05{test}}}
  U: {{model: m, of: arm, contrast: treated - control, alternative: greater, alpha: 0.01}}
{families}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T and U}}}}
"
    )
}

/// The errors of `check`.
fn errors(model: &str, test: &str, families: &str) -> Vec<String> {
    let (_, problems) = lowered(&registration(model, test, families));
    let errors = problems
        .iter()
        .filter(|p| asregistered::diagnostic::any_error(std::slice::from_ref(*p)));
    errors.map(|p| format!("{} {}", p.code.id, p.message)).collect()
}

const OLS: &str = "estimator: ols, formula: y ~ arm, vcov: HC2";

#[test]
fn what_does_not_go_together_is_refused_in_words() {
    for (model, test, families, words) in [
        (
            OLS,
            "",
            "families: {f: {tests: [T, U], adjust: bh_two_stage}}\n",
            "S032 families.f: its tests have different levels",
        ),
        (
            "estimator: ols, formula: y ~ arm, vcov: CR2",
            "",
            "",
            "S032 models.m: CR2 needs to know the clusters",
        ),
    ] {
        let found = errors(model, test, families);
        let said = found.iter().any(|m| m.starts_with(words));
        assert!(said, "{model}{test}{families}: {found:#?}");
    }
}

#[test]
fn what_goes_together_is_not() {
    for (model, test, families) in [
        (OLS, "", ""),
        (OLS, "", "families: {f: {tests: [T], adjust: bh_two_stage}}\n"),
    ] {
        let found = errors(model, test, families);
        assert!(found.is_empty(), "{model}{test}{families}: {found:#?}");
    }
}
