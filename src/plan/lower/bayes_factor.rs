//! `bayes_factor:` and `decide:` of a test, and whether they are defined there.

use super::Lowering;
use super::effect_size::{Around, is_classical};
use crate::diagnostic::codes;
use crate::plan::{Adjust, Alternative, Decide, Plan, Prior, Quantity};
use crate::spec::evidence::BayesFactorSpec;
use crate::spec::model::TestSpec;
use crate::spec::registration::Registration;

/// Nothing is registered, or which prior; no answer at all where it is not defined.
pub(super) fn bayes_factor(
    path: &str,
    spec: &TestSpec,
    around: Around<'_>,
    low: &mut Lowering<'_>,
) -> Option<Option<Prior>> {
    let Some(written) = &spec.bayes_factor else {
        return Some(None);
    };
    let path = format!("{path}.bayes_factor");
    low.place(&path, &written.at);
    let prior = prior(&path, written, low)?;
    if let Some((problem, help)) = undefined(prior, around) {
        low.found.error(
            codes::INCOMPATIBLE,
            &written.at,
            format!("{path}: {problem}"),
            help,
        );
        return None;
    }
    Some(Some(prior))
}

fn prior(path: &str, written: &BayesFactorSpec, low: &mut Lowering<'_>) -> Option<Prior> {
    let words: Vec<(&str, &str)> = Prior::ALL.iter().map(|w| (*w, *w)).collect();
    let word = low.word(&format!("{path}.prior"), &written.prior, &words, &[])?;
    let of_jzs = word == "jzs";
    for (key, value, belongs) in [
        ("scale", &written.scale, of_jzs),
        ("mean", &written.mean, !of_jzs),
        ("sd", &written.sd, !of_jzs),
    ] {
        let (code, at, message) = match value {
            None if belongs => {
                let message = format!("{path}: the prior `{word}` needs `{key}`");
                (codes::MISSING_KEY, &written.at, message)
            }
            Some(stray) if !belongs => {
                let message = format!("{path}: the prior `{word}` has no `{key}`");
                (codes::UNKNOWN_KEY, &stray.at, message)
            }
            _ => continue,
        };
        let help = "write {prior: jzs, scale: 0.7071} or {prior: normal, mean: 0, sd: 0.5}";
        low.found.error(code, at, message, help);
        return None;
    }
    let width = match word {
        "jzs" => written.scale.as_ref()?,
        _ => written.sd.as_ref()?,
    };
    if !(width.value > 0.0 && width.value.is_finite()) {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &width.at,
            format!("{path}: a prior's width is above zero"),
            "a prior without width is no alternative",
        );
        return None;
    }
    Some(match word {
        "jzs" => Prior::Jzs { scale: width.value },
        _ => Prior::Normal {
            mean: written.mean.as_ref()?.value,
            sd: width.value,
        },
    })
}

fn undefined(prior: Prior, around: Around<'_>) -> Option<(&'static str, &'static str)> {
    let model = around.model?;
    let sided = matches!(
        around.alternative,
        None | Some(Alternative::TwoSided | Alternative::Greater | Alternative::Less)
    );
    let of_many = matches!(
        around.quantity,
        Quantity::Joint { .. } | Quantity::Anova { .. } | Quantity::ProportionalOdds { .. }
    );
    let has_error = !of_many && (!model.estimator.is_direct() || model.estimator.has_error());
    let of_difference = matches!(
        around.quantity,
        Quantity::Contrast { .. } | Quantity::Coefficient { .. } | Quantity::Parameter { .. }
    );
    if !sided {
        let help = "use two_sided, greater or less";
        Some(("its null is a point, not the ends of a margin", help))
    } else if !has_error {
        let help = "give a contrast, a coefficient, a margin or a slope its own Bayes factor";
        Some(("it is of one quantity with a standard error", help))
    } else if matches!(prior, Prior::Normal { .. }) {
        None
    } else if !model.estimator.has_error() && !is_classical(model) {
        let help = "use student_t, one_sample_t or paired_t, or ols with vcov: classical, or a normal prior, which takes the model's own error";
        Some((
            "the JZS prior is for independent rows of one variance and weight",
            help,
        ))
    } else if !of_difference {
        let help = "use a normal prior on the quantity itself";
        Some(("the JZS prior is for contrasts and coefficients", help))
    } else {
        None
    }
}

/// Nothing is registered, or the threshold.
pub(super) fn decide(path: &str, spec: &TestSpec, low: &mut Lowering<'_>) -> Option<Option<Decide>> {
    let Some(written) = &spec.decide else {
        return Some(None);
    };
    let path = format!("{path}.decide");
    low.place(&path, &written.at);
    let at_least = written.at_least.as_ref()?;
    let problem = if at_least.value.is_nan() || at_least.value <= 1.0 {
        Some((
            codes::OUT_OF_DOMAIN,
            "evidence for the alternative begins above 1",
            "write a threshold such as 3, 6 or 10",
        ))
    } else if spec.bayes_factor.is_none() {
        let help = "write `bayes_factor:` with its prior, or remove `decide`";
        Some((codes::MISSING_KEY, "no Bayes factor is registered", help))
    } else {
        None
    };
    if let Some((code, problem, help)) = problem {
        low.found
            .error(code, &at_least.at, format!("{path}: {problem}"), help);
        return None;
    }
    Some(Some(Decide::BayesFactor {
        at_least: at_least.value,
    }))
}

/// A correction is of p-values: a test that decides by its Bayes factor can have none.
pub(super) fn uncorrected(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    for (name, spec) in &written.families {
        let Some(family) = plan.families.get(&name.value) else {
            continue;
        };
        let decides = |t: &&String| plan.tests.get(*t).is_some_and(|t| t.decide.is_some());
        let gated = family.gate.is_some() || family.adjust != Adjust::None;
        let opens = plan
            .families
            .values()
            .any(|f| f.gate.as_ref().is_some_and(|g| g.family == name.value));
        let Some(test) = family.tests.iter().find(decides).filter(|_| gated || opens) else {
            continue;
        };
        let at = spec.adjust.as_ref().map_or(&spec.at, |a| &a.at);
        low.found.error(
            codes::INCOMPATIBLE,
            at,
            format!(
                "families.{}: {test} decides by its Bayes factor, which no correction of p-values can move",
                name.value
            ),
            "write `adjust: none` without gates, or let the test decide by p",
        );
    }
}
