//! `estimator: ipw`: least squares weighted by the inverse of the registered probability of the assigned level.
//!
//! w = 1/P(z), Hájek's form: the weights of each arm are divided by their sum (Hájek 1971; Aronow & Samii 2017,
//! doi:10.1214/16-AOAS1005). The probabilities are the codebook's, never the data's. estimatr's `lm_robust(weights =)`.

use super::Lowering;
use super::codebook::Columns;
use super::experiment::refuse;
use crate::diagnostic::codes;
use crate::plan::{Atom, DesignPlan, Formula, Probability, Shares, Vcov, WeightKind, WeightsPlan};
use crate::spec::model::ModelSpec;

/// The weights that `ipw` means, those that are written for every other estimator.
pub(super) fn meant(
    path: &str,
    spec: &ModelSpec,
    written: (Option<WeightsPlan>, &Formula, Vcov),
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Option<WeightsPlan>> {
    let (weights, formula, vcov) = written;
    let name = spec.estimator.as_ref()?;
    if name.value != "ipw" {
        return match &spec.form {
            None => Some(weights),
            Some(form) => refuse(path, form, "`form` belongs to `estimator: ipw`", "remove it", low),
        };
    }
    form(path, spec, low)?;
    let clustered = if spec.cluster.is_empty() {
        Vcov::HC2
    } else {
        Vcov::CR2
    };
    let assigned = |column: &&str| columns.variable(column).is_some_and(|v| v.probability.is_some());
    let touched: Vec<&str> = formula
        .terms
        .iter()
        .flat_map(|t| t.columns())
        .filter(assigned)
        .collect();
    let alone = |factor: &str| {
        let is_factor = |a: &Atom| matches!(a, Atom::Variable(v) if v == factor);
        formula
            .terms
            .iter()
            .any(|t| matches!(t.0.as_slice(), [one] if is_factor(one)))
    };
    let factor = match touched.as_slice() {
        [factor] if alone(factor) && formula.intercept && formula.absorbed.is_empty() => *factor,
        _ => {
            let help = "write y ~ treatment, or y ~ treatment + covariates, where the treatment alone has a registered `probability`";
            return refuse(
                path,
                name,
                "ipw weighs one assigned factor, with an intercept",
                help,
                low,
            );
        }
    };
    let shares = columns.variable(factor).and_then(|v| v.probability.as_ref());
    let problem = if weights.is_some() {
        Some((
            "ipw computes its weights from the registered probabilities",
            "remove `weights`, or use `estimator: wls` with a column that holds them",
        ))
    } else if vcov != clustered {
        Some((
            "ipw has estimatr's variance of the weighted fit",
            "write vcov: HC2, or vcov: CR2 with the `cluster` that was assigned",
        ))
    } else if design.forbidden.iter().any(|cell| cell.contains_key(factor)) {
        Some((
            "forbidden cells change the probability of a level by what it meets",
            "use `estimator: amce`, or `wls` with a column that holds the weights",
        ))
    } else if shares.is_some_and(|s| s.each().flat_map(Shares::values).any(|p| *p <= 0.0)) {
        Some((
            "a level with probability 0 has no inverse probability",
            "leave the level out of the codebook",
        ))
    } else {
        None
    };
    if let Some((message, help)) = problem {
        return refuse(path, name, message, help, low);
    }
    Some(Some(WeightsPlan {
        column: factor.to_owned(),
        kind: WeightKind::InverseProbability,
        by: shares.and_then(Probability::blocked).map(|b| b.by.clone()),
    }))
}

fn form(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<()> {
    let Some(form) = &spec.form else {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path}.form is needed by `estimator: ipw`"),
            "write form: hajek, which divides each arm's weights by their sum",
        );
        return None;
    };
    low.place(format!("{path}.form"), &form.at);
    match form.value.as_str() {
        "hajek" => Some(()),
        "horvitz_thompson" => {
            low.found.error(
                codes::NOT_SUPPORTED,
                &form.at,
                format!("{path}.form: Horvitz and Thompson's form and its variance are not computed here"),
                "write form: hajek, or compute it beside and disclose it",
            );
            None
        }
        _ => {
            low.found.error(
                codes::UNKNOWN_WORD,
                &form.at,
                format!("{path}.form: there is no form `{}`", form.value),
                "write form: hajek",
            );
            None
        }
    }
}
