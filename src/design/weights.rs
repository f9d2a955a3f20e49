//! Weights and clusters of the analysed rows.

use super::Refusal;
use crate::data::{self, Column, Sample};
use crate::diagnostic::codes;
use crate::plan::{Dealt, Derivation, ModelPlan, Plan, WeightKind};
use std::collections::BTreeMap;

/// Frequency weights may not make more rows than this.
const ROW_LIMIT: f64 = 1e7;

/// Rows with what they weigh. Rows of weight zero left, and frequency weights became repeated rows.
pub(super) struct Weighted {
    pub rows: Vec<usize>,
    /// Empty where every row weighs the same.
    pub weights: Vec<f64>,
    pub dropped: u64,
}

/// # Errors
/// E013 for a weight that is negative, infinite or, for frequencies, no whole number.
pub(super) fn weigh(
    registered: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    rows: Vec<usize>,
) -> Result<Weighted, Refusal> {
    let Some(plan) = &model.weights else {
        return Ok(Weighted {
            rows,
            weights: Vec::new(),
            dropped: 0,
        });
    };
    if plan.kind == WeightKind::InverseProbability {
        return inverse(registered, &plan.column, sample, rows);
    }
    let Some(Column::Number(values)) = sample.column(&plan.column) else {
        return Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("the weights `{}` are not in the data", plan.column),
        ));
    };
    raked(registered, &plan.column, sample)?;
    let mut kept = Weighted {
        rows: Vec::new(),
        weights: Vec::new(),
        dropped: 0,
    };
    for row in rows {
        let weight = values.get(row).copied().flatten().unwrap_or(f64::NAN);
        let fraction = plan.kind == WeightKind::Frequency && weight.fract() != 0.0;
        if !weight.is_finite() || weight < 0.0 || fraction {
            let message = format!(
                "the weight on line {} is {weight}: {}",
                sample.lines.get(row).copied().unwrap_or(0),
                if fraction {
                    "a frequency is a whole number"
                } else {
                    "a weight is zero or positive"
                }
            );
            return Err(Refusal::new(codes::BAD_WEIGHT, message));
        }
        if weight == 0.0 {
            kept.dropped += 1;
        } else if plan.kind == WeightKind::Frequency {
            if weight + kept.rows.len() as f64 > ROW_LIMIT {
                let message = "the frequency weights stand for more than 10 million rows";
                return Err(Refusal::new(codes::BAD_WEIGHT, message));
            }
            kept.rows.extend(std::iter::repeat_n(row, weight as usize));
        } else {
            kept.rows.push(row);
            kept.weights.push(weight);
        }
    }
    Ok(kept)
}

/// # Errors
/// E013 where the weights are raked and could not be.
fn raked(plan: &Plan, column: &str, sample: &Sample) -> Result<(), Refusal> {
    let rule = plan.derived.iter().find(|d| d.name == column).map(|d| &d.rule);
    let Some(Derivation::Rake { to, trim }) = rule else {
        return Ok(());
    };
    let refused = |why| Refusal::new(codes::BAD_WEIGHT, format!("`{column}` could not be raked: {why}"));
    data::rake(sample, to, trim.as_ref()).map(|_| ()).map_err(refused)
}

/// Rows weighted by 1/P(their level of an assigned factor), of their block where it differs.
fn inverse(plan: &Plan, factor: &str, sample: &Sample, rows: Vec<usize>) -> Result<Weighted, Refusal> {
    let level = |row: usize, of: &str| sample.column(of)?.level(row);
    let share = |row: usize| {
        let own = plan.variables.get(factor)?.probability.as_ref()?;
        let shares = own.of(|block| level(row, block))?;
        shares.get(level(row, factor)?).copied().filter(|p| *p > 0.0)
    };
    let weigh = |row: &usize| {
        share(*row).map(|p| 1.0 / p).ok_or_else(|| {
            let line = sample.lines.get(*row).copied().unwrap_or(0);
            let message = format!("`{factor}` has no registered probability on line {line}");
            Refusal::new(codes::BAD_WEIGHT, message)
        })
    };
    let weights = rows.iter().map(weigh).collect::<Result<_, _>>()?;
    Ok(Weighted {
        rows,
        weights,
        dropped: 0,
    })
}

/// For each grouping of the model, the rows' clusters as numbers in the order they appear.
///
/// # Errors
/// E008 where a column is not in the data. Missing clusters were handled by their rule before.
pub(super) fn clusters(model: &ModelPlan, sample: &Sample, rows: &[usize]) -> Result<Vec<Vec<u32>>, Refusal> {
    model
        .clusters
        .iter()
        .map(|name| grouping(name, sample, rows))
        .collect()
}

/// The blocks within which levels were dealt out, where a model's variance needs them.
///
/// # Errors
/// As [`grouping`].
pub(super) fn strata(model: &ModelPlan, sample: &Sample, rows: &[usize]) -> Result<Vec<u32>, Refusal> {
    match model.weights.as_ref().and_then(|w| w.dealt.as_ref()) {
        Some(Dealt::Blocked(by)) => grouping(by, sample, rows),
        _ => Ok(Vec::new()),
    }
}

/// A column's values in some rows of the sample as numbers, in the order in which they appear.
///
/// # Errors
/// E008 where the column is not in the data or has no value in a row.
pub fn grouping(name: &str, sample: &Sample, rows: &[usize]) -> Result<Vec<u32>, Refusal> {
    let absent = || {
        Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("`{name}` is missing in a row or not in the data"),
        )
    };
    let column = sample.column(name).ok_or_else(absent)?;
    let mut codes_of: BTreeMap<Key<'_>, u32> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let key = match column {
                Column::Factor { codes, .. } => codes.get(*row).copied().flatten().map(Key::Level),
                Column::Number(values) => {
                    let value = values.get(*row).copied().flatten();
                    value.map(|v| Key::Number(v.to_bits()))
                }
                Column::Text(values) => values.get(*row).and_then(Option::as_deref).map(Key::Text),
            };
            let next = codes_of.len() as u32;
            Ok(*codes_of.entry(key.ok_or_else(absent)?).or_insert(next))
        })
        .collect()
}

/// A cell that groups rows.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'s> {
    Level(u32),
    Number(u64),
    Text(&'s str),
}
