//! Missing values, by the registered rule of each variable's role.

use super::Refusal;
use crate::data::{Column, Sample};
use crate::diagnostic::codes;
use crate::plan::{MissingRule, ModelPlan, Plan, Role, WeightsPlan};
use std::collections::BTreeMap;

/// The rows that stay and what stands in for missing covariates.
pub(super) struct Handled {
    pub rows: Vec<usize>,
    pub dropped: u64,
    /// As [`super::Design::weights`].
    pub weights: Vec<f64>,
    pub dropped_weight: u64,
    /// Covariate → the mean that stands in.
    pub means: BTreeMap<String, f64>,
    /// Covariate → 1 where it was missing, for the covariates that have an indicator.
    pub indicators: BTreeMap<String, Vec<f64>>,
}

pub(super) fn handle(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    chosen: Vec<usize>,
) -> Result<Handled, Refusal> {
    let mut rows = chosen;
    let before = rows.len();
    let mut imputed = Vec::new();
    for column in model.columns() {
        let Some(cells) = sample.column(column) else {
            return Err(Refusal::new(
                codes::ESTIMAND_ABSENT,
                format!("`{column}` is not in the data"),
            ));
        };
        let role = plan.role_in(model, column);
        let rule = plan.missing.get(&role).copied();
        let unwritten = match role {
            Role::Factor => MissingRule::DropFromTest,
            _ => MissingRule::Fail,
        };
        match rule.unwrap_or(unwritten) {
            MissingRule::DropFromTest | MissingRule::DropFromStudy => {
                rows.retain(|row| !cells.is_missing(*row));
            }
            MissingRule::Indicator if in_formula(model, column) && matches!(cells, Column::Number(_)) => {
                imputed.push(column);
            }
            MissingRule::Fail | MissingRule::Indicator => fail(column, FAILS, role, cells, sample, &rows)?,
            // What can be imputed has been completed before.
            MissingRule::MultipleImputation => fail(column, NUMBERS, role, cells, sample, &rows)?,
        }
    }
    let dropped = (before - rows.len()) as u64;
    let weighted = super::weights::weigh(plan, model, sample, rows)?;
    let mut handled = Handled {
        dropped,
        rows: weighted.rows,
        weights: weighted.weights,
        dropped_weight: weighted.dropped,
        means: BTreeMap::new(),
        indicators: BTreeMap::new(),
    };
    for column in imputed {
        impute(column, sample, &mut handled)?;
    }
    // What only varies by group has no effect of its own that an indicator could stand beside.
    let fixed = |name: &String| model.formula.terms.iter().any(|t| t.columns().any(|c| c == name));
    handled.indicators.retain(|name, _| fixed(name));
    Ok(handled)
}

/// A weight, a cluster, a group or a number of trials cannot be imputed.
fn in_formula(model: &ModelPlan, column: &str) -> bool {
    // The assigned factor that weighs stands in the formula, and is never imputed.
    let weighs = |w: &WeightsPlan| w.columns().any(|c| c == column);
    let outside = model.weights.as_ref().is_some_and(weighs)
        || model.formula.groupings().any(|g| g == column)
        || model.clusters.iter().any(|c| c == column)
        || model.trials.as_deref() == Some(column);
    !outside && model.formula.columns().contains(&column)
}

const FAILS: &str = "the registered rule is to fail";
const NUMBERS: &str = "only numbers are imputed";

fn fail(
    column: &str,
    why: &str,
    role: Role,
    cells: &Column,
    sample: &Sample,
    rows: &[usize],
) -> Result<(), Refusal> {
    let missing: Vec<u64> = rows
        .iter()
        .filter(|row| cells.is_missing(**row))
        .filter_map(|row| sample.lines.get(*row).copied())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = missing.iter().take(10).map(u64::to_string).collect();
    Err(Refusal::new(
        codes::MISSING_FAILS,
        format!(
            "`{column}` ({}) is missing in {} rows and {why}: line {}{}",
            role.word(),
            missing.len(),
            lines.join(", "),
            if missing.len() > 10 { ", …" } else { "" }
        ),
    ))
}

/// The mean of the values that are present, and an indicator where one is not.
fn impute(column: &str, sample: &Sample, handled: &mut Handled) -> Result<(), Refusal> {
    let Some(Column::Number(values)) = sample.column(column) else {
        return Ok(());
    };
    let cells: Vec<Option<f64>> = handled
        .rows
        .iter()
        .map(|row| values.get(*row).copied().flatten())
        .collect();
    let present: Vec<f64> = cells.iter().copied().flatten().collect();
    if present.len() == cells.len() {
        return Ok(());
    }
    if present.is_empty() {
        return Err(Refusal::new(
            codes::MISSING_FAILS,
            format!("`{column}` is missing in every row"),
        ));
    }
    handled.means.insert(
        column.to_owned(),
        present.iter().sum::<f64>() / present.len() as f64,
    );
    let indicator = cells
        .iter()
        .map(|c| if c.is_none() { 1.0 } else { 0.0 })
        .collect();
    handled.indicators.insert(column.to_owned(), indicator);
    Ok(())
}
