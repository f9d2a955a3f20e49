//! Tests that need no model: what their formula, their columns and their tests may be.

use super::Lowering;
use super::codebook::Columns;
use super::effect_size::is_pair;
use crate::diagnostic::codes;
use crate::plan::expression::Kind;
use crate::plan::{
    Alternative, Atom, Estimator, Layout, MissingRule, ModelPlan, Plan, Quantity, Role, Term, Vcov,
};
use crate::spec::model::{ModelSpec, TestSpec};
use crate::spec::registration::Registration;

/// What does not go together in the model of a test without one, with the way out.
pub(super) fn problem(path: &str, model: &ModelPlan) -> Option<(String, &'static str)> {
    let (formula, layout) = (&model.formula, model.estimator.layout());
    let plain = model.weights.is_none()
        && model.clusters.is_empty()
        && formula.absorbed.is_empty()
        && formula.intercept
        && model.coding.is_empty();
    let one = matches!(formula.terms.as_slice(), [term] if term.0.len() == 1);
    let (alone, paired) = (formula.terms.is_empty(), formula.less.is_some());
    let shaped = match layout {
        None => {
            return match (model.vcov, paired) {
                (Vcov::None, _) => Some((
                    format!("{path}: `vcov: none` is for tests that need no model"),
                    "choose a variance: it changes every p-value",
                )),
                (_, true) => Some((
                    format!(
                        "{path}: a difference of outcomes is taken by paired_t, signed_rank and mcnemar alone"
                    ),
                    "name one outcome before the tilde",
                )),
                _ => None,
            };
        }
        Some(Layout::TwoGroups | Layout::Groups | Layout::AnyGroups | Layout::Numbers) => one && !paired,
        Some(Layout::Sample) => alone && !paired,
        Some(Layout::Pairs) => alone && paired,
        Some(Layout::SampleOrPairs) => alone,
    };
    let (shape, word) = (layout.map_or("", Layout::formula), model.estimator.word());
    if model.vcov != Vcov::None {
        let message = format!("{path}: {word} needs no model, and so has no variance to choose");
        return Some((message, "write vcov: none"));
    }
    if !shaped || !plain {
        let message = format!("{path}: {word} is taken of `{shape}`");
        return Some((
            message,
            "without weights, clusters, codings and fixed effects: with them it is another test",
        ));
    }
    None
}

/// Groups are levels, and numbers are numbers.
pub(super) fn fits_columns(
    path: &str,
    spec: &ModelSpec,
    model: &ModelPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> bool {
    let (Some(layout), Some(Term(atoms))) = (model.estimator.layout(), model.formula.terms.first()) else {
        return true;
    };
    let Some(atom) = atoms.first() else { return true };
    let levels = matches!(columns.kind(atom.column()), Some(Kind::Levels(_)));
    let grouped = levels || matches!(atom, Atom::Factor(_));
    let single = !matches!(atom, Atom::Basis { .. });
    if grouped == layout.is_grouped() && single {
        return true;
    }
    let (what, help) = match layout {
        Layout::Numbers => ("number", "a correlation is of two numbers"),
        _ => (
            "factor",
            "give it `levels` in the codebook, or write factor(…): its values are the groups",
        ),
    };
    let at = spec.formula.as_ref().map_or(&spec.at, |f| &f.at);
    let message = format!("{path}: `{atom}` is no {what}");
    low.found.error(codes::WRONG_TYPE, at, message, help);
    false
}

/// What a test is against where nothing is written: an odds ratio of one, else nothing.
pub(super) fn usual_null(quantity: &Quantity, model: Option<&ModelPlan>) -> f64 {
    let ratio = model.is_some_and(|m| m.estimator == Estimator::FisherExact);
    match quantity {
        Quantity::Contrast { .. } if ratio => 1.0,
        _ => 0.0,
    }
}

/// Whether a test asks of its estimator what that is about.
pub(super) fn fits(
    path: &str,
    spec: &TestSpec,
    quantity: &Quantity,
    alternative: Option<Alternative>,
    model: Option<&ModelPlan>,
    low: &Lowering<'_>,
) -> Option<()> {
    let estimator = model?.estimator;
    let problem = match estimator.layout() {
        Some(layout) => asked(estimator, layout, quantity).or_else(|| against(spec, alternative, estimator)),
        None if matches!(quantity, Quantity::Parameter { .. }) => {
            Some(String::from("a model has coefficients, margins and contrasts"))
        }
        None => None,
    };
    let Some(problem) = problem else { return Some(()) };
    let message = format!("{path}: {} is another test: {problem}", estimator.word());
    let help = "see the table of options for what each is taken of";
    low.found.error(codes::INCOMPATIBLE, &spec.at, message, help);
    None
}

/// Whether it is this quantity that the estimator is about.
fn asked(estimator: Estimator, layout: Layout, quantity: &Quantity) -> Option<String> {
    let fits = match (quantity, layout) {
        (Quantity::Contrast { weights, across, .. }, Layout::TwoGroups | Layout::AnyGroups) => {
            is_pair(weights) && across.is_empty()
        }
        (Quantity::Joint { .. }, Layout::Groups | Layout::AnyGroups) => true,
        (Quantity::Parameter { parameter }, _) => estimator.parameter() == Some(*parameter),
        _ => false,
    };
    let way = match (layout, estimator.parameter()) {
        (_, Some(parameter)) => format!("write parameter: {}", parameter.word()),
        (Layout::TwoGroups, _) => String::from("it compares two levels: write contrast: a - b"),
        (Layout::AnyGroups, _) => {
            String::from("write contrast: a - b for an odds ratio, or `joint:` with its factor for the table")
        }
        _ => String::from("it compares all levels at once: write `joint:` with its factor"),
    };
    (!fits).then_some(way)
}

/// What it can be tested against.
fn against(spec: &TestSpec, alternative: Option<Alternative>, estimator: Estimator) -> Option<String> {
    let null = spec.null.as_ref().map(|n| n.value);
    let sided = matches!(
        alternative,
        None | Some(Alternative::TwoSided | Alternative::Greater | Alternative::Less)
    );
    let problem = match estimator {
        _ if !sided && !estimator.has_error() => "margins need an estimate with a standard error",
        Estimator::Binomial | Estimator::OneProportion | Estimator::OneProportionCorrected
            if !null.is_some_and(|p| p > 0.0 && p < 1.0) =>
        {
            "say against which proportion: `null:` between 0 and 1"
        }
        Estimator::FisherExact if null.is_some_and(|ratio| ratio <= 0.0) => {
            "an odds ratio is above 0: `null: 1` is no association"
        }
        Estimator::Mcnemar | Estimator::McnemarCorrected if alternative != Some(Alternative::TwoSided) => {
            "its χ² is two-sided"
        }
        Estimator::StudentT
        | Estimator::OneSampleT
        | Estimator::PairedT
        | Estimator::SignedRank
        | Estimator::Binomial
        | Estimator::OneProportion
        | Estimator::OneProportionCorrected
        | Estimator::FisherExact => return None,
        _ if null.is_some_and(|n| n != 0.0) => "it is against no difference: remove `null`",
        _ => return None,
    };
    Some(String::from(problem))
}

/// A mean that stands in for a missing number would be ranked and correlated as if it were observed.
pub(super) fn without_indicators(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let imputes = plan.missing.get(&Role::Covariate) == Some(&MissingRule::Indicator);
    for (name, spec) in &written.models {
        let Some(model) = plan.models.get(&name.value).filter(|m| m.estimator.is_direct()) else {
            continue;
        };
        let number = |column: &&str| plan.variables.get(*column).is_none_or(|v| v.levels.is_empty());
        let imputed = |column: &&str| plan.role_in(model, column) == Role::Covariate && number(column);
        let Some(column) = model.columns().into_iter().find(|c| imputes && imputed(c)) else {
            continue;
        };
        let at = spec.formula.as_ref().map_or(&spec.at, |f| &f.at);
        let message = format!(
            "models.{}: {} cannot take an indicator for a missing `{column}`",
            name.value,
            model.estimator.word()
        );
        let help =
            "register `covariate: drop_from_test` or `fail`, or give the variable the role of an outcome";
        low.found.error(codes::INCOMPATIBLE, at, message, help);
    }
}
