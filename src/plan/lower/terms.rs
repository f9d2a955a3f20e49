//! Terms and coefficients that a test names, resolved against its model.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::codes;
use crate::plan::{Atom, Formula, ModelPlan, Term};
use crate::spec::Located;

pub(super) fn joint(
    path: &str,
    key: &str,
    texts: &[Located<String>],
    model: Option<&ModelPlan>,
    low: &Lowering<'_>,
) -> Option<Vec<Term>> {
    let mut all: Vec<Term> = Vec::new();
    for text in texts {
        let terms = match Formula::parse_terms(&text.value) {
            Ok(terms) => terms,
            Err(error) => {
                let message = format!("{path}.{key}: {}", error.message);
                low.found.error(
                    codes::BAD_FORMULA,
                    &error.place(text),
                    message,
                    "name terms: a, a:b",
                );
                return None;
            }
        };
        for term in terms {
            let known = model.is_none_or(|m| m.formula.terms.contains(&term));
            if !known {
                let names: Vec<String> = model
                    .map(|m| m.formula.terms.iter().map(Term::to_string).collect())
                    .unwrap_or_default();
                low.unknown(
                    codes::UNKNOWN_VARIABLE,
                    &term.to_string(),
                    &text.at,
                    format!("{path}.{key}: the model has no term `{term}`"),
                    names.iter().map(String::as_str).collect::<Vec<_>>(),
                );
                return None;
            }
            if !all.contains(&term) {
                all.push(term);
            }
        }
    }
    if all.is_empty() { None } else { Some(sorted(all)) }
}

pub(super) fn sorted(mut terms: Vec<Term>) -> Vec<Term> {
    terms.sort_by_key(|t| {
        let mut atoms = t.0.clone();
        atoms.sort();
        (atoms.len(), atoms)
    });
    terms
}

/// A coefficient's name is a product of `factor[level]` and numeric columns, all of one term of the model.
pub(super) fn coefficient(
    path: &str,
    text: &Located<String>,
    columns: &Columns<'_>,
    model: Option<&ModelPlan>,
    low: &Lowering<'_>,
) -> Option<()> {
    if text.value == "(Intercept)" {
        return Some(());
    }
    let path = format!("{path}.coefficient");
    let mut atoms = Vec::new();
    for part in text.value.split(':') {
        let (name, level) = match part.split_once('[') {
            Some((name, rest)) => (name, Some(rest.trim_end_matches(']'))),
            None => (part, None),
        };
        let atom = match Formula::parse_terms(name).as_deref() {
            Ok([Term(atoms)]) if atoms.len() == 1 => atoms.first().cloned(),
            _ => None,
        };
        let Some(atom) = atom else {
            low.found.error(
                codes::BAD_FORMULA,
                &text.at,
                format!("{path}: `{name}` is no variable of a formula"),
                "a coefficient is named as in us_response[denounce]:regime[democracy]",
            );
            return None;
        };
        let column = atom.column();
        if !columns.require(column, &text.at, &path, low) {
            return None;
        }
        if let Atom::Basis { basis, .. } = &atom {
            let own = |at: u8| format!("{atom}[{at}]") == part;
            if !(1..=basis.width()).any(own) {
                low.found.error(
                    codes::UNKNOWN_VARIABLE,
                    &text.at,
                    format!("{path}: `{part}` is no column of {atom}"),
                    format!("its columns are {atom}[1] to {atom}[{}]", basis.width()),
                );
                return None;
            }
        }
        let has_levels = columns.variable(column).is_some_and(|v| !v.levels.is_empty());
        let coded = model.is_some_and(|m| m.coding.contains_key(column));
        if let (Some(level), true) = (level, has_levels && !coded) {
            columns.level(column, level, &text.at, &path, low)?;
            let variable = columns.variable(column);
            if variable.is_some_and(|v| v.reference.is_none() && !v.levels.ordered) {
                low.found.error(
                    codes::MISSING_KEY,
                    &text.at,
                    format!("{path}: `{column}` has no reference"),
                    "write `reference:` in its codebook entry: a coefficient is a difference from it",
                );
                return None;
            }
        }
        atoms.push(atom);
    }
    let term = Term(atoms);
    if model.is_some_and(|m| !m.formula.terms.contains(&term)) {
        low.found.error(
            codes::UNKNOWN_VARIABLE,
            &text.at,
            format!("{path}: the model has no term `{term}`"),
            "a coefficient is named as in us_response[denounce]:regime[democracy]",
        );
        return None;
    }
    Some(())
}
