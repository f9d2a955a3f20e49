//! What goes together in a mixed model, before any data are seen.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::{Place, codes};
use crate::plan::{Atom, Estimator, Information, Likelihood, ModelPlan, RandomTerm, Vcov};
use crate::spec::model::ModelSpec;

/// `likelihood:`, needed in a mixed model and meaningless elsewhere; no answer at all where that is not so.
pub(super) fn likelihood(
    path: &str,
    spec: &ModelSpec,
    estimator: Estimator,
    low: &mut Lowering<'_>,
) -> Option<Option<Likelihood>> {
    match (&spec.likelihood, estimator) {
        (None, Estimator::Mixed) => {
            low.found.error(
                codes::MISSING_KEY,
                spec.estimator.as_ref().map_or(&spec.at, |e| &e.at),
                format!("{path}: a mixed model needs `likelihood`"),
                "write likelihood: reml (lme4's default) or ml: their variances, errors and degrees of freedom differ",
            );
            None
        }
        (None, _) => Some(None),
        (Some(_), Estimator::Mixed) => low
            .word(
                &format!("{path}.likelihood"),
                &spec.likelihood,
                &Likelihood::ALL,
                &[],
            )
            .map(Some),
        (Some(written), _) => {
            low.found.error(
                codes::UNKNOWN_KEY,
                &written.at,
                format!("{path}: `likelihood` belongs to `estimator: mixed`"),
                format!("remove it: {} leaves no choice", estimator.word()),
            );
            None
        }
    }
}

/// Whether a mixed model's choices go together; what does not is said, each at its place.
pub(super) fn compatible(
    path: &str,
    spec: &ModelSpec,
    model: &ModelPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> bool {
    let at = |written: Option<&Place>| written.unwrap_or(&spec.at).clone();
    let formula = at(spec.formula.as_ref().map(|f| &f.at));
    let mut problems: Vec<(Place, String, &str)> = Vec::new();
    if model.vcov != Vcov::Classical {
        problems.push((
            at(spec.vcov.as_ref().map(|v| &v.at)),
            format!("{} is not computed for mixed models", model.vcov.word()),
            "write vcov: classical: the errors that the random terms imply, with Satterthwaite's degrees of freedom",
        ));
    }
    if let Some(cluster) = spec.cluster.first() {
        problems.push((
            cluster.at.clone(),
            String::from("the groups of a mixed model are in its random terms"),
            "remove `cluster`, and write (1 | group) in the formula",
        ));
    }
    if let Some(weights) = &spec.weights {
        problems.push((
            weights.at.clone(),
            String::from("mixed models are fitted without weights"),
            "remove `weights`: what a weight means beside random effects differs from program to program",
        ));
    }
    if model.information != Information::Observed {
        problems.push((
            at(spec.information.as_ref().map(|i| &i.at)),
            String::from("a mixed model has no information to choose"),
            "remove `information`",
        ));
    }
    if !model.formula.absorbed.is_empty() {
        problems.push((
            formula.clone(),
            String::from("fixed effects are not absorbed beside random ones"),
            "write the factor as a term, or as a random term (1 | group)",
        ));
    }
    if model.formula.random.is_empty() {
        problems.push((
            formula.clone(),
            String::from("a mixed model needs a random term"),
            "write it in parentheses: y ~ x + (1 | group)",
        ));
    }
    if let Some(term) = separated(&model.formula.random, columns) {
        problems.push((
            formula.clone(),
            format!("{term} holds the intercept that another random term has by the same groups"),
            "the levels of a factor cannot be split from it: write (1 + f | g), or (1 | g) + (1 | g:f)",
        ));
    }
    let outcome = model.formula.outcome.as_str();
    if model.formula.groupings().any(|g| g == outcome) {
        problems.push((
            formula,
            String::from("the outcome stands on both sides"),
            "take it out of the right-hand side",
        ));
    }
    for (place, message, help) in &problems {
        low.found
            .error(codes::INCOMPATIBLE, place, format!("{path}: {message}"), *help);
    }
    problems.is_empty()
}

/// A term without an intercept whose factor has a column for each level, beside an intercept by the same groups: the
/// columns sum to it. `(f || g)` expands to that.
fn separated<'r>(random: &'r [RandomTerm], columns: &Columns<'_>) -> Option<&'r RandomTerm> {
    let factor = |atom: &Atom| match atom {
        Atom::Factor(_) => true,
        Atom::Variable(name) => columns.variable(name).is_some_and(|v| !v.levels.is_empty()),
        Atom::Function { .. } | Atom::Basis { .. } => false,
    };
    random.iter().find(|term| {
        let full = term
            .terms
            .iter()
            .any(|t| matches!(t.0.as_slice(), [atom] if factor(atom)));
        let beside = random
            .iter()
            .any(|other| other.intercept && other.group == term.group);
        !term.intercept && full && beside
    })
}
