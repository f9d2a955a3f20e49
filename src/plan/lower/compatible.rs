//! Whether a model's choices go together, before any data are seen.

use super::Lowering;
use super::codebook::Columns;
use super::direct;
use crate::diagnostic::codes;
use crate::plan::{BootstrapKind, Estimator, Information, ModelPlan, Vcov, WeightKind};
use crate::spec::model::ModelSpec;

/// What does not go together is refused here, before any data are seen.
pub(super) fn compatible(path: &str, spec: &ModelSpec, model: &ModelPlan, low: &Lowering<'_>) -> bool {
    let at = spec.vcov.as_ref().map_or(&spec.at, |v| &v.at);
    let weight = model.weights.as_ref().map(|w| w.kind);
    let problem = if let Some(random) = model.formula.random.first() {
        Some((
            format!(
                "{path}: {} has no random effects such as {random}",
                model.estimator.word()
            ),
            "write `estimator: mixed`, or `cluster:` with a clustered variance",
        ))
    } else if let Some(problem) = direct::problem(path, model) {
        Some(problem)
    } else if (model.vcov == Vcov::Youngs) != (model.estimator == Estimator::HorvitzThompson) {
        Some((
            format!("{path}: `vcov: youngs` and Horvitz and Thompson's estimator go together alone"),
            "write estimator: ipw with form: horvitz_thompson and vcov: youngs, or another variance",
        ))
    } else if model.vcov.is_clustered() && model.clusters.is_empty() {
        Some((
            format!("{path}: {} needs to know the clusters", model.vcov.word()),
            "write `cluster:` with the column whose values share their errors",
        ))
    } else if !model.vcov.may_cluster() && !model.clusters.is_empty() {
        Some((
            format!(
                "{path}: {} does not use the registered cluster",
                model.vcov.word()
            ),
            "choose CR0, CR1, CR1S, CR2 or CR3, or remove `cluster`",
        ))
    } else if model.clusters.len() > 1 && model.vcov != Vcov::CR1S {
        Some((
            format!("{path}: two-way clustering is defined for CR1S"),
            "write vcov: CR1S (Cameron, Gelbach & Miller 2011, doi:10.1198/jbes.2010.07136)",
        ))
    } else if !model.formula.absorbed.is_empty() && !within(model) {
        Some((
            format!("{path}: fixed effects are absorbed by least squares, without corrections by leverage"),
            "choose ols with classical, HC0, HC1, CR0, CR1, CR1S, bootstrap or jackknife, or write the effects as a factor of the formula",
        ))
    } else if model.estimator.is_likelihood()
        && model
            .bootstrap
            .as_ref()
            .is_some_and(|b| b.kind == BootstrapKind::Wild)
    {
        Some((
            format!(
                "{path}: the wild bootstrap turns residuals, which {} does not have",
                model.estimator.word()
            ),
            "write kind: pairs",
        ))
    } else if model.estimator.is_likelihood() && model.vcov.needs_leverage() {
        Some((
            format!(
                "{path}: {} is not defined outside linear models",
                model.vcov.word()
            ),
            "choose classical, HC0, HC1, robust, CR0, CR1 or CR1S; some programs return HC0 under these names",
        ))
    } else if model.estimator == Estimator::Ols
        && model.vcov == Vcov::Robust
        && weight != Some(WeightKind::Probability)
    {
        Some((
            format!("{path}: `robust` means different things for least squares"),
            "write HC1 for Stata's, HC2 for estimatr's, HC3 for small samples",
        ))
    } else if weight == Some(WeightKind::Probability) && model.vcov == Vcov::Classical {
        Some((
            format!("{path}: classical errors do not hold under probability weights"),
            "choose HC1 (Stata's pweight), robust (R's survey) or another sandwich",
        ))
    } else if weight == Some(WeightKind::Analytic) && model.estimator.is_likelihood() {
        Some((
            format!("{path}: analytic weights are defined for least squares alone"),
            "say whether the weights are probability or frequency weights",
        ))
    } else if !model.estimator.is_likelihood() && model.information != Information::Observed {
        Some((
            format!("{path}: least squares has no information to choose"),
            "remove `information`",
        ))
    } else {
        None
    };
    if let Some((message, help)) = problem {
        low.found.error(codes::INCOMPATIBLE, at, message, help);
        return false;
    }
    true
}

/// Whether the within transformation gives the model that is meant: columns less their group means know nothing of the
/// leverage that the groups' own effects have, and no likelihood but the normal one is that of the differences.
fn within(model: &ModelPlan) -> bool {
    model.estimator == Estimator::Ols && !model.vcov.needs_leverage()
}

/// Levels need an order to be ordered, and a reference to be compared with.
pub(super) fn outcome(
    path: &str,
    spec: &ModelSpec,
    model: &ModelPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> bool {
    let name = &model.formula.outcome;
    let Some(variable) = columns.variable(name).filter(|v| !v.levels.is_empty()) else {
        return true;
    };
    let problem = if model.estimator.is_ordered() && !variable.levels.ordered {
        (
            "the levels of its outcome have no order",
            "write `ordered: true` if they stand in their order",
        )
    } else if model.estimator == Estimator::Multinomial && variable.reference.is_none() {
        (
            "its outcome has no reference",
            "write `reference:`: the category that the others are compared with",
        )
    } else {
        return true;
    };
    let at = spec.formula.as_ref().map_or(&spec.at, |f| &f.at);
    low.found.error(
        codes::INCOMPATIBLE,
        at,
        format!("{path}: {} (`{name}`)", problem.0),
        problem.1,
    );
    false
}
