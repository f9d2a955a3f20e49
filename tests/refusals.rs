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
        (
            "estimator: ols, formula: y ~ arm + x, vcov: HC2",
            ", effect_size: cohens_d",
            "",
            "S032 tests.T.effect_size: it is of two groups without covariates",
        ),
        (
            "estimator: ols, formula: y ~ arm, vcov: CR2, cluster: g",
            ", effect_size: hedges_g",
            "",
            "S032 tests.T.effect_size: its interval is for independent rows",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: HC0",
            ", scale: response, effect_size: glass_delta",
            "",
            "S032 tests.T.effect_size: it is of two groups' means",
        ),
        (
            OLS,
            ", effect_size: r",
            "",
            "S032 tests.T.effect_size: it follows from a t with classical errors",
        ),
        (
            "estimator: student_t, formula: y ~ arm, vcov: none",
            ", null: 0.5, effect_size: r",
            "",
            "S032 tests.T.effect_size: it is measured against no effect",
        ),
        (
            OLS,
            ", effect_size: eta_squared",
            "",
            "S032 tests.T.effect_size: it is of a term of the model",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: HC0",
            ", scale: response, effect_size: odds_ratio",
            "",
            "S032 tests.T.effect_size: it is of two levels' log odds",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: HC0",
            ", scale: link, effect_size: risk_ratio",
            "",
            "S032 tests.T.effect_size: it is of two levels' probabilities",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: HC0",
            ", scale: response, effect_size: risk_difference",
            "",
            "S032 tests.T.effect_size: a contrast of probabilities is the risk difference already",
        ),
        (
            OLS,
            ", effect_size: risk_ratio",
            "",
            "S032 tests.T.effect_size: it is of a binary outcome",
        ),
        (
            OLS,
            ", effect_size: cramers_v",
            "",
            "S032 tests.T.effect_size: it is of a whole table",
        ),
        (
            OLS,
            ", bayes_factor: {prior: jzs, scale: 0.7071}",
            "",
            "S032 tests.T.bayes_factor: the JZS prior is for independent rows",
        ),
        (
            "estimator: mann_whitney, formula: y ~ arm, vcov: none",
            ", bayes_factor: {prior: normal, mean: 0, sd: 1}",
            "",
            "S032 tests.T.bayes_factor: it is of one quantity with a standard error",
        ),
        (
            OLS,
            ", bayes_factor: {prior: jzs}",
            "",
            "S007 tests.T.bayes_factor: the prior `jzs` needs `scale`",
        ),
        (
            OLS,
            ", bayes_factor: {prior: normal, mean: 0, sd: 1, scale: 2}",
            "",
            "S006 tests.T.bayes_factor: the prior `normal` has no `scale`",
        ),
        (
            OLS,
            ", bayes_factor: {prior: normal, mean: 0, sd: 0}",
            "",
            "S010 tests.T.bayes_factor: a prior's width is above zero",
        ),
        (
            OLS,
            ", decide: {bayes_factor: {at_least: 3}}",
            "",
            "S007 tests.T.decide: no Bayes factor is registered",
        ),
        (
            OLS,
            ", bayes_factor: {prior: normal, mean: 0, sd: 1}, decide: {bayes_factor: {at_least: 1}}",
            "",
            "S010 tests.T.decide: evidence for the alternative begins above 1",
        ),
        (
            OLS,
            ", bayes_factor: {prior: normal, mean: 0, sd: 1}, decide: {bayes_factor: {at_least: 3}}",
            "families: {f: {tests: [T, U], adjust: holm}}\n",
            "S032 families.f: T decides by its Bayes factor",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: bootstrap, bootstrap: {draws: 200, kind: wild}",
            ", scale: link",
            "",
            "S032 models.m: the wild bootstrap turns residuals, which logit does not have",
        ),
        (
            "estimator: poisson, formula: y ~ arm, vcov: HC0, trials: n",
            ", scale: link",
            "",
            "S032 models.m.trials: poisson does not count successes",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: HC0",
            ", scale: link, randomization: {draws: 200, statistic: t}",
            "",
            "S032 tests.T.randomization: it is defined for least squares",
        ),
        (
            "estimator: ols, formula: y ~ arm, vcov: CR2, cluster: g",
            ", randomization: {draws: 200, statistic: t}",
            "",
            "S032 tests.T.randomization: the error of t would have to be drawn or adjusted",
        ),
        (
            "estimator: ols, formula: y ~ arm, vcov: HC1, weights: {column: w, kind: frequency}",
            ", randomization: {draws: 200, statistic: estimate}",
            "",
            "S032 tests.T.randomization: a row that stands for several units",
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
        (
            "estimator: ols, formula: y ~ arm, vcov: CR1, cluster: g, weights: {column: w, kind: probability}",
            ", randomization: {draws: 200, statistic: t}",
            "",
        ),
        (
            "estimator: difference_in_means, formula: y ~ arm, vcov: HC2",
            ", randomization: {draws: 200, statistic: t}",
            "",
        ),
        (OLS, "", "families: {f: {tests: [T], adjust: bh_two_stage}}\n"),
        (OLS, ", effect_size: glass_delta", ""),
        (
            "estimator: ols, formula: y ~ arm, vcov: classical",
            ", effect_size: r, bayes_factor: {prior: jzs, scale: 1}, decide: {bayes_factor: {at_least: 3}}",
            "families: {f: {tests: [T, U], adjust: none}}\n",
        ),
        (
            "estimator: logit, formula: y ~ arm, vcov: CR1, cluster: g",
            ", scale: link, effect_size: odds_ratio, bayes_factor: {prior: normal, mean: 0, sd: 1}",
            "",
        ),
    ] {
        let found = errors(model, test, families);
        assert!(found.is_empty(), "{model}{test}{families}: {found:#?}");
    }
}
