//! Registered levels that should be among the analysed rows.

use crate::data::Sample;
use crate::plan::{ModelPlan, Plan};
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
        let never = probability.and_then(|p| p.get(level)) == Some(&0.0);
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
