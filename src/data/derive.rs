//! Derived variables, in order: scale scores and conditions.

use super::sample::{Column, Sample};
use crate::plan::expression::Value;
use crate::plan::{Derivation, DerivedPlan, Plan};

/// The sample with the plan's derived columns.
pub fn derive(mut sample: Sample, plan: &Plan) -> Sample {
    for derived in &plan.derived {
        let column = Column::Number(values(&sample, derived, plan));
        sample.columns.insert(derived.name.clone(), column);
    }
    sample
}

fn values(sample: &Sample, derived: &DerivedPlan, plan: &Plan) -> Vec<Option<f64>> {
    (0..sample.rows())
        .map(|row| match &derived.rule {
            Derivation::MeanOf {
                items,
                reverse,
                at_least,
            } => {
                let (sum, present) = score(sample, row, items, reverse, plan);
                (present >= *at_least && present > 0).then(|| sum / present as f64)
            }
            Derivation::SumOf {
                items,
                reverse,
                at_least,
            } => {
                let (sum, present) = score(sample, row, items, reverse, plan);
                (present >= *at_least && present > 0).then_some(sum)
            }
            Derivation::When(expression) => expression
                .truth(&|name| sample.value(name, row))
                .map(|t| if t { 1.0 } else { 0.0 }),
        })
        .collect()
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
