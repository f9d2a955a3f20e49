//! Models whose covariates are imputed: one fit for each completed data set, pooled.

use super::contrast;
use super::models::Fitted;
use super::wald;
use crate::data::{Column, Sample};
use crate::design::{self, Refusal};
use crate::diagnostic::codes;
use crate::digest::Digest;
use crate::estimate::impute::Incomplete;
use crate::estimate::rubin::{Pooled, pool};
use crate::estimate::{self, tails};
use crate::plan::{ImputationPlan, MissingRule, ModelPlan, Plan, PlannedTest, Role};
use crate::record::{Coefficient, ImputedCells, ImputedRecord, TestResult};
use std::sync::Arc;

/// The fits of the completed data sets, and what was imputed.
#[derive(Clone, Debug)]
pub(super) struct Imputed {
    pub fits: Vec<Fitted>,
    pub record: ImputedRecord,
}

/// What a model's rows are, once its rule for missing covariates is followed.
pub(super) enum Completed {
    /// No covariate of it is imputed.
    AsTheyAre,
    Drawn(Vec<Sample>, ImputedRecord),
}

/// Completes the rows that the model analyses, from all columns of its formula, the outcome among them; the outcome
/// itself is never imputed. Products and functions of columns are computed from the completed columns.
///
/// # Errors
/// As the design's, and those of [`Incomplete::completed`].
pub(super) fn completed(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    seed: [u8; 32],
) -> Result<Completed, Refusal> {
    let asked = plan.missing.get(&Role::Covariate) == Some(&MissingRule::MultipleImputation);
    let (true, Some(imputation)) = (asked, &plan.imputation) else {
        return Ok(Completed::AsTheyAre);
    };
    let columns = model.formula.columns();
    let targets: Vec<&str> = columns
        .iter()
        .copied()
        .filter(|c| plan.role_in(model, c) == Role::Covariate)
        .filter(|c| matches!(sample.column(c), Some(Column::Number(values)) if values.iter().any(Option::is_none)))
        .collect();
    let filled = targets.iter().fold(sample.clone(), |sample, c| filled(sample, c));
    let design = design::build(plan, model, &filled)?;
    let rows = &design.origin;
    let (mut complete, mut partial) = (vec![design.y.clone()], Vec::new());
    for column in columns.iter().filter(|c| !model.formula.is_outcome(c)) {
        match sample.column(column) {
            Some(Column::Number(values)) => {
                let cells: Vec<Option<f64>> = rows.iter().map(|row| values[*row]).collect();
                match cells.iter().copied().collect::<Option<Vec<f64>>>() {
                    Some(whole) => complete.push(whole),
                    None => partial.push(((*column).to_owned(), cells)),
                }
            }
            Some(Column::Factor { levels, codes }) => {
                let has = |level: usize| move |row: &usize| codes[*row].is_some_and(|c| c as usize == level);
                complete.extend((1..levels.len()).map(|level| {
                    rows.iter()
                        .map(|row| if has(level)(row) { 1.0 } else { 0.0 })
                        .collect::<Vec<f64>>()
                }));
            }
            _ => {}
        }
    }
    let cells = partial.iter().map(|(name, cells)| ImputedCells {
        variable: name.clone(),
        cells: cells.iter().filter(|c| c.is_none()).count() as u64,
    });
    let record = ImputedRecord {
        draws: imputation.draws,
        iterations: imputation.iterations,
        donors: ImputationPlan::DONORS as u64,
        cells: cells.collect(),
    };
    if partial.is_empty() {
        return Ok(Completed::Drawn(vec![filled], record));
    }
    let incomplete = Incomplete {
        complete,
        partial,
        iterations: imputation.iterations,
        donors: ImputationPlan::DONORS,
    };
    let own = Digest::of(&[seed.as_slice(), b"imputation"].concat()).seed();
    let draw = |number| {
        Ok(with(
            &filled,
            &incomplete,
            rows,
            incomplete.completed(own, number)?,
        ))
    };
    let drawn: Result<Vec<Sample>, Refusal> = (0..imputation.draws).map(draw).collect();
    Ok(Completed::Drawn(drawn?, record))
}

/// The sample with its mean in a column's missing cells, to see which rows are analysed.
fn filled(mut sample: Sample, column: &str) -> Sample {
    if let Some(Column::Number(values)) = sample.columns.get_mut(column).map(Arc::make_mut) {
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        if mean.is_finite() {
            values.iter_mut().for_each(|v| *v = v.or(Some(mean)));
        }
    }
    sample
}

fn with(sample: &Sample, incomplete: &Incomplete, rows: &[usize], columns: Vec<Vec<f64>>) -> Sample {
    let mut sample = sample.clone();
    for ((name, _), column) in incomplete.partial.iter().zip(columns) {
        if let Some(Column::Number(values)) = sample.columns.get_mut(name).map(Arc::make_mut) {
            for (row, value) in rows.iter().zip(column) {
                values[*row] = Some(value);
            }
        }
    }
    sample
}

/// A test of one estimate, pooled over the completed data sets.
///
/// # Errors
/// As [`contrast::estimand`]; E009 where a fit has no variation; E015 for what is not pooled.
pub(super) fn single(imputed: &Imputed, test: &PlannedTest, result: &mut TestResult) -> Result<(), Refusal> {
    let mut of = Vec::new();
    let mut complete_df = f64::INFINITY;
    for fitted in &imputed.fits {
        let estimand = contrast::estimand(fitted, test)?;
        let variance = wald::variance(fitted, &estimand.gradient);
        if fitted.fit.exact || variance.is_nan() || variance <= 0.0 {
            return Err(Refusal::new(
                codes::NO_VARIATION,
                "the standard error is zero: there is no variation to test against",
            ));
        }
        complete_df = complete_df.min(fitted.fit.reference.df(&estimand.gradient));
        of.push((estimand.value, variance));
    }
    let pooled = pool(&of, complete_df);
    if !pooled.estimate.is_finite() || !pooled.std_error.is_finite() || pooled.df.is_nan() {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "the estimate is not a finite number",
        ));
    }
    let Pooled {
        estimate,
        std_error,
        df,
        ..
    } = pooled;
    let width = tails::t_quantile((1.0 - test.conf_level) / 2.0, df) * std_error;
    let (null, alternative) = (test.null, test.alternative);
    result.estimate = Some(estimate);
    result.std_error = Some(std_error);
    result.statistic = Some(estimate::statistic(estimate, std_error, null, alternative));
    result.df = Some(vec![df]);
    result.p_value = Some(estimate::p_value(estimate, std_error, df, null, alternative));
    (result.conf_low, result.conf_high) = (Some(estimate - width), Some(estimate + width));
    result.missing_information = Some(pooled.missing_information);
    result.method = Some(format!(
        "Rubin's rules over {} imputations, with Barnard and Rubin's degrees of freedom",
        imputed.fits.len()
    ));
    Ok(())
}

/// The coefficient table, pooled one by one.
pub(super) fn coefficients(imputed: &Imputed, conf_level: f64) -> Vec<Coefficient> {
    let Some(first) = imputed.fits.first() else {
        return Vec::new();
    };
    let names = first.fit.names.iter().enumerate();
    names
        .map(|(at, term)| {
            let of: Vec<(f64, f64)> = imputed
                .fits
                .iter()
                .map(|f| (f.fit.coefficients[at], f.fit.vcov[at][at]))
                .collect();
            let mut unit = vec![0.0; first.fit.coefficients.len()];
            unit[at] = 1.0;
            let pooled = pool(&of, first.fit.reference.df(&unit));
            let width = tails::t_quantile((1.0 - conf_level) / 2.0, pooled.df) * pooled.std_error;
            let statistic = pooled.estimate / pooled.std_error;
            Coefficient {
                term: term.clone(),
                estimate: pooled.estimate,
                std_error: pooled.std_error,
                df: Some(pooled.df),
                statistic,
                p_value: tails::t_two_sided(statistic, pooled.df),
                conf_low: pooled.estimate - width,
                conf_high: pooled.estimate + width,
            }
        })
        .collect()
}
