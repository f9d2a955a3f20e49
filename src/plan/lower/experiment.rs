//! Estimators of experiments that are least squares of another formula: Lin's, and blocked differences in means.
//!
//! Lin (2013, doi:10.1214/12-AOAS583) centres covariates and interacts them with treatment: its effect is the contrast
//! of the model `y ~ z * (x)` averaged over the sample, with the same variance. The blocked difference in means,
//! Σ (n_b/n)(ȳ_tb − ȳ_cb), is that of `y ~ z * block` with HC2 (Gerber & Green 2012, ISBN 9780393979954).

use super::Lowering;
use super::codebook::Columns;
use super::conjoint;
use crate::diagnostic::codes;
use crate::plan::{Atom, DesignPlan, Estimator, Formula, Term, Vcov};
use crate::spec::Located;
use crate::spec::model::ModelSpec;

/// The estimator and the formula that an experiment's estimator means.
pub(super) fn meant(
    path: &str,
    spec: &ModelSpec,
    written: (Estimator, Formula, Vcov),
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<(Estimator, Formula)> {
    let (estimator, formula, vcov) = written;
    let name = spec.estimator.as_ref()?;
    if let (Some(blocks), true) = (&spec.blocks, name.value != "difference_in_means") {
        return refuse(
            path,
            blocks,
            "`blocks` belong to `difference_in_means`",
            "remove `blocks`",
            low,
        );
    }
    match name.value.as_str() {
        "lin" => lin(path, name, formula, columns, low),
        "amce" => conjoint::amce(path, name, formula, design, columns, low),
        "marginal_mean" => conjoint::marginal_mean(path, name, formula, columns, low),
        "difference_in_means" => differences(path, spec, formula, vcov, columns, low),
        "list_experiment" => {
            let (_, formula) = differences(path, spec, formula, vcov, columns, low)?;
            if vcov == Vcov::HC2 {
                return Some((Estimator::ListExperiment, formula));
            }
            let help = "write vcov: HC2, which is Neyman's s²/n in each arm";
            refuse(
                path,
                name,
                "a list experiment's clusters are not taken into account",
                help,
                low,
            )
        }
        _ => Some((estimator, formula)),
    }
}

fn lin(
    path: &str,
    at: &Located<String>,
    formula: Formula,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<(Estimator, Formula)> {
    let assigned = |term: &Term| {
        let variable = term.columns().next().and_then(|c| columns.variable(c));
        term.0.len() == 1 && variable.is_some_and(|v| v.probability.is_some())
    };
    let (treatment, covariates): (Vec<Term>, Vec<Term>) = formula.terms.iter().cloned().partition(assigned);
    let [treatment] = treatment.as_slice() else {
        let help =
            "write y ~ treatment + covariates, where the treatment alone has a registered `probability`";
        return refuse(path, at, "Lin's estimator needs one assigned factor", help, low);
    };
    if covariates.is_empty() || !formula.intercept {
        let help = "write y ~ treatment + covariates";
        return refuse(
            path,
            at,
            "Lin's estimator needs covariates and an intercept",
            help,
            low,
        );
    }
    let crossed = covariates
        .iter()
        .map(|c| Term(treatment.0.iter().chain(&c.0).cloned().collect()));
    let mut terms = vec![treatment.clone()];
    terms.extend(covariates.iter().cloned());
    terms.extend(crossed);
    terms.sort_by_key(|t| t.0.len());
    Some((Estimator::Ols, Formula { terms, ..formula }))
}

fn differences(
    path: &str,
    spec: &ModelSpec,
    formula: Formula,
    vcov: Vcov,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<(Estimator, Formula)> {
    let at = spec.estimator.as_ref()?;
    let one =
        matches!(formula.terms.as_slice(), [Term(atoms)] if matches!(atoms.as_slice(), [Atom::Variable(_)]));
    let factor = formula
        .terms
        .first()
        .and_then(|t| t.columns().next())
        .and_then(|c| columns.variable(c));
    if !one || !formula.intercept || factor.is_none_or(|f| f.levels.is_empty()) {
        let help = "write y ~ treatment; covariates are for `lin`";
        return refuse(path, at, "a difference in means has one factor", help, low);
    }
    let clustered = !spec.cluster.is_empty();
    let neyman = if clustered { Vcov::CR2 } else { Vcov::HC2 };
    let drawn = matches!(vcov, Vcov::Bootstrap | Vcov::Jackknife);
    if (vcov != neyman && !drawn) || spec.weights.is_some() {
        let help = "write vcov: HC2, which is Neyman's s²/n in each arm, or vcov: CR2 with the `cluster` that was assigned, bootstrap or jackknife, and no weights";
        return refuse(path, at, "a difference in means has Neyman's variance", help, low);
    }
    if let (Some(blocks), true) = (&spec.blocks, clustered) {
        let message = "a difference in means of clusters within blocks is not defined here";
        let help =
            "write `estimator: ols` with y ~ z * block, vcov: CR2 and `cluster`, or leave out the blocks";
        return refuse(path, blocks, message, help, low);
    }
    if clustered {
        return Some((Estimator::Ols, formula));
    }
    let Some(blocks) = &spec.blocks else {
        return Some((Estimator::DifferenceInMeans, formula));
    };
    low.place(format!("{path}.blocks"), &blocks.at);
    if columns
        .variable(&blocks.value)
        .is_none_or(|v| v.levels.is_empty())
    {
        let help = "give the blocks `levels` in the codebook";
        return refuse(
            path,
            blocks,
            "the blocks are no factor of the codebook",
            help,
            low,
        );
    }
    let block = Atom::Variable(blocks.value.clone());
    let mut terms = formula.terms.clone();
    terms.push(Term(vec![block.clone()]));
    terms.extend(
        formula
            .terms
            .iter()
            .map(|t| Term(t.0.iter().cloned().chain([block.clone()]).collect())),
    );
    Some((Estimator::Ols, Formula { terms, ..formula }))
}

/// The length of a list experiment's control list: needed there, and meaningless elsewhere.
pub(super) fn items(path: &str, spec: &ModelSpec, low: &mut Lowering<'_>) -> Option<Option<u64>> {
    let path = format!("{path}.items");
    let is_list = spec
        .estimator
        .as_ref()
        .is_some_and(|e| e.value == "list_experiment");
    let (at, message) = match (&spec.items, is_list) {
        (None, false) => return Some(None),
        (None, true) => (&spec.at, "is needed: how many items the control list has"),
        (Some(items), false) => (&items.at, "belongs to `estimator: list_experiment`"),
        (Some(items), true) if !(1..=100).contains(&items.value) => (&items.at, "is a number from 1 to 100"),
        (Some(_), true) => return Some(low.keep(&path, &spec.items)),
    };
    let help = "the control list has J items; the other lists have the sensitive one as well, J + 1";
    low.found
        .error(codes::INCOMPATIBLE, at, format!("{path} {message}"), help);
    None
}

pub(super) fn refuse<T>(
    path: &str,
    at: &Located<String>,
    message: &str,
    help: &str,
    low: &Lowering<'_>,
) -> Option<T> {
    low.found
        .error(codes::INCOMPATIBLE, &at.at, format!("{path}: {message}"), help);
    None
}

/// Single coefficients of these models are not their effects.
pub(super) fn has_effects_alone(spec: &ModelSpec) -> bool {
    let name = spec.estimator.as_ref().map(|e| e.value.as_str());
    name == Some("lin") || (name == Some("difference_in_means") && spec.blocks.is_some())
}
