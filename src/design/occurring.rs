//! Registered levels and terms that should be among the analysed rows.

use super::{Design, Refusal};
use crate::data::Sample;
use crate::diagnostic::codes;
use crate::plan::{ModelPlan, Plan, Term};
use std::collections::BTreeMap;

/// Of the levels that no analysed row has, those that nothing registered takes out: neither a probability of zero, nor
/// the model's subset, nor an exclusion by the factor itself. `chosen` are the rows of the subset.
pub(super) fn lost(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    chosen: &[usize],
    empty: BTreeMap<String, Vec<String>>,
) -> BTreeMap<String, Vec<String>> {
    let lost = |factor: &str, level: &str| {
        let Some(column) = sample.column(factor) else {
            return false;
        };
        let has = |row: usize| column.level(row) == Some(level);
        if chosen.iter().any(|row| has(*row)) {
            return true;
        }
        let probability = plan.variables.get(factor).and_then(|v| v.probability.as_ref());
        let never = probability.is_some_and(|p| p.never(level));
        let subset = model.subset.iter();
        let conditions = plan.exclusions.iter().filter_map(|e| e.rule.condition());
        let mut rules = conditions.chain(subset);
        !never && !(0..sample.rows()).any(has) && !rules.any(|rule| rule.columns().contains(factor))
    };
    empty
        .into_iter()
        .map(|(factor, mut levels)| {
            levels.retain(|level| lost(&factor, level));
            (factor, levels)
        })
        .filter(|(_, levels)| !levels.is_empty())
        .collect()
}

impl Design {
    /// R refuses such a term as well; statsmodels leaves it out in silence.
    ///
    /// # Errors
    /// E001 for a term without columns: its factor has one level in the analysed rows.
    pub(super) fn every_term(&self, terms: &[Term]) -> Result<(), Refusal> {
        let has_column = |at: usize| self.columns.iter().any(|c| c.term == Some(at));
        let Some((_, term)) = terms.iter().enumerate().find(|(at, _)| !has_column(*at)) else {
            return Ok(());
        };
        let message =
            format!("the term `{term}` has no column: its factor has one level in the analysed rows");
        Err(Refusal::new(codes::RANK_DEFICIENT, message))
    }
}
