//! Alpha and omega of the registered scale scores, on the rows that are analysed.

use crate::data::Sample;
use crate::estimate::reliability::{alpha, omega};
use crate::plan::expression::Value;
use crate::plan::{Derivation, Plan};
use crate::record::ReliabilityFacts;

/// A score a line, in the registered order.
pub fn reliability(plan: &Plan, sample: &Sample) -> Vec<ReliabilityFacts> {
    let scores = plan.derived.iter().filter_map(|derived| match &derived.rule {
        Derivation::MeanOf { items, reverse, .. } | Derivation::SumOf { items, reverse, .. } => {
            Some((&derived.name, items, reverse))
        }
        _ => None,
    });
    scores
        .filter(|(_, items, _)| items.len() > 1)
        .map(|(name, items, reverse)| facts(name, &complete(plan, sample, items, reverse), items))
        .collect()
}

/// The items of the rows that have all of them. Reversed ones only change their sign: a constant does not covary.
fn complete(plan: &Plan, sample: &Sample, items: &[String], reverse: &[String]) -> Vec<Vec<f64>> {
    let ended = |item: &String| {
        let scale = plan.variables.get(item).and_then(|v| v.scale);
        scale.is_some_and(|s| s.min.is_some() && s.max.is_some())
    };
    let value = |item: &String, row: usize| match sample.value(item, row) {
        Value::Number(value) if reverse.contains(item) && ended(item) => Some(-value),
        Value::Number(value) => Some(value),
        _ => None,
    };
    (0..sample.rows())
        .filter_map(|row| items.iter().map(|item| value(item, row)).collect())
        .collect()
}

fn facts(score: &str, rows: &[Vec<f64>], items: &[String]) -> ReliabilityFacts {
    let mut facts = ReliabilityFacts {
        score: score.to_owned(),
        items: items.len() as u64,
        rows: rows.len() as u64,
        alpha: None,
        omega: None,
        against: Vec::new(),
        note: None,
    };
    if rows.len() < 2 {
        facts.note = Some(String::from("fewer than two rows have all the items"));
        return facts;
    }
    let covariance = covariance(rows, items.len());
    let rest = |i: usize| covariance[i].iter().sum::<f64>() - covariance[i][i];
    let against = items.iter().enumerate().filter(|(i, _)| rest(*i) < 0.0);
    facts.against = against.map(|(_, item)| item.clone()).collect();
    let mut notes: Vec<String> = Vec::new();
    match alpha(&covariance) {
        Ok(alpha) => facts.alpha = Some(alpha),
        Err(refusal) => notes.push(format!("no alpha: {}", refusal.message)),
    }
    match omega(&covariance) {
        Ok(omega) => facts.omega = Some(omega),
        Err(refusal) => notes.push(format!("no omega: {}", refusal.message)),
    }
    facts.note = (!notes.is_empty()).then(|| notes.join("; "));
    facts
}

fn covariance(rows: &[Vec<f64>], items: usize) -> Vec<Vec<f64>> {
    let n = rows.len() as f64;
    let means: Vec<f64> = (0..items)
        .map(|i| rows.iter().map(|row| row[i]).sum::<f64>() / n)
        .collect();
    let cell = |i: usize, j: usize| {
        let products = rows.iter().map(|row| (row[i] - means[i]) * (row[j] - means[j]));
        products.sum::<f64>() / (n - 1.0)
    };
    (0..items)
        .map(|i| (0..items).map(|j| cell(i, j)).collect())
        .collect()
}
