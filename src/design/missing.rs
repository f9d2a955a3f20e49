//! Missing values, by the registered rule of each variable's role.

use super::Refusal;
use crate::data::{Column, Sample};
use crate::diagnostic::codes;
use crate::plan::{MissingRule, ModelPlan, Plan, Role};
use std::collections::BTreeMap;

/// The rows that stay and what stands in for missing covariates.
pub(super) struct Handled {
    pub rows: Vec<usize>,
    pub dropped: u64,
    /// Covariate → the mean that stands in.
    pub means: BTreeMap<String, f64>,
    /// Covariate → 1 where it was missing, for the covariates that have an indicator.
    pub indicators: BTreeMap<String, Vec<f64>>,
}

/// The role by which a column's missing values are handled in a model.
fn role(plan: &Plan, model: &ModelPlan, column: &str) -> Role {
    match plan.variables.get(column) {
        Some(variable) if variable.role == Role::Check => Role::Covariate,
        Some(variable) => variable.role,
        None if column == model.formula.outcome => Role::Outcome,
        None => Role::Covariate,
    }
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
    for column in model.formula.columns() {
        let Some(cells) = sample.column(column) else {
            return Err(Refusal::new(
                codes::ESTIMAND_ABSENT,
                format!("`{column}` is not in the data"),
            ));
        };
        let role = role(plan, model, column);
        let rule = plan.missing.get(&role).copied();
        match rule.unwrap_or(if role == Role::Factor {
            MissingRule::DropFromTest
        } else {
            MissingRule::Fail
        }) {
            MissingRule::DropFromTest | MissingRule::DropFromStudy => {
                rows.retain(|row| !cells.is_missing(*row));
            }
            MissingRule::Indicator if matches!(cells, Column::Number(_)) => imputed.push(column),
            MissingRule::Fail | MissingRule::Indicator => fail(column, role, cells, sample, &rows)?,
        }
    }
    let mut handled = Handled {
        dropped: (before - rows.len()) as u64,
        rows,
        means: BTreeMap::new(),
        indicators: BTreeMap::new(),
    };
    for column in imputed {
        impute(column, sample, &mut handled)?;
    }
    Ok(handled)
}

fn fail(column: &str, role: Role, cells: &Column, sample: &Sample, rows: &[usize]) -> Result<(), Refusal> {
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
            "`{column}` ({}) is missing in {} rows and the registered rule is to fail: line {}{}",
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
