//! `anova: {term, type}`: one term of an analysis of variance, and what its sum of squares is taken after.

use super::Lowering;
use super::codebook::Columns;
use super::terms;
use crate::diagnostic::codes;
use crate::plan::expression::Kind;
use crate::plan::{Atom, Coding, Estimator, ModelPlan, Quantity, SumOfSquares, Term, Vcov};
use crate::spec::model::AnovaSpec;

pub(super) fn anova(
    path: &str,
    spec: &AnovaSpec,
    model: Option<&ModelPlan>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Quantity> {
    let at_path = format!("{path}.quantity");
    low.place(&at_path, &spec.at);
    let kind = low.word(&at_path, &spec.kind, &SumOfSquares::ALL, &[]);
    let text = spec.term.as_ref()?;
    let named = terms::joint(path, "anova", std::slice::from_ref(text), model, low)?;
    let (model, kind) = (model?, kind?);
    let [term] = named.as_slice() else {
        let message = format!("{path}.anova: `{}` is more than one term", text.value);
        let help = "an analysis of variance tests one term: for several at once, write `joint:`";
        low.found.error(codes::BAD_FORMULA, &text.at, message, help);
        return None;
    };
    if let Some((problem, help)) = undefined(model, kind, columns) {
        let message = format!("{path}.anova: {problem}");
        low.found.error(codes::INCOMPATIBLE, &spec.at, message, help);
        return None;
    }
    Some(Quantity::Anova {
        term: term.clone(),
        kind,
        after: match kind {
            SumOfSquares::I => terms::sorted(before(model, term)),
            _ => Vec::new(),
        },
    })
}

/// The terms before this one: main effects first, then interactions by order, within an order as written.
fn before(model: &ModelPlan, term: &Term) -> Vec<Term> {
    let terms = model.formula.terms.iter();
    terms.take_while(|t| *t != term).cloned().collect()
}

fn undefined(model: &ModelPlan, kind: SumOfSquares, columns: &Columns<'_>) -> Option<(String, &'static str)> {
    let formula = &model.formula;
    if model.estimator != Estimator::Ols || model.vcov != Vcov::Classical {
        let problem = "an analysis of variance is of `ols` with `vcov: classical`";
        return Some((problem.to_owned(), "for another variance, write `joint:`"));
    }
    if model.weights.is_some() || !formula.absorbed.is_empty() || !formula.intercept {
        let problem = "weights, fixed effects and models without an intercept have no such table here";
        return Some((problem.to_owned(), "write `joint:`"));
    }
    let treated = |atom: &&Atom| {
        let factor = matches!(columns.kind(atom.column()), Some(Kind::Levels(_)));
        (factor || matches!(atom, Atom::Factor(_))) && !sums_to_zero(model, atom)
    };
    let crossed = formula.terms.iter().filter(|t| t.0.len() > 1);
    let bad = crossed.flat_map(|t| &t.0).find(treated)?;
    (kind == SumOfSquares::Iii).then(|| {
        let problem = format!(
            "type III of a model with interactions needs codings that sum to zero, and `{bad}` is treatment-coded"
        );
        let help = "write contrasts: {factor: sum} in the model, or choose type II";
        (problem, help)
    })
}

fn sums_to_zero(model: &ModelPlan, atom: &Atom) -> bool {
    matches!(
        model.coding.get(atom.column()),
        Some(Coding::Sum | Coding::Helmert | Coding::Polynomial)
    )
}
