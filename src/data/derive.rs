//! Derived variables, in order: scale scores, conditions, values, cuts, recodes, standardisation, days, lags, text matches,
//! raked weights.

use super::among::truth;
use super::rake::rake;
use super::sample::{Column, Sample};
use super::{dates, parallel};
use crate::plan::expression::Value;
use crate::plan::{Derivation, DerivedPlan, Over, Plan};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sample with the plan's derived columns, but for those that wait for the exclusions.
pub(super) fn derive(sample: Sample, plan: &Plan) -> Sample {
    let late = plan.derived_late();
    with(sample, plan, |_, name| !late.contains(&name))
}

/// The sample with the derived columns that it does not have yet, over its own rows.
pub fn derive_more(sample: Sample, plan: &Plan) -> Sample {
    with(sample, plan, |sample, name| sample.column(name).is_none())
}

fn with(mut sample: Sample, plan: &Plan, wanted: impl Fn(&Sample, &str) -> bool) -> Sample {
    for derived in &plan.derived {
        if wanted(&sample, &derived.name) {
            let column = Column::Number(values(&sample, derived, plan));
            sample.columns.insert(derived.name.clone(), Arc::new(column));
        }
    }
    sample
}

fn values(sample: &Sample, derived: &DerivedPlan, plan: &Plan) -> Vec<Option<f64>> {
    let each = |of: &(dyn Fn(usize) -> Option<f64> + Sync)| parallel::rows(sample.rows(), of);
    let number = |name: &str, row: usize| present_number(sample.value(name, row));
    match &derived.rule {
        Derivation::MeanOf {
            items,
            reverse,
            at_least,
        } => each(&|row| {
            let (sum, present) = score(sample, row, items, reverse, plan);
            (present >= *at_least && present > 0).then(|| sum / present as f64)
        }),
        Derivation::SumOf {
            items,
            reverse,
            at_least,
        } => each(&|row| {
            let (sum, present) = score(sample, row, items, reverse, plan);
            (present >= *at_least && present > 0).then_some(sum)
        }),
        Derivation::When(expression) => sample.evaluate(expression, &|value| {
            truth(value).map(|t| if t { 1.0 } else { 0.0 })
        }),
        Derivation::Value(expression) => sample.evaluate(expression, &present_number),
        Derivation::Cut { of, at } => each(&|row| {
            let value = number(of, row)?;
            Some(at.iter().filter(|point| **point <= value).count() as f64)
        }),
        Derivation::Recode { of, to } => each(&|row| match sample.value(of, row) {
            Value::Text(level) => to.get(level).copied(),
            _ => None,
        }),
        Derivation::Standardise { of, over } => {
            let (mean, sd) = moments(sample, of, over);
            each(&|row| Some((number(of, row)? - mean) / sd).filter(|z| z.is_finite()))
        }
        Derivation::Rake { to, trim } => {
            rake(sample, to, trim.as_ref()).map_or_else(|_| vec![None; sample.rows()], |raked| raked.weights)
        }
        Derivation::Days { from, to } => {
            each(&|row| dates::days(text(sample, from, row)?, text(sample, to, row)?))
        }
        Derivation::Lag { of, order } => lagged(sample, of, order, plan),
        Derivation::Contains { of, any_of } => each(&|row| {
            let text = text(sample, of, row)?.to_lowercase();
            let found = any_of.iter().any(|t| text.contains(t.as_str()));
            Some(if found { 1.0 } else { 0.0 })
        }),
    }
}

/// A number that is there.
fn present_number(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number(value) => Some(value),
        _ => None,
    }
}

fn text<'s>(sample: &'s Sample, name: &str, row: usize) -> Option<&'s str> {
    match sample.column(name) {
        Some(Column::Text(values)) => values.get(row)?.as_deref(),
        _ => None,
    }
}

/// Mean and standard deviation (n − 1) over the rows that are meant; no number where there are fewer than two.
fn moments(sample: &Sample, of: &str, over: &Over) -> (f64, f64) {
    let meant = |row: usize| match over {
        Over::Collected | Over::Kept => true,
        Over::Level { factor, level } => sample.value(factor, row) == Value::Text(level),
    };
    let values: Vec<f64> = (0..sample.rows())
        .filter(|row| meant(*row))
        .filter_map(|row| match sample.value(of, row) {
            Value::Number(value) => Some(value),
            _ => None,
        })
        .collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The value in the row before of the same unit. Rows without a unit or an order have none, and are nobody's.
fn lagged(sample: &Sample, of: &str, order: &str, plan: &Plan) -> Vec<Option<f64>> {
    let mut result = vec![None; sample.rows()];
    let Some(unit) = &plan.design.unit else {
        return result;
    };
    let mut units: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..sample.rows() {
        let id = match sample.value(unit, row) {
            Value::Text(id) => id.to_owned(),
            Value::Number(id) => id.to_string(),
            _ => continue,
        };
        if sample.value(order, row) != Value::Missing {
            units.entry(id).or_default().push(row);
        }
    }
    for rows in units.values_mut() {
        rows.sort_by(|a, b| in_order(&sample.value(order, *a), &sample.value(order, *b)));
        for pair in rows.windows(2) {
            let [before, after] = pair else { continue };
            // Two rows at one moment have no row before.
            let tied = in_order(&sample.value(order, *before), &sample.value(order, *after));
            if let (Value::Number(value), Some(held), Ordering::Less) =
                (sample.value(of, *before), result.get_mut(*after), tied)
            {
                *held = Some(value);
            }
        }
    }
    result
}

fn in_order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// The sum of the items that are present, and how many are.
fn score(sample: &Sample, row: usize, items: &[String], reverse: &[String], plan: &Plan) -> (f64, u64) {
    let mut sum = 0.0;
    let mut present = 0;
    for item in items {
        let Value::Number(value) = sample.value(item, row) else {
            continue;
        };
        let ends = plan
            .variables
            .get(item)
            .and_then(|v| v.scale)
            .and_then(|s| s.min.zip(s.max));
        sum += match ends.filter(|_| reverse.contains(item)) {
            Some((min, max)) => min + max - value,
            None => value,
        };
        present += 1;
    }
    (sum, present)
}
