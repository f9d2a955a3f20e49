//! Conjoint experiments: average marginal component effects and marginal means.
//!
//! An AMCE is a contrast of the least squares that carry the interactions of attributes which restrict each other
//! (Hainmueller, Hopkins & Yamamoto 2014, doi:10.1093/pan/mpt024); a marginal mean is the outcome's mean at a level
//! (Leeper, Hobolt & Tilley 2020, doi:10.1017/pan.2019.30). Both are referred to the normal distribution, as R's cregg.

use super::Lowering;
use super::codebook::Columns;
use super::experiment::refuse;
use crate::diagnostic::codes;
use crate::plan::restriction::{self, Cell};
use crate::plan::{
    Atom, Average, DesignKind, DesignPlan, Estimator, Formula, ModelPlan, Quantity, Term, Vcov,
};
use crate::spec::Located;
use crate::spec::model::{ModelSpec, TestSpec};
use std::collections::BTreeSet;

/// The model of AMCEs: with the interactions that the restricted cells ask for.
pub(super) fn amce(
    path: &str,
    at: &Located<String>,
    formula: Formula,
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<(Estimator, Formula)> {
    let known: BTreeSet<&str> = formula.terms.iter().flat_map(|t| t.columns()).collect();
    let assigned = |c: &&str| columns.variable(c).is_some_and(|v| v.probability.is_some());
    if !formula.intercept || !formula.absorbed.is_empty() || !known.iter().any(assigned) {
        let help =
            "write y ~ attribute + attribute, where an attribute is a factor with a registered `probability`";
        return refuse(
            path,
            at,
            "component effects are those of assigned attributes",
            help,
            low,
        );
    }
    if let Some(factor) = known.iter().find(|c| by_block(c, columns)) {
        return differs(path, at, factor, low);
    }
    let touching = |cell: &&Cell| cell.keys().any(|f| known.contains(f.as_str()));
    let mut terms = formula.terms.clone();
    for cell in design.forbidden.iter().filter(touching) {
        if let Some(absent) = cell.keys().find(|f| !known.contains(f.as_str())) {
            let message = format!(
                "`{absent}` restricts an attribute of the formula and is not in it ({})",
                restriction::words(cell)
            );
            let help = "put it into the formula: without it, its effect is taken for that of the attribute it restricts";
            return refuse(path, at, &message, help, low);
        }
        for term in interactions(cell) {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    if terms.len() > formula.terms.len() {
        terms.sort_by_key(|t| t.0.len());
        let added = Formula {
            terms: terms.clone(),
            ..formula.clone()
        };
        low.convention(
            &at.at,
            format!("{path} carries the interactions of attributes that restrict each other: {added}"),
            "write them into the formula",
        );
    }
    Some((Estimator::Amce, Formula { terms, ..formula }))
}

/// Every product of two or more of a cell's factors.
fn interactions(cell: &Cell) -> Vec<Term> {
    let mut all: Vec<Vec<Atom>> = vec![Vec::new()];
    for factor in cell.keys() {
        let longer = |atoms: &Vec<Atom>| {
            let mut atoms = atoms.clone();
            atoms.push(Atom::Variable(factor.clone()));
            atoms
        };
        let more: Vec<Vec<Atom>> = all.iter().map(longer).collect();
        all.extend(more);
    }
    all.into_iter()
        .filter(|atoms| atoms.len() > 1)
        .map(Term)
        .collect()
}

/// The model of marginal means: one factor, or several with all their interactions.
pub(super) fn marginal_mean(
    path: &str,
    at: &Located<String>,
    formula: Formula,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<(Estimator, Formula)> {
    let names: BTreeSet<&str> = formula.terms.iter().flat_map(|t| t.columns()).collect();
    let factors = names
        .iter()
        .all(|n| columns.variable(n).is_some_and(|v| !v.levels.is_empty()));
    let saturated = u32::try_from(names.len())
        .ok()
        .and_then(|count| 2usize.checked_pow(count))
        .is_some_and(|all| formula.terms.len() + 1 == all);
    if !formula.intercept || !formula.absorbed.is_empty() || names.is_empty() || !factors || !saturated {
        let help = "write y ~ attribute, or y ~ attribute * group for the means of groups";
        return refuse(
            path,
            at,
            "a marginal mean is that of one attribute's level",
            help,
            low,
        );
    }
    if let Some(factor) = names.iter().find(|c| by_block(c, columns)) {
        return differs(path, at, factor, low);
    }
    Some((Estimator::MarginalMean, formula))
}

/// Sandwich errors with z; the rows of one respondent together.
pub(super) fn variance(
    path: &str,
    spec: &ModelSpec,
    model: &ModelPlan,
    design: &DesignPlan,
    low: &Lowering<'_>,
) -> bool {
    if !model.estimator.is_conjoint() {
        return true;
    }
    let at = spec.vcov.as_ref().map_or(&spec.at, |v| &v.at);
    let defined = matches!(
        model.vcov,
        Vcov::HC0
            | Vcov::HC1
            | Vcov::HC2
            | Vcov::HC3
            | Vcov::Robust
            | Vcov::CR0
            | Vcov::CR1
            | Vcov::CR1S
            | Vcov::CR3
    );
    let unit = design
        .unit
        .as_ref()
        .filter(|_| design.kind == DesignKind::Conjoint);
    let (message, help) = if !defined {
        (
            format!(
                "{path}: {} is not defined for {}, which is referred to the normal distribution",
                model.vcov.word(),
                model.estimator.word()
            ),
            String::from(
                "choose CR1 (R's survey and cregg), CR1S (Stata), CR0, CR3 or HC0–HC3; `estimator: ols` has the others, with t",
            ),
        )
    } else if let (Some(unit), true) = (unit, model.clusters.is_empty()) {
        (
            format!("{path}: the profiles that one `{unit}` saw share their errors"),
            format!("write vcov: CR1 and cluster: {unit}"),
        )
    } else {
        return true;
    };
    low.found.error(codes::INCOMPATIBLE, at, message, help);
    false
}

fn by_block(factor: &str, columns: &Columns<'_>) -> bool {
    let probability = columns.variable(factor).and_then(|v| v.probability.as_ref());
    probability.is_some_and(|p| p.blocked().is_some())
}

fn differs<T>(path: &str, at: &Located<String>, factor: &str, low: &Lowering<'_>) -> Option<T> {
    let message = format!("`{factor}` was drawn with probabilities that differ by block");
    let help =
        "use `estimator: ipw`, which weighs each block by its own, or `ols` with the blocks in the formula";
    refuse(path, at, &message, help, low)
}

/// The convention for effects whose attribute interacts with others: their registered probabilities.
pub(super) fn average(
    path: &str,
    spec: &TestSpec,
    fixed: &dyn Fn(&str) -> bool,
    model: Option<&ModelPlan>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Average> {
    let model = model.filter(|m| m.estimator.is_conjoint())?;
    let set = |c: &str| fixed(c) || spec.at_values.iter().any(|(name, _)| name.value == c);
    let assigned = |c: &str| columns.variable(c).is_some_and(|v| v.probability.is_some());
    if model.estimator == Estimator::MarginalMean || !open(model, &set).any(assigned) {
        return Some(Average::Observed);
    }
    low.convention(
        &spec.at,
        format!("{path} is averaged over the other attributes by their registered probabilities"),
        "write `average: design`, or `average: balanced` for each allowed combination alike",
    );
    Some(Average::Design)
}

/// Which averages and quantities a conjoint model has, and which other models do not have.
pub(super) fn quantity(
    path: &str,
    spec: &TestSpec,
    quantity: &Quantity,
    model: Option<&ModelPlan>,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> Option<()> {
    let Some(model) = model else { return Some(()) };
    let assigned = |c: &str| columns.variable(c).is_some_and(|v| v.probability.is_some());
    let by_design = matches!(
        quantity,
        Quantity::Contrast {
            average: Average::Design,
            ..
        } | Quantity::Margin {
            average: Average::Design,
            ..
        }
    );
    let problem = match (model.estimator, quantity) {
        (
            Estimator::Amce,
            Quantity::Contrast {
                of,
                across,
                average: Average::Observed,
                frame,
                ..
            },
        ) if open(model, &|c| {
            c == of || across.contains_key(c) || frame.at.contains_key(c)
        })
        .any(assigned) =>
        {
            Some((
                "the observed rows are no average over what the design allows",
                "write `average: design` (by the registered probabilities) or `average: balanced` (each alike)",
            ))
        }
        (Estimator::Amce, Quantity::Contrast { frame, .. }) if frame.by.keys().any(|c| assigned(c)) => {
            Some((
                "its rows are not chosen by what was assigned",
                "write `at:` for the effect beside another attribute's level",
            ))
        }
        (Estimator::Amce, Quantity::Contrast { .. } | Quantity::Joint { .. }) => None,
        (Estimator::Amce, _) => Some((
            "it estimates component effects",
            "write a `contrast` of an attribute; for the mean at a level, `estimator: marginal_mean`",
        )),
        (Estimator::MarginalMean, Quantity::Margin { of, frame, .. }) => {
            let fixed = |c: &str| c == of || frame.by.contains_key(c) || frame.at.contains_key(c);
            if spec.null.is_none() {
                Some((
                    "a marginal mean is tested against a value",
                    "write `null:`, 0.5 where one of two profiles is chosen",
                ))
            } else if model.formula.columns().iter().skip(1).any(|c| !fixed(c)) {
                Some((
                    "the mean of which group is meant",
                    "write `by:` with its level, or leave it out of the formula",
                ))
            } else {
                None
            }
        }
        (
            Estimator::MarginalMean,
            Quantity::Contrast {
                of, across, frame, ..
            },
        ) => {
            let fixed = |c: &str| {
                c == of || across.contains_key(c) || frame.by.contains_key(c) || frame.at.contains_key(c)
            };
            let open = model.formula.columns().iter().skip(1).any(|c| !fixed(c));
            open.then_some((
                "the means of which group are meant",
                "write `by:` with its level, `across:` for a difference of groups, or leave it out of the formula",
            ))
        }
        (Estimator::MarginalMean, Quantity::Joint { .. }) => None,
        (Estimator::MarginalMean, _) => {
            Some(("it estimates means", "write a `margin` or a `contrast` of levels"))
        }
        _ if by_design => Some((
            "`average: design` belongs to `estimator: amce`",
            "write `average: observed` or `average: balanced`",
        )),
        _ => None,
    };
    let Some((problem, help)) = problem else {
        return Some(());
    };
    let at = spec.average.as_ref().map_or(&spec.at, |a| &a.at);
    low.found
        .error(codes::INCOMPATIBLE, at, format!("{path}: {problem}"), help);
    None
}

/// The factors that stand in an interaction with what is fixed and are not fixed themselves.
fn open<'m>(model: &'m ModelPlan, fixed: &dyn Fn(&str) -> bool) -> impl Iterator<Item = &'m str> {
    let touching: Vec<&Term> = model
        .formula
        .terms
        .iter()
        .filter(|t| t.columns().any(fixed))
        .collect();
    let free: Vec<&str> = touching
        .iter()
        .flat_map(|t| t.columns())
        .filter(|c| !fixed(c))
        .collect();
    free.into_iter()
}
