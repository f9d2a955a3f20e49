//! One term of an analysis of variance: which columns its sum of squares is taken after.

use super::models::Fitted;
use crate::design::{DesignColumn, Refusal};
use crate::diagnostic::codes;
use crate::estimate::anova;
use crate::plan::{SumOfSquares, Term};
use crate::record::TestResult;

/// Type I: after the terms before it. II: after all terms that do not contain it. III: after all others. The errors are
/// those of the whole model each time.
///
/// # Errors
/// E008 where the model has no columns of the term; what the F test refuses.
pub(super) fn run(
    fitted: &Fitted,
    term: &Term,
    kind: SumOfSquares,
    after: &[Term],
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let columns = || fitted.design.columns.iter().enumerate();
    let of = |column: &DesignColumn| column.term.and_then(|t| fitted.terms.get(t));
    let own: Vec<usize> = columns()
        .filter(|(_, c)| of(c) == Some(term))
        .map(|(at, _)| at)
        .collect();
    if own.is_empty() {
        let message = format!("the model has no columns of `{term}`");
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    }
    let before = |column: &DesignColumn| match (of(column), kind) {
        // The intercept, and indicators of missing values.
        (None, _) => true,
        (Some(other), _) if other == term => false,
        (Some(other), SumOfSquares::I) => after.contains(other),
        (Some(other), SumOfSquares::Ii) => !contains(other, term),
        (Some(_), SumOfSquares::Iii) => true,
    };
    let without: Vec<usize> = columns().filter(|(_, c)| before(c)).map(|(at, _)| at).collect();
    let with: Vec<usize> = without.iter().chain(&own).copied().collect();
    let found = anova::test(&fitted.design, &without, &with)?;
    result.statistic = Some(found.statistic);
    result.statistic_name = Some(String::from("F"));
    result.df = Some(found.df.to_vec());
    result.p_value = Some(found.p_value);
    result.method = Some(format!("analysis of variance, type {}", kind.word()));
    Ok(())
}

fn contains(other: &Term, term: &Term) -> bool {
    term.0.iter().all(|atom| other.0.contains(atom))
}
