//! `estimator: ipw`: least squares weighted by the inverse of the registered probability of the assigned level.
//!
//! w = 1/P(z), Hájek's form: the weights of each arm are divided by their sum (Hájek 1971; Aronow & Samii 2017,
//! doi:10.1214/16-AOAS1005). The probabilities are the codebook's, never the data's. estimatr's `lm_robust(weights =)`.
//! Horvitz and Thompson's form, which divides by the rows, is an estimator of its own.

use super::Lowering;
use super::codebook::Columns;
use super::experiment::refuse;
use crate::diagnostic::codes;
use crate::plan::{
    Allocation, Atom, Dealt, DesignPlan, Estimator, Formula, ModelPlan, Probability, Quantity, Role, Shares,
    Vcov, WeightKind, WeightsPlan, contrast,
};
use crate::spec::Located;
use crate::spec::model::{ModelSpec, TestSpec};

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
    let horvitz = is_horvitz_thompson(spec);
    if name.value != "ipw" && !(horvitz && spec.form.is_none()) {
        return match &spec.form {
            None => Some(weights),
            Some(form) => refuse(path, form, "`form` belongs to `estimator: ipw`", "remove it", low),
        };
    }
    if name.value == "ipw" {
        form(path, spec, low)?;
    }
    let own = match (horvitz, spec.cluster.is_empty()) {
        (true, _) => Vcov::Youngs,
        (false, true) => Vcov::HC2,
        (false, false) => Vcov::CR2,
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
    let arms = columns.variable(factor).map_or(0, |v| v.levels.names.len());
    let problem = if weights.is_some() {
        Some((
            "ipw computes its weights from the registered probabilities",
            "remove `weights`, or use `estimator: wls` with a column that holds them",
        ))
    } else if vcov != own && horvitz {
        Some((
            "Horvitz and Thompson's estimator has the variance by Young's inequality",
            "write vcov: youngs",
        ))
    } else if vcov != own {
        Some((
            "ipw has estimatr's variance of the weighted fit",
            "write vcov: HC2, or vcov: CR2 with the `cluster` that was assigned",
        ))
    } else if horvitz && (formula.terms.len() > 1 || arms != 2) {
        Some((
            "Horvitz and Thompson's estimator is of two arms, without covariates",
            "write y ~ treatment, of a factor with two levels, or form: hajek",
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
    let dealt = match horvitz {
        true => dealt(path, spec, design, columns, low)?,
        false => None,
    };
    Some(Some(WeightsPlan {
        dealt,
        column: factor.to_owned(),
        kind: WeightKind::InverseProbability,
        by: shares.and_then(Probability::blocked).map(|b| b.by.clone()),
    }))
}

pub(super) fn estimator(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<Estimator> {
    low.place(path, &spec.estimator.as_ref()?.at);
    match is_horvitz_thompson(spec) {
        true => Some(Estimator::HorvitzThompson),
        false => Some(Estimator::Ols),
    }
}

fn is_horvitz_thompson(spec: &ModelSpec) -> bool {
    let word = |text: &Option<Located<String>>, word: &str| text.as_ref().is_some_and(|t| t.value == word);
    let form = word(&spec.estimator, "ipw") && word(&spec.form, "horvitz_thompson");
    form || word(&spec.estimator, "horvitz_thompson")
}

/// How the allocation makes levels depend on each other.
fn dealt(
    path: &str,
    spec: &ModelSpec,
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> Option<Option<Dealt>> {
    let with_role = |role: Role| {
        let mut all = columns.variables().iter().filter(|(_, v)| v.role == role);
        all.next().map(|(name, _)| name.clone())
    };
    let clusters: Vec<&String> = spec.cluster.iter().map(|c| &c.value).collect();
    let found = match design.allocation {
        Allocation::Independent => Some(None),
        Allocation::Complete => Some(Some(Dealt::Complete)),
        Allocation::Blocked => with_role(Role::Block).map(|by| Some(Dealt::Blocked(by))),
        Allocation::Clustered => Some(Some(Dealt::Clustered)),
        Allocation::None => None,
    };
    let whole = match design.allocation {
        Allocation::Clustered => with_role(Role::Cluster),
        _ => None,
    };
    if found.is_some() && clusters == whole.iter().collect::<Vec<_>>() {
        return found;
    }
    let at = spec.estimator.as_ref()?;
    let message =
        "its variance follows from how the levels were drawn, and this is not the registered allocation";
    let help = "write the `cluster` that was assigned where `allocation: clustered`, and none elsewhere";
    refuse(path, at, message, help, low)
}

/// What Horvitz and Thompson's variance is of: a difference of the two arms, or the mean of one.
pub(super) fn quantity(
    path: &str,
    spec: &TestSpec,
    quantity: &Quantity,
    model: Option<&ModelPlan>,
    low: &Lowering<'_>,
) -> Option<()> {
    let defined = match quantity {
        Quantity::Contrast { weights, .. } => contrast::sums_to_zero(weights),
        Quantity::Margin { .. } | Quantity::Coefficient { .. } => true,
        _ => false,
    };
    if defined || model.is_none_or(|m| m.estimator != Estimator::HorvitzThompson) {
        return Some(());
    }
    low.found.error(
        codes::INCOMPATIBLE,
        &spec.at,
        format!(
            "{path}: Horvitz and Thompson's variance is of a difference of the arms, or of one arm's mean"
        ),
        "write a `contrast` a - b, or a `margin`",
    );
    None
}

fn form(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<()> {
    let Some(form) = &spec.form else {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path}.form is needed by `estimator: ipw`"),
            "write form: hajek, which divides each arm's weights by their sum, or horvitz_thompson, which does not",
        );
        return None;
    };
    low.place(format!("{path}.form"), &form.at);
    match form.value.as_str() {
        "hajek" | "horvitz_thompson" => Some(()),
        _ => {
            low.found.error(
                codes::UNKNOWN_WORD,
                &form.at,
                format!("{path}.form: there is no form `{}`", form.value),
                "write form: hajek or horvitz_thompson",
            );
            None
        }
    }
}
