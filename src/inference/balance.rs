//! Standardised differences between the arms of an assigned factor, of what was measured before treatment.
//!
//! d = (m₁ − m₀) / √((s₁² + s₀²)/2), of a category its share p with s² = p(1 − p) (Austin 2009, doi:10.1002/sim.3697),
//! over the analysed rows that have the covariate. `tests/oracle/balance.R` holds it to R.

use crate::data::{Column, Sample};
use crate::plan::{Plan, Role, Stage, VariablePlan};
use crate::record::BalanceFacts;

/// For each assigned factor, each level against the reference, and each covariate.
pub fn balance(plan: &Plan, sample: &Sample) -> Vec<BalanceFacts> {
    let assigned = plan
        .variables
        .iter()
        .filter(|(_, v)| v.role == Role::Factor && v.probability.is_some());
    assigned
        .flat_map(|(name, factor)| of_factor(plan, sample, name, factor))
        .collect()
}

fn of_factor(plan: &Plan, sample: &Sample, name: &str, factor: &VariablePlan) -> Vec<BalanceFacts> {
    let Some(column) = sample.column(name) else {
        return Vec::new();
    };
    let reference = factor.reference.as_ref().or(factor.levels.names.first());
    let Some(reference) = reference else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (covariate, of) in measured(plan, sample) {
        for level in factor.levels.names.iter().filter(|l| *l != reference) {
            for category in categories(of) {
                let arm = |level: &str| moments(column, level, of, category);
                let (treated, control) = (arm(level), arm(reference));
                found.push(BalanceFacts {
                    factor: name.to_owned(),
                    level: level.clone(),
                    reference: reference.clone(),
                    covariate: covariate.to_owned(),
                    category: category.map(str::to_owned),
                    mean: treated.map(|m| m.mean),
                    mean_reference: control.map(|m| m.mean),
                    difference: treated.zip(control).and_then(|(t, c)| standardised(t, c)),
                });
            }
        }
    }
    found
}

/// Covariates that were measured before treatment, and those that a model uses and the registration says nothing of.
fn measured<'a>(plan: &'a Plan, sample: &'a Sample) -> Vec<(&'a str, &'a Column)> {
    let used = |name: &str| plan.models.values().any(|m| m.columns().contains(&name));
    plan.variables
        .iter()
        .filter(|(_, v)| v.role == Role::Covariate)
        .filter(|(name, v)| match v.stage {
            Some(stage) => stage == Stage::PreTreatment,
            None => used(name),
        })
        .filter_map(|(name, _)| Some((name.as_str(), sample.column(name)?)))
        .filter(|(_, column)| !matches!(column, Column::Text(_)))
        .collect()
}

/// The categories whose shares are compared; a number is compared by its mean.
fn categories(column: &Column) -> Vec<Option<&str>> {
    match column {
        Column::Factor { levels, .. } if levels.len() == 2 => {
            levels.iter().skip(1).map(|l| Some(l.as_str())).collect()
        }
        Column::Factor { levels, .. } => levels.iter().map(|l| Some(l.as_str())).collect(),
        _ => vec![None],
    }
}

#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    variance: f64,
}

/// Nothing where an arm has fewer than two values.
fn moments(arm: &Column, level: &str, of: &Column, category: Option<&str>) -> Option<Moments> {
    let rows = match arm {
        Column::Factor { codes, .. } => codes.len(),
        _ => return None,
    };
    let values: Vec<f64> = (0..rows)
        .filter(|row| arm.level(*row) == Some(level))
        .filter_map(|row| match (of, category) {
            (Column::Number(numbers), _) => numbers.get(row).copied().flatten(),
            (column, Some(category)) => column.level(row).map(|l| f64::from(u8::from(l == category))),
            _ => None,
        })
        .collect();
    if values.len() < 2 {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = match category {
        Some(_) => mean * (1.0 - mean),
        None => values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0),
    };
    Some(Moments { mean, variance })
}

/// Nothing where neither arm varies.
fn standardised(one: Moments, other: Moments) -> Option<f64> {
    let pooled = ((one.variance + other.variance) / 2.0).sqrt();
    let difference = (one.mean - other.mean) / pooled;
    difference.is_finite().then_some(difference)
}
