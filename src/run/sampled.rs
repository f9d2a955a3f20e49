//! Who was left out and who was lost, under both plans.

use super::Plans;
use super::rows::Data;
use crate::plan::{Plan, Role};
use crate::record::{AttritionFacts, CodebookFacts, ExclusionFacts};
use crate::{data, inference};
use std::collections::BTreeMap;

/// Losses by arm, with their tests, under the registered plan.
pub(super) fn attrition(plans: &Plans<'_>, data: &Data) -> Vec<AttritionFacts> {
    let rows = data.promised();
    let mut all = data::attrition(&rows.collected, &rows.analysed, plans.promised);
    for facts in &mut all {
        inference::attrition(facts, plans.promised);
    }
    all
}

/// What the codebook does not know, without the texts that identify people or that they wrote: lines say which rows.
pub(super) fn codebook(facts: &[CodebookFacts], plan: &Plan) -> Vec<CodebookFacts> {
    let personal = |name: &str| {
        let variable = plan.variables.get(name);
        variable.is_some_and(|v| matches!(v.role, Role::Id | Role::Text))
    };
    let mut shown = facts.to_vec();
    for facts in shown.iter_mut().filter(|f| personal(&f.variable)) {
        for row in &mut facts.rows {
            row.value = String::from("not shown");
        }
    }
    shown
}

/// Every exclusion of either plan, with what it does to the rows.
pub(super) fn exclusions(plans: &Plans<'_>, data: &Data) -> Vec<ExclusionFacts> {
    let registered: BTreeMap<&str, ()> = plans
        .promised
        .exclusions
        .iter()
        .map(|e| (e.id.as_str(), ()))
        .collect();
    let requested: BTreeMap<&str, ()> = plans
        .requested
        .exclusions
        .iter()
        .map(|e| (e.id.as_str(), ()))
        .collect();
    let mut all: Vec<ExclusionFacts> = Vec::new();
    let sides = [(&data.requested, true), (data.promised(), false)];
    for (rows, is_request) in sides {
        for facts in &rows.analysed.exclusions {
            let known = all.iter().any(|f| f.id == facts.id && f.drop_if == facts.drop_if);
            if known || (!is_request && data.promised.is_none()) {
                continue;
            }
            all.push(ExclusionFacts {
                registered: registered.contains_key(facts.id.as_str()),
                requested: requested.contains_key(facts.id.as_str()),
                ..facts.clone()
            });
        }
    }
    all
}
