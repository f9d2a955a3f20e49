//! What a mixed model needs of its data, before anything is computed.

use super::Term;
use super::problem::Factor;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::least_squares;

/// Multiplications of one evaluation of the deviance that are still done: about a second factor of 800 columns.
pub(super) const WORK: f64 = 1e8;
/// Entries of θ: a term of seven correlated columns.
const VARIANCE_PARAMETERS: usize = 28;

/// Shapes, finiteness and sizes.
pub(super) fn inputs(x: &[Vec<f64>], y: &[f64], terms: &[Term]) -> Result<(), Refusal> {
    let (n, k) = (y.len(), x.len());
    let random = || terms.iter().flat_map(|t| &t.columns);
    let finite = x.iter().chain(random()).flatten().chain(y).all(|v| v.is_finite());
    let shaped = x.iter().chain(random()).all(|c| c.len() == n) && terms.iter().all(|t| t.codes.len() == n);
    if !finite || !shaped {
        let message = "a value that enters the model is not a finite number, or a column has another length";
        return Err(Refusal::new(codes::NOT_FINITE, message));
    }
    if k == 0 || terms.iter().any(|t| t.columns.is_empty()) || terms.is_empty() {
        let message = "a mixed model needs a fixed effect, a random term, and in each term a column";
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    }
    if n <= k {
        let message = format!("{n} rows cannot determine {k} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let first = y.first().copied().unwrap_or(0.0);
    if y.iter().all(|v| *v == first) {
        let message = format!("the outcome is {first} in every row");
        return Err(Refusal::new(codes::CONSTANT_OUTCOME, message));
    }
    for term in terms {
        if let Some(code) = term.codes.iter().find(|c| **c as usize >= term.groups) {
            let message = format!(
                "{}: group {code} is none of its {} groups",
                term.name, term.groups
            );
            return Err(Refusal::new(codes::LEVEL_EMPTY, message));
        }
    }
    Ok(())
}

/// Whether the groups leave something to estimate, and the system can be solved in reasonable time.
pub(super) fn grouping(n: usize, terms: &[Term], factors: &[Factor]) -> Result<(), Refusal> {
    let name = |p: &super::problem::Part| terms.get(p.term).map_or("", |t| t.name.as_str());
    for factor in factors {
        for part in &factor.parts {
            let effects = factor.groups * if part.correlated { part.q } else { 1 };
            if factor.groups < 2 {
                let message = format!("{} has one group: it has no variance", name(part));
                return Err(Refusal::new(codes::FEW_CLUSTERS, message));
            }
            if effects >= n {
                let message = format!(
                    "{} has {effects} effects for {n} rows: they cannot be told from the residuals",
                    name(part)
                );
                return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
            }
        }
        let part = |p: &super::problem::Part| terms.get(p.term).map(|t| t.columns.clone());
        let columns: Vec<Vec<f64>> = factor.parts.iter().filter_map(part).flatten().collect();
        if let Err(dependent) = least_squares(&columns, &vec![0.0; n]) {
            let named: Vec<&str> = factor.parts.iter().map(name).collect();
            let message = format!(
                "the effects of {} by the same groups depend linearly on each other: columns {}",
                named.join(" and "),
                positions(&dependent)
            );
            return Err(Refusal::new(codes::RANK_DEFICIENT, message));
        }
    }
    let parameters: usize = factors
        .iter()
        .flat_map(|f| &f.parts)
        .map(|p| p.places().len())
        .sum();
    let work = super::problem::work(factors);
    if parameters > VARIANCE_PARAMETERS || work > WORK {
        let message = format!(
            "{parameters} variance parameters (at most {VARIANCE_PARAMETERS}) and {work:.1e} multiplications \
             for one evaluation of the likelihood (at most {WORK:.0e})"
        );
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    }
    Ok(())
}

/// Positions counted from one.
pub(super) fn positions(columns: &[usize]) -> String {
    let mut sorted = columns.to_vec();
    sorted.sort_unstable();
    let named: Vec<String> = sorted.iter().map(|c| (c + 1).to_string()).collect();
    named.join(", ")
}
