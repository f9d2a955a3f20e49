//! `models:`: which estimator, variance, weights and clusters are meant, and whether they go together.

use super::Lowering;
use super::codebook::{Columns, condition};
use super::compatible::{compatible, outcome};
use super::probability::mixtures;
use super::{conjoint, direct, experiment, inverse, mixed};
use crate::diagnostic::codes;
use crate::plan::expression::Kind;
use crate::plan::{
    Atom, Bootstrap, BootstrapKind, Coding, DesignPlan, Estimator, Formula, Information, Intervals,
    ModelPlan, Vcov, WeightKind, WeightsPlan,
};
use crate::spec::Located;
use crate::spec::model::ModelSpec;
use crate::spec::registration::Registration;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn models(
    written: &Registration,
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> BTreeMap<String, ModelPlan> {
    let mut all = BTreeMap::new();
    for (name, spec) in &written.models {
        let path = format!("models.{}", name.value);
        low.place(&path, &name.at);
        if let Some(model) = model(&path, spec, design, columns, low) {
            all.insert(name.value.clone(), model);
        }
    }
    all
}

fn model(
    path: &str,
    spec: &ModelSpec,
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<ModelPlan> {
    let estimator = estimator(path, spec, low);
    let vcov = vcov(path, spec, low);
    let subset = match &spec.subset {
        Some(text) => Some(condition(text, &format!("{path}.subset"), columns, low)?),
        None => None,
    };
    let weights = match &spec.weights {
        Some(_) => Some(weights(path, spec, columns, low)?),
        None => None,
    };
    let clusters = clusters(path, spec, columns, low)?;
    let information = low.word(
        &format!("{path}.information"),
        &spec.information,
        &Information::ALL,
        &[],
    );
    let categorical = estimator.is_some_and(Estimator::is_categorical);
    let formula = formula(path, spec.formula.as_ref()?, categorical, columns, low)?;
    let written = (estimator?, formula, vcov?);
    let vcov = written.2;
    let weights = inverse::meant(path, spec, (weights, &written.1, vcov), design, columns, low)?;
    let (estimator, formula) = experiment::meant(path, spec, written, design, columns, low)?;
    let model = ModelPlan {
        estimator,
        formula,
        vcov,
        subset,
        weights,
        clusters,
        information: information.unwrap_or_default(),
        coding: coding(path, spec, columns, low)?,
        trials: trials(path, spec, estimator, columns, low)?,
        bootstrap: bootstrap(path, spec, vcov, low)?,
        items: experiment::items(path, spec, low)?,
        likelihood: mixed::likelihood(path, spec, estimator, low)?,
    };
    mixtures(path, spec, &model, columns, low);
    let together = match model.estimator {
        Estimator::Mixed => mixed::compatible(path, spec, &model, columns, low),
        _ => compatible(path, spec, &model, low),
    };
    let fits = together
        & conjoint::variance(path, spec, &model, design, low)
        & outcome(path, spec, &model, columns, low)
        && direct::fits_columns(path, spec, &model, columns, low);
    fits.then_some(model)
}

/// The estimator, by its name or as `glm` with a family and a link.
fn estimator(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<Estimator> {
    let text = spec.estimator.as_ref()?;
    let at_path = format!("{path}.estimator");
    match text.value.as_str() {
        "glm" => glm(&at_path, spec, low),
        "wls" if spec.weights.is_none() => {
            low.found.error(
                codes::MISSING_KEY,
                &text.at,
                format!("{path}: weighted least squares needs `weights`"),
                "write weights: {column: w, kind: probability | analytic | frequency}",
            );
            None
        }
        "ipw" => inverse::estimator(&at_path, spec, low),
        "lin" | "difference_in_means" | "wls" => {
            low.place(&at_path, &text.at);
            Some(Estimator::Ols)
        }
        _ => {
            for key in [&spec.family, &spec.link].into_iter().flatten() {
                low.found.error(
                    codes::UNKNOWN_KEY,
                    &key.at,
                    format!("{path}: `family` and `link` belong to `estimator: glm`"),
                    format!("remove them: `{}` has its own", text.value),
                );
            }
            low.word(&at_path, &spec.estimator, &Estimator::ALL, &["ipaw"])
        }
    }
}

fn glm(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<Estimator> {
    let at = &spec.estimator.as_ref()?.at;
    low.place(path, at);
    let family = spec.family.as_ref().map(|f| f.value.as_str());
    let link = spec.link.as_ref().map(|l| l.value.as_str());
    let known = match (family, link) {
        (Some("gaussian"), Some("identity")) => Some(Estimator::Ols),
        (Some("binomial"), Some("logit")) => Some(Estimator::Logit),
        (Some("binomial"), Some("probit")) => Some(Estimator::Probit),
        (Some("binomial"), Some("cloglog")) => Some(Estimator::Cloglog),
        (Some("poisson"), Some("log")) => Some(Estimator::Poisson),
        _ => None,
    };
    if known.is_none() {
        low.found.error(
            codes::UNKNOWN_WORD,
            at,
            format!("{path}: a glm needs a family and a link that go together"),
            "gaussian identity, binomial logit | probit | cloglog, poisson log",
        );
    }
    known
}

fn vcov(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<Vcov> {
    let path = format!("{path}.vcov");
    let text = spec.vcov.as_ref()?;
    if text.value == "stata" {
        low.place(&path, &text.at);
        return Some(Vcov::CR1S);
    }
    let vcov = low.word(&path, &spec.vcov, &Vcov::ALL, &[])?;
    if vcov == Vcov::CR1 {
        low.convention(
            &text.at,
            format!("{path}: CR1 is CR0 · G/(G − 1), without (n − 1)/(n − k)"),
            "write CR1S if Stata's vce(cluster) or fixest's default is meant",
        );
    }
    Some(vcov)
}

fn weights(
    path: &str,
    spec: &ModelSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<WeightsPlan> {
    let written = spec.weights.as_ref()?;
    let path = format!("{path}.weights");
    low.place(&path, &written.at);
    let kind = low.word(&format!("{path}.kind"), &written.kind, &WeightKind::ALL, &[]);
    let column = written.column.as_ref()?;
    columns
        .require_number(&column.value, &column.at, &path, low)
        .then_some(WeightsPlan {
            column: column.value.clone(),
            kind: kind?,
            by: None,
            dealt: None,
        })
}

fn clusters(
    path: &str,
    spec: &ModelSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Vec<String>> {
    let path = format!("{path}.clusters");
    let mut names = BTreeSet::new();
    for cluster in &spec.cluster {
        low.place(&path, &cluster.at);
        if !columns.require(&cluster.value, &cluster.at, &path, low) {
            return None;
        }
        names.insert(cluster.value.clone());
    }
    if let (Some(third), true) = (spec.cluster.get(2), names.len() > 2) {
        low.found.error(
            codes::NOT_SUPPORTED,
            &third.at,
            format!("{path}: errors can be clustered in two ways at most"),
            "name one or two columns",
        );
        return None;
    }
    Some(names.into_iter().collect())
}

/// The trials in which the outcome counts successes.
fn trials(
    path: &str,
    spec: &ModelSpec,
    estimator: Estimator,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Option<String>> {
    let Some(written) = &spec.trials else {
        return Some(None);
    };
    let path = format!("{path}.trials");
    low.place(&path, &written.at);
    if !estimator.counts_trials() {
        low.found.error(
            codes::INCOMPATIBLE,
            &written.at,
            format!("{path}: {} does not count successes", estimator.word()),
            "remove `trials`, or use logit, probit or cloglog",
        );
        return None;
    }
    columns
        .require_number(&written.value, &written.at, &path, low)
        .then(|| Some(written.value.clone()))
}

/// The draws of a bootstrap: needed there, and meaningless elsewhere.
fn bootstrap(path: &str, spec: &ModelSpec, vcov: Vcov, low: &mut Lowering<'_>) -> Option<Option<Bootstrap>> {
    let path = format!("{path}.bootstrap");
    let (at, message) = match &spec.bootstrap {
        None if vcov != Vcov::Bootstrap => return Some(None),
        None => (&spec.at, "is needed: {draws: 2000, kind: pairs | wild}"),
        Some(written) if vcov != Vcov::Bootstrap => (&written.at, "belongs to vcov: bootstrap"),
        Some(written) => {
            low.place(&path, &written.at);
            let kind = low.word(&format!("{path}.kind"), &written.kind, &BootstrapKind::ALL, &[])?;
            let intervals = format!("{path}.intervals");
            let intervals = low.word(
                &intervals,
                &written.intervals,
                &Intervals::ALL,
                &["basic", "studentized"],
            );
            let draws = low.keep(format!("{path}.draws"), &written.draws)?;
            if (100..=1_000_000).contains(&draws) {
                let intervals = intervals.unwrap_or_default();
                if (kind, intervals) == (BootstrapKind::Wild, Intervals::Bca) {
                    let message =
                        format!("{path}: bca leaves out one unit each, and a wild bootstrap draws none");
                    let help = "write kind: pairs, or intervals: percentile";
                    low.found.error(codes::INCOMPATIBLE, &written.at, message, help);
                    return None;
                }
                return Some(Some(Bootstrap {
                    draws,
                    kind,
                    intervals,
                }));
            }
            (&written.at, "needs 100 to 1,000,000 draws")
        }
    };
    low.found.error(
        codes::INCOMPATIBLE,
        at,
        format!("{path} {message}"),
        "vcov and its draws go together",
    );
    None
}

/// Treatment contrasts are what is meant without a word. Helmert and polynomial ones need an order.
fn coding(
    path: &str,
    spec: &ModelSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<BTreeMap<String, Coding>> {
    let path = format!("{path}.coding");
    let mut all = BTreeMap::new();
    for (factor, word) in &spec.contrasts {
        let coding = low.word(&path, &Some(word.clone()), &Coding::ALL, &[])?;
        let variable = columns.variable(&factor.value).filter(|v| !v.levels.is_empty());
        let Some(variable) = variable else {
            columns.require(&factor.value, &factor.at, &path, low);
            let message = format!("{path}: `{}` is no factor", factor.value);
            low.found
                .error(codes::WRONG_TYPE, &factor.at, message, "only factors are coded");
            return None;
        };
        let needs_order = matches!(coding, Some(Coding::Helmert | Coding::Polynomial));
        let problem = if needs_order && !variable.levels.ordered {
            Some((
                "has no order",
                "write `ordered: true` if its levels stand in their order",
            ))
        } else if coding == Some(Coding::Sum) && variable.reference.is_none() {
            Some((
                "has no reference",
                "write `reference:`: the level whose deviation is left out",
            ))
        } else {
            None
        };
        if let Some((problem, help)) = problem {
            let message = format!("{path}: `{}` {problem}", factor.value);
            low.found.error(codes::INCOMPATIBLE, &word.at, message, help);
            return None;
        }
        if let Some(coding) = coding {
            all.insert(factor.value.clone(), coding);
        }
    }
    Some(all)
}

fn formula(
    path: &str,
    text: &Located<String>,
    categorical: bool,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Formula> {
    let path = format!("{path}.formula");
    low.place(&path, &text.at);
    let formula = match Formula::parse(&text.value) {
        Ok(formula) => formula,
        Err(error) => {
            low.found.error(
                codes::BAD_FORMULA,
                &error.place(text),
                format!("{path}: {}", error.message),
                "formulas are R's: approval ~ us_response * (regime + treaty)",
            );
            return None;
        }
    };
    let mut known = if categorical {
        columns.require(&formula.outcome, &text.at, &path, low)
    } else {
        columns.require_number(&formula.outcome, &text.at, &path, low)
    };
    if let Some(less) = &formula.less {
        known &= columns.require_number(less, &text.at, &path, low);
    }
    let mut seen = BTreeSet::new();
    let varying = formula.random.iter().flat_map(|r| &r.terms);
    for atom in formula.terms.iter().chain(varying).flat_map(|t| &t.0) {
        if !seen.insert(atom.clone()) {
            continue;
        }
        known &= match atom {
            Atom::Function { column, .. } | Atom::Basis { column, .. } => {
                columns.require_number(column, &text.at, &path, low)
            }
            _ => columns.require(atom.column(), &text.at, &path, low),
        };
        if formula.is_outcome(atom.column()) {
            low.found.error(
                codes::BAD_FORMULA,
                &text.at,
                format!("{path}: the outcome stands on both sides"),
                "take it out of the right-hand side",
            );
            known = false;
        }
        let text_column = matches!(columns.kind(atom.column()), Some(Kind::Text));
        if text_column {
            low.found.error(
                codes::WRONG_TYPE,
                &text.at,
                format!("{path}: `{}` is text", atom.column()),
                "only factors and numbers can be in a model",
            );
            known = false;
        }
    }
    for name in formula.groupings() {
        known &= columns.require(name, &text.at, &path, low);
    }
    known.then_some(formula)
}
