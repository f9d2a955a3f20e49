//! The outcome of a model's rows: numbers, or positions among categories.

use super::Refusal;
use crate::data::{Column, Sample};
use crate::diagnostic::codes;
use crate::plan::{ModelPlan, Plan};

/// More categories than this are a number, not an ordered or nominal outcome.
const CATEGORY_LIMIT: usize = 100;

/// The outcome in the analysed rows, and its categories where the estimator has them: the registered levels in their
/// order, or the distinct numbers from the smallest.
///
/// # Errors
/// E008 where the outcome is not in the data or no number; E014 for more than 100 categories.
pub(super) fn outcome(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    rows: &[usize],
) -> Result<(Vec<f64>, Vec<String>), Refusal> {
    let name = &model.formula.outcome;
    match (sample.column(name), model.estimator.is_categorical()) {
        (Some(Column::Number(values)), false) => Ok((at(values, rows), Vec::new())),
        (Some(Column::Number(values)), true) => {
            let values = at(values, rows);
            let mut distinct = values.clone();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            if distinct.len() > CATEGORY_LIMIT {
                let message = format!("`{name}` has more than {CATEGORY_LIMIT} distinct values");
                return Err(Refusal::new(codes::BAD_OUTCOME, message));
            }
            let place = |v: &f64| distinct.iter().position(|d| d == v).unwrap_or(0) as f64;
            let names = distinct.iter().map(f64::to_string).collect();
            Ok((values.iter().map(place).collect(), names))
        }
        (Some(Column::Factor { levels, codes }), true) => {
            let order = order(plan, model, levels);
            let place = |code: u32| order.iter().position(|o| *o == code as usize).unwrap_or(0) as f64;
            let codes = rows.iter().filter_map(|row| codes.get(*row).copied().flatten());
            let names = order.iter().filter_map(|o| levels.get(*o).cloned());
            Ok((codes.map(place).collect(), names.collect()))
        }
        _ => Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("the outcome `{name}` is not a number in the data"),
        )),
    }
}

/// Of pairs, the outcome that is taken off the first, in the analysed rows.
///
/// # Errors
/// E008 where it is not in the data or no number.
pub(super) fn less(model: &ModelPlan, sample: &Sample, rows: &[usize]) -> Result<Vec<f64>, Refusal> {
    let Some(name) = &model.formula.less else {
        return Ok(Vec::new());
    };
    match sample.column(name) {
        Some(Column::Number(values)) => Ok(at(values, rows)),
        _ => Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("the outcome `{name}` is not a number in the data"),
        )),
    }
}

/// The numbers of trials, where the outcome counts successes.
///
/// # Errors
/// E008 where they are not in the data; E014 for an outcome that is no number of them.
pub(super) fn trials(model: &ModelPlan, sample: &Sample, rows: &[usize]) -> Result<Vec<f64>, Refusal> {
    let Some(name) = &model.trials else {
        return Ok(Vec::new());
    };
    let (Some(Column::Number(trials)), Some(Column::Number(successes))) =
        (sample.column(name), sample.column(&model.formula.outcome))
    else {
        let message = format!("the trials `{name}` are not a number in the data");
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    };
    let cell = |values: &[Option<f64>], row: &usize| values.get(*row).copied().flatten().unwrap_or(f64::NAN);
    let whole = |row: &&usize| {
        let (n, s) = (cell(trials, row), cell(successes, row));
        n >= 1.0 && n.fract() == 0.0 && s >= 0.0 && s.fract() == 0.0 && s <= n
    };
    if let Some(row) = rows.iter().find(|row| !whole(row)) {
        let message = format!(
            "line {} counts {} successes in {} trials: both must be whole numbers, with at least one trial and no more successes",
            sample.lines.get(*row).copied().unwrap_or(0),
            cell(successes, row),
            cell(trials, row)
        );
        return Err(Refusal::new(codes::BAD_OUTCOME, message));
    }
    Ok(at(trials, rows))
}

/// The registered order of an ordered outcome; of a nominal one, the reference first: it is the base.
fn order(plan: &Plan, model: &ModelPlan, levels: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..levels.len()).collect();
    let variable = plan.variables.get(&model.formula.outcome);
    if let (false, Some(reference)) = (
        model.estimator.is_ordered(),
        variable.and_then(|v| v.reference.as_ref()),
    ) {
        order.sort_by_key(|o| levels.get(*o) != Some(reference));
    }
    order
}

fn at(values: &[Option<f64>], rows: &[usize]) -> Vec<f64> {
    rows.iter()
        .filter_map(|row| values.get(*row).copied().flatten())
        .collect()
}
