//! The numbers behind the figures: predictive margins of each contrasted factor, by itself and by another
//! factor, and its effects at the levels of each registered moderator.

use super::Outcomes;
use super::contrast::margin;
use super::models::{Fitted, fitted};
use super::wald::variance;
use crate::data::Sample;
use crate::design::{Input, Refusal};
use crate::diagnostic::codes;
use crate::estimate::tails;
use crate::plan::{Atom, Average, Estimator, Formula, Frame, ModelPlan, Plan, Quantity, Role, Term};
use crate::record::{MarginKind, MarginRow, MarginTable};
use std::collections::BTreeMap;

/// The level of the figures' intervals.
const CONF_LEVEL: f64 = 0.95;

/// All tables of a plan's outcomes, each once, in the order of the models and tests.
pub fn figures(plan: &Plan, sample: &Sample, outcomes: &Outcomes, seed: [u8; 32]) -> Vec<MarginTable> {
    let mut tables: Vec<MarginTable> = Vec::new();
    let mut done: Vec<(String, String, Option<String>)> = Vec::new();
    for test in plan.tests.values() {
        let Some(model) = plan.models.get(&test.model).filter(|m| !m.estimator.is_direct()) else {
            continue;
        };
        let means = model.estimator == Estimator::MarginalMean;
        let (of, moderators): (&String, Vec<&String>) = match &test.quantity {
            Quantity::Contrast { of, across, .. } => (of, across.keys().collect()),
            Quantity::Margin { of, frame, .. } if means => (of, frame.by.keys().collect()),
            _ => continue,
        };
        let moderators: Vec<Option<&String>> = if moderators.is_empty() {
            vec![None]
        } else {
            moderators.into_iter().map(Some).collect()
        };
        for by in moderators {
            let key = (test.model.clone(), of.clone(), by.cloned());
            if done.contains(&key) {
                continue;
            }
            done.push(key);
            // Within fixed effects there are differences and no levels.
            let shown = by.is_some() || model.formula.absorbed.is_empty();
            // A figure shows one fit, and pooled models have several.
            if let (true, Some(Ok(fitted @ Fitted { imputed: None, .. }))) =
                (shown, outcomes.fits.get(&test.model))
            {
                let kind = if by.is_some() && !means || model.estimator == Estimator::Amce {
                    MarginKind::Effect
                } else {
                    MarginKind::Margin
                };
                tables.extend(table(&test.model, model, fitted, kind, of, by.map(String::as_str)).ok());
            }
        }
    }
    let by_factor: Vec<MarginTable> = tables
        .iter()
        .filter(|t| t.kind == MarginKind::Margin && !is_conjoint(plan, &t.model))
        .flat_map(|t| other_factors(plan, &t.of).into_iter().map(move |by| (t, by)))
        .filter_map(|(t, by)| conditional(plan, sample, t, &by, seed))
        .collect();
    tables.extend(by_factor);
    tables
}

fn is_conjoint(plan: &Plan, model: &str) -> bool {
    plan.models.get(model).is_some_and(|m| m.estimator.is_conjoint())
}

/// Assigned factors that another test contrasts by themselves.
fn other_factors(plan: &Plan, of: &str) -> Vec<String> {
    let mut found = Vec::new();
    for test in plan.tests.values() {
        if let Quantity::Contrast {
            of: other, across, ..
        } = &test.quantity
            && across.is_empty()
            && other != of
            && plan
                .variables
                .get(other)
                .is_some_and(|v| v.role == Role::Factor && v.probability.is_some())
            && !found.contains(other)
        {
            found.push(other.clone());
        }
    }
    found
}

/// The margins of a factor at each level of another, from the model saturated in the two.
fn conditional(
    plan: &Plan,
    sample: &Sample,
    table_of: &MarginTable,
    by: &str,
    seed: [u8; 32],
) -> Option<MarginTable> {
    let base = plan.models.get(&table_of.model)?;
    let (of, by_atom) = (Atom::Variable(table_of.of.clone()), Atom::Variable(by.to_owned()));
    let model = ModelPlan {
        formula: Formula {
            outcome: base.formula.outcome.clone(),
            less: None,
            random: base.formula.random.clone(),
            absorbed: base.formula.absorbed.clone(),
            intercept: true,
            terms: vec![
                Term(vec![of.clone()]),
                Term(vec![by_atom.clone()]),
                Term(vec![of, by_atom]),
            ],
        },
        ..base.clone()
    };
    let fitted = fitted(
        plan,
        &model,
        sample,
        super::randomization::seed(seed, &table_of.model),
    )
    .ok()?;
    table(
        &table_of.model,
        &model,
        &fitted,
        MarginKind::Margin,
        &table_of.of,
        Some(by),
    )
    .ok()
}

fn table(
    id: &str,
    model: &ModelPlan,
    fitted: &Fitted,
    kind: MarginKind,
    of: &str,
    by: Option<&str>,
) -> Result<MarginTable, Refusal> {
    let average = if model.estimator == Estimator::Amce {
        Average::Design
    } else {
        Average::Observed
    };
    let levels = levels(fitted, of);
    let groups: Vec<Option<String>> = match by {
        Some(by) => self::levels(fitted, by).into_iter().map(Some).collect(),
        None => vec![None],
    };
    let mut rows = Vec::new();
    for group in &groups {
        let setting = |level| {
            let mut setting = BTreeMap::from([(of, level)]);
            if let (Some(by), Some(group)) = (by, group) {
                setting.insert(by, group.as_str());
            }
            setting
        };
        let reference = levels.first().filter(|_| kind == MarginKind::Effect);
        for level in levels.iter().skip(usize::from(reference.is_some())) {
            let compared: Vec<BTreeMap<&str, &str>> = reference
                .into_iter()
                .chain([level])
                .map(|l| setting(l.as_str()))
                .collect();
            let predicted = |level| margin(fitted, setting(level), &compared, average, &Frame::default());
            let averaged = match reference {
                Some(reference) => predicted(level.as_str())?.less(&predicted(reference.as_str())?),
                None => predicted(level.as_str())?,
            };
            let of = averaged.at(fitted, &fitted.fit.coefficients);
            let std_error = variance(fitted, &of.gradient).max(0.0).sqrt();
            let df = fitted.fit.reference.df(&of.gradient);
            if !of.value.is_finite() || !std_error.is_finite() || df.is_nan() {
                return Err(Refusal::new(codes::NOT_FINITE, "a margin is not a finite number"));
            }
            let width = tails::t_quantile((1.0 - CONF_LEVEL) / 2.0, df) * std_error;
            let value = |coefficients: &[f64]| averaged.at(fitted, coefficients).value;
            let drawn = fitted.fit.drawn(&value, CONF_LEVEL)?;
            let (conf_low, conf_high) = drawn.unwrap_or((of.value - width, of.value + width));
            rows.push(MarginRow {
                level: level.clone(),
                by: group.clone(),
                estimate: of.value,
                std_error,
                conf_low,
                conf_high,
            });
        }
    }
    Ok(MarginTable {
        model: id.to_owned(),
        kind,
        outcome: model.formula.outcome.clone(),
        of: of.to_owned(),
        by: by.map(str::to_owned),
        conf_level: CONF_LEVEL,
        n: fitted.design.rows() as u64,
        vcov: model.vcov.word().to_owned(),
        rows,
    })
}

/// The levels that occur, the reference first.
fn levels(fitted: &Fitted, factor: &str) -> Vec<String> {
    fitted
        .design
        .inputs
        .iter()
        .filter(|(atom, _)| atom.column() == factor)
        .find_map(|(_, input)| match input {
            Input::Levels { names, .. } => Some(names.clone()),
            Input::Numbers(_) | Input::Function { .. } | Input::Basis { .. } => None,
        })
        .unwrap_or_default()
}
