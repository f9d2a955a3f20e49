//! Registered contingencies decided on the analysed rows: once, in order, each with the branches before it in force.

use super::models;
use super::randomization;
use crate::data::{Column, Sample};
use crate::design::{self, Design, Input};
use crate::estimate;
use crate::estimate::direct::{self, Centre};
use crate::plan::contingency::{Condition, Fact};
use crate::plan::{ContingencyPlan, Plan};
use std::collections::BTreeMap;

/// A contingency as it came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub contingency: ContingencyPlan,
    /// Nothing if it could not be known: then its branch is not taken.
    pub holds: Option<bool>,
    pub facts: Vec<KnownFact>,
}

/// What a condition looked at, and what it was. A refusal is 1, a model that could be fitted 0.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownFact {
    pub fact: String,
    pub value: Option<f64>,
    pub note: Option<String>,
}

/// The plan with the branches that are taken, and how each contingency came out. `decided` are the registered plan's
/// decisions: a condition that it has as well is not decided again.
///
/// # Errors
/// If a branch sets what its field cannot be, which a lock that was written by hand may say.
pub fn settle(
    plan: &Plan,
    sample: &Sample,
    seed: [u8; 32],
    decided: &[Decision],
) -> Result<(Plan, Vec<Decision>), serde_json::Error> {
    let mut open: Vec<&Decision> = decided.iter().collect();
    let mut current = plan.clone();
    let mut decisions = Vec::new();
    for contingency in &plan.contingencies {
        let known = open
            .iter()
            .position(|d| d.contingency.condition == contingency.condition);
        let mut decision = match known {
            Some(position) => open.remove(position).clone(),
            None => decide(&current, contingency, sample, seed),
        };
        decision.contingency = contingency.clone();
        if decision.holds == Some(true) {
            current = current.with(contingency)?;
        }
        decisions.push(decision);
    }
    Ok((current, decisions))
}

fn decide(plan: &Plan, contingency: &ContingencyPlan, sample: &Sample, seed: [u8; 32]) -> Decision {
    let facts = std::cell::RefCell::new(Vec::new());
    let see = |fact: String, value: Option<f64>, note: Option<String>| {
        facts.borrow_mut().push(KnownFact { fact, value, note });
    };
    let mut value = |fact: &Fact| {
        let value = measure(plan, fact, sample);
        see(fact.to_string(), value, None);
        value
    };
    let mut refused = |id: &str| {
        let model = plan.models.get(id)?;
        let fitted = models::fitted(plan, model, sample, randomization::seed(seed, id));
        let why = fitted.as_ref().err().map(ToString::to_string);
        see(
            Condition::Refused(id.to_owned()).to_string(),
            Some(f64::from(u8::from(why.is_some()))),
            why.clone(),
        );
        Some(why.is_some())
    };
    let holds = contingency.condition.truth(&mut value, &mut refused);
    Decision {
        contingency: contingency.clone(),
        holds,
        facts: facts.into_inner(),
    }
}

fn measure(plan: &Plan, fact: &Fact, sample: &Sample) -> Option<f64> {
    let design = |model: &str| design::build(plan, plan.models.get(model)?, sample).ok();
    match fact {
        Fact::Rows => Some(sample.rows() as f64),
        Fact::SmallestCell(factors) => smallest_cell(plan, factors, sample),
        Fact::ShareMissing(name) => {
            let column = sample.column(name)?;
            let missing = (0..sample.rows()).filter(|row| column.is_missing(*row)).count();
            (sample.rows() > 0).then(|| missing as f64 / sample.rows() as f64)
        }
        Fact::MaxLeverage(model) => estimate::leverage(&design(model)?)?.into_iter().reduce(f64::max),
        Fact::Levene(model) => Some(
            direct::levene(&cells(&design(model)?), Centre::Median)
                .ok()?
                .p_value,
        ),
    }
}

/// The fewest rows in a combination of registered levels that can occur: of probability zero and forbidden ones are none.
fn smallest_cell(plan: &Plan, factors: &[String], sample: &Sample) -> Option<f64> {
    let mut counts: BTreeMap<Vec<&str>, u64> = BTreeMap::from([(Vec::new(), 0)]);
    for factor in factors {
        let variable = plan.variables.get(factor)?;
        let possible = |level: &&String| !variable.probability.as_ref().is_some_and(|p| p.never(level));
        let levels: Vec<&str> = variable
            .levels
            .names
            .iter()
            .filter(possible)
            .map(String::as_str)
            .collect();
        counts = counts
            .into_keys()
            .flat_map(|cell| {
                levels
                    .iter()
                    .map(move |level| ([&cell[..], &[*level]].concat(), 0))
            })
            .collect();
    }
    let within = |cell: &[&str], forbidden: &BTreeMap<String, String>| {
        forbidden
            .iter()
            .all(|(factor, level)| factors.iter().zip(cell).any(|(f, l)| f == factor && l == level))
    };
    counts.retain(|cell, _| !plan.design.forbidden.iter().any(|f| within(cell, f)));
    let columns: Vec<&Column> = factors.iter().map(|f| sample.column(f)).collect::<Option<_>>()?;
    for row in 0..sample.rows() {
        let cell: Option<Vec<&str>> = columns.iter().map(|c| c.level(row)).collect();
        if let Some(count) = cell.and_then(|cell| counts.get_mut(&cell)) {
            *count += 1;
        }
    }
    counts.values().min().map(|count| *count as f64)
}

/// The outcome in each combination of the levels of a model's factors.
fn cells(design: &Design) -> Vec<Vec<f64>> {
    let mut cells: BTreeMap<Vec<u32>, Vec<f64>> = BTreeMap::new();
    for (row, y) in design.y.iter().enumerate() {
        let cell = design.inputs.values().filter_map(|input| match input {
            Input::Levels { codes, .. } => codes.get(row).copied(),
            _ => None,
        });
        cells.entry(cell.collect()).or_default().push(*y);
    }
    cells.into_values().collect()
}
