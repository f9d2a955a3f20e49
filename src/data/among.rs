//! Exclusions that look at other rows: repeated ones, and values far from the rest.

use super::sample::Sample;
use crate::plan::expression::Value;
use crate::plan::{ExclusionRule, Keep, OutlierMethod};
use std::collections::BTreeMap;

/// Whether the rule is true of each row, seen among the rows of `among`; nothing where a value that it needs is missing.
pub(super) fn truths(rule: &ExclusionRule, sample: &Sample, among: &[bool]) -> Vec<Option<bool>> {
    match rule {
        ExclusionRule::DropIf(expression) => sample.evaluate(expression, &truth),
        ExclusionRule::Duplicates { by, keep } => duplicates(sample, among, by, *keep),
        ExclusionRule::Outliers {
            of,
            method,
            cutoff,
            within,
        } => outliers(sample, among, of, within, &|values| {
            bounds(values, *method, *cutoff)
        }),
    }
}

/// True or false; nothing of what is unknown.
pub(super) fn truth(value: Value<'_>) -> Option<bool> {
    match value {
        Value::Truth(truth) => Some(truth),
        _ => None,
    }
}

/// The values of `by` in a row, if none is missing.
fn cell(sample: &Sample, by: &[String], row: usize) -> Option<Vec<String>> {
    by.iter()
        .map(|name| match sample.value(name, row) {
            Value::Text(text) => Some(text.to_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Truth(_) | Value::Missing => None,
        })
        .collect()
}

/// The rows of each cell among those that are looked at.
fn cells(sample: &Sample, among: &[bool], by: &[String]) -> BTreeMap<Vec<String>, Vec<usize>> {
    let mut cells: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (row, seen) in among.iter().enumerate() {
        if let Some(key) = cell(sample, by, row).filter(|_| *seen) {
            cells.entry(key).or_default().push(row);
        }
    }
    cells
}

fn duplicates(sample: &Sample, among: &[bool], by: &[String], keep: Keep) -> Vec<Option<bool>> {
    let mut truths: Vec<Option<bool>> = (0..sample.rows())
        .map(|row| cell(sample, by, row).map(|_| false))
        .collect();
    for rows in cells(sample, among, by).values().filter(|rows| rows.len() > 1) {
        let kept = match keep {
            Keep::First => rows.first(),
            Keep::Last => rows.last(),
            Keep::None => None,
        };
        for row in rows.iter().filter(|row| Some(*row) != kept) {
            if let Some(truth) = truths.get_mut(*row) {
                *truth = Some(true);
            }
        }
    }
    truths
}

/// The interval outside of which a value is an outlier; nothing where there are no values.
type Bounds = Option<(f64, f64)>;

fn outliers(
    sample: &Sample,
    among: &[bool],
    of: &str,
    within: &[String],
    bounds: &dyn Fn(&[f64]) -> Bounds,
) -> Vec<Option<bool>> {
    let number = |row: usize| match sample.value(of, row) {
        Value::Number(value) => Some(value),
        _ => None,
    };
    let limits: BTreeMap<Vec<String>, Bounds> = cells(sample, among, within)
        .into_iter()
        .map(|(key, rows)| {
            let values: Vec<f64> = rows.into_iter().filter_map(number).collect();
            (key, bounds(&values))
        })
        .collect();
    (0..sample.rows())
        .map(|row| {
            let value = number(row)?;
            let (low, high) = (*limits.get(&cell(sample, within, row)?)?)?;
            Some(value < low || value > high)
        })
        .collect()
}

/// Centre ± `cutoff` × spread: R's mean and sd, median and mad, quantile (type 7). One value is no outlier.
fn bounds(values: &[f64], method: OutlierMethod, cutoff: f64) -> Bounds {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    if sorted.len() < 2 {
        return None;
    }
    let (low, high) = match method {
        OutlierMethod::Sd => {
            let mean = values.iter().sum::<f64>() / n;
            let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
            let reach = cutoff * (squares / (n - 1.0)).sqrt();
            (mean - reach, mean + reach)
        }
        OutlierMethod::Mad => {
            let median = quantile(&sorted, 0.5);
            let mut distances: Vec<f64> = sorted.iter().map(|v| (v - median).abs()).collect();
            distances.sort_by(f64::total_cmp);
            let reach = cutoff * 1.4826 * quantile(&distances, 0.5);
            (median - reach, median + reach)
        }
        OutlierMethod::Iqr => {
            let (low, high) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
            let reach = cutoff * (high - low);
            (low - reach, high + reach)
        }
    };
    (low.is_finite() && high.is_finite()).then_some((low, high))
}

/// Hyndman and Fan's type 7, R's default: between the order statistics around 1 + (n − 1)p.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = sorted.len().saturating_sub(1) as f64 * p;
    let value = |position: f64| sorted.get(position as usize).copied().unwrap_or(f64::NAN);
    let (low, high) = (value(at.floor()), value(at.ceil()));
    low + (at - at.floor()) * (high - low)
}
