//! What a test estimates, with its gradient by the coefficients.
//!
//! A predictive margin is the mean over rows of μ(x′β), x with `of` set to the level; a contrast is Σ w(level) ·
//! margin(level); a contrast of contrasts is Σ over the outer factors' weights of the same, each set as well; a slope
//! is the mean of ∂μ/∂z. On the link scale μ is the identity. Variances by the delta method from analytic gradients.
//! marginaleffects' `avg_predictions`, `avg_comparisons` and `avg_slopes`, Stata's `margins`; `balanced` as emmeans.

use super::models::Fitted;
use crate::design::{Input, Refusal, Target};
use crate::diagnostic::codes;
use crate::estimate::Predicted;
use crate::plan::{Atom, Average, Frame, PlannedTest, PredictionScale, Quantity, Setting, Weighing};
use std::collections::{BTreeMap, BTreeSet};

/// A function of the coefficients at their estimate.
#[derive(Clone, Debug)]
pub(super) struct Estimand {
    pub value: f64,
    /// k
    pub gradient: Vec<f64>,
}

/// What a quantity averages, before any coefficients: rows of the design with their weights.
pub(super) struct Averaged {
    rows: Vec<(f64, Vec<f64>)>,
    /// How each row changes by a unit of the number whose slope is asked for.
    changes: Option<Vec<Vec<f64>>>,
    asked: Predicted,
}

impl Averaged {
    /// Of some coefficients of the model.
    pub fn at(&self, fitted: &Fitted, coefficients: &[f64]) -> Estimand {
        let response = &fitted.fit.response;
        let mut total = Estimand {
            value: 0.0,
            gradient: vec![0.0; coefficients.len()],
        };
        for (at, (weight, row)) in self.rows.iter().enumerate() {
            let change = self.changes.as_ref().and_then(|c| c.get(at));
            let (value, gradient) = match change {
                Some(change) => response.slope(row, change, coefficients, self.asked),
                None => response.predict(row, coefficients, self.asked),
            };
            total.value += weight * value;
            let pairs = total.gradient.iter_mut().zip(&gradient);
            pairs.for_each(|(t, g)| *t += weight * g);
        }
        if self.changes.is_none() && response.is_linear(self.asked) {
            clean(&mut total.gradient);
            total.value = dot(&total.gradient, coefficients);
        }
        total
    }
}

/// # Errors
/// E005 for a level that no analysed row has; E008 for a coefficient that the model does not have;
/// E015 for a slope by what is no number.
pub(super) fn averaged(fitted: &Fitted, test: &PlannedTest) -> Result<Averaged, Refusal> {
    match &test.quantity {
        Quantity::Contrast {
            of,
            weights,
            weigh,
            across,
            average,
            frame,
        } => {
            let weights = weighed(fitted, of, weights, *weigh)?;
            let cells = cells(of, &weights, across);
            let compared: Vec<BTreeMap<&str, &str>> =
                cells.iter().map(|(levels, _)| levels.clone()).collect();
            let mut rows = Vec::new();
            for (levels, weight) in cells {
                let own = predictions(fitted, levels, &compared, *average, frame)?;
                rows.extend(own.into_iter().map(|(w, row)| (weight * w, row)));
            }
            of_rows(fitted, rows, frame)
        }
        Quantity::Margin {
            of,
            level,
            average,
            frame,
        } => {
            let levels = BTreeMap::from([(of.as_str(), level.as_str())]);
            of_rows(fitted, predictions(fitted, levels, &[], *average, frame)?, frame)
        }
        Quantity::Slope { of, frame } => slope(fitted, of, frame),
        Quantity::Coefficient { .. }
        | Quantity::Joint { .. }
        | Quantity::Parameter { .. }
        | Quantity::Anova { .. }
        | Quantity::ProportionalOdds { .. } => Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            "the test has no single estimate from the model's coefficients",
        )),
    }
}

fn of_rows(fitted: &Fitted, rows: Vec<(f64, Vec<f64>)>, frame: &Frame) -> Result<Averaged, Refusal> {
    Ok(Averaged {
        rows,
        changes: None,
        asked: predicted(fitted, frame)?,
    })
}

/// # Errors
/// As [`averaged`].
pub(super) fn estimand(fitted: &Fitted, test: &PlannedTest) -> Result<Estimand, Refusal> {
    match &test.quantity {
        Quantity::Coefficient { term } => coefficient(fitted, term),
        _ => Ok(averaged(fitted, test)?.at(fitted, &fitted.fit.coefficients)),
    }
}

/// The weights of a contrast's levels: as written, or each side's total shared out by the rows that have a level, as
/// `emmeans(weights = "proportional")` and a regression on the pooled levels share it.
fn weighed(
    fitted: &Fitted,
    of: &str,
    written: &BTreeMap<String, f64>,
    weigh: Weighing,
) -> Result<BTreeMap<String, f64>, Refusal> {
    if weigh == Weighing::Levels {
        return Ok(written.clone());
    }
    let has_levels = |(atom, input): (&Atom, &'_ Input)| match input {
        Input::Levels { names, codes } if atom.column() == of => Some((names.clone(), codes.clone())),
        _ => None,
    };
    let Some((names, found)) = fitted.design.inputs.iter().find_map(has_levels) else {
        let message = format!("`{of}` is not a factor of the model");
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    };
    let rows = |level: &str| -> f64 {
        let has = |code: &&u32| names.get(**code as usize).is_some_and(|name| name == level);
        found.iter().filter(has).count() as f64
    };
    if let Some(level) = written.keys().find(|level| rows(level) == 0.0) {
        let message = format!("no analysed row has the level `{level}` of `{of}`");
        return Err(Refusal::new(codes::LEVEL_EMPTY, message));
    }
    let mut sums = [(0.0, 0.0); 2];
    for (level, weight) in written {
        let (total, of_rows) = &mut sums[usize::from(*weight > 0.0)];
        *total += weight;
        *of_rows += weight * rows(level);
    }
    let shared = |(level, weight): (&String, &f64)| {
        let (total, of_rows) = sums[usize::from(*weight > 0.0)];
        (level.clone(), weight * rows(level) * total / of_rows)
    };
    Ok(written.iter().map(shared).collect())
}

type Cells<'a> = Vec<(BTreeMap<&'a str, &'a str>, f64)>;

/// Every combination of levels that a contrast of contrasts weighs.
fn cells<'a>(
    of: &'a str,
    weights: &'a BTreeMap<String, f64>,
    across: &'a BTreeMap<String, BTreeMap<String, f64>>,
) -> Cells<'a> {
    let mut cells: Cells<'a> = weights
        .iter()
        .map(|(level, w)| (BTreeMap::from([(of, level.as_str())]), *w))
        .collect();
    for (factor, outer) in across {
        cells = cells
            .iter()
            .flat_map(|(setting, weight)| {
                outer.iter().map(move |(level, w)| {
                    let mut setting = setting.clone();
                    setting.insert(factor, level);
                    (setting, weight * w)
                })
            })
            .collect();
    }
    cells
}

/// What a frame asks the model to predict.
fn predicted(fitted: &Fitted, frame: &Frame) -> Result<Predicted, Refusal> {
    let categories = fitted.fit.response.categories();
    let category = match &frame.category {
        None => None,
        Some(name) => Some(categories.iter().position(|c| c == name).ok_or_else(|| {
            let message = format!("no analysed row has the category `{name}` of the outcome");
            Refusal::new(codes::LEVEL_EMPTY, message)
        })?),
    };
    Ok(match (frame.scale, category) {
        (PredictionScale::Link, category) => Predicted::Link(category),
        (PredictionScale::Response, Some(category)) => Predicted::Probability(category),
        (PredictionScale::Response, None) => Predicted::Mean,
    })
}

/// The rows whose predictions are averaged, with some factors set for everybody; one where predictions are linear.
fn predictions(
    fitted: &Fitted,
    levels: BTreeMap<&str, &str>,
    compared: &[BTreeMap<&str, &str>],
    average: Average,
    frame: &Frame,
) -> Result<Vec<(f64, Vec<f64>)>, Refusal> {
    let target = Target {
        compared: compared.to_vec(),
        ..target(levels, average, frame)
    };
    if fitted.fit.response.is_linear(predicted(fitted, frame)?) {
        return Ok(vec![(1.0, fitted.design.average_row(&target)?)]);
    }
    fitted.design.rows_at(&target)
}

/// The mean prediction with some factors set for everybody, as one of the settings that are compared.
pub(super) fn margin(
    fitted: &Fitted,
    levels: BTreeMap<&str, &str>,
    compared: &[BTreeMap<&str, &str>],
    average: Average,
    frame: &Frame,
) -> Result<Averaged, Refusal> {
    of_rows(
        fitted,
        predictions(fitted, levels, compared, average, frame)?,
        frame,
    )
}

impl Averaged {
    /// The difference from another average of the same prediction.
    pub fn less(mut self, other: &Averaged) -> Averaged {
        self.rows
            .extend(other.rows.iter().map(|(w, row)| (-w, row.clone())));
        self
    }
}

fn target<'a>(levels: BTreeMap<&'a str, &'a str>, average: Average, frame: &'a Frame) -> Target<'a> {
    let mut target = Target::levels(levels, average);
    for (column, setting) in &frame.at {
        match setting {
            Setting::Level(level) => {
                target.levels.entry(column).or_insert(level);
            }
            Setting::Number(number) => {
                target.numbers.insert(column, *number);
            }
        }
    }
    target.by = frame.by.iter().map(|(f, l)| (f.as_str(), l.as_str())).collect();
    target
}

fn slope(fitted: &Fitted, of: &str, frame: &Frame) -> Result<Averaged, Refusal> {
    let target = target(BTreeMap::new(), Average::Observed, frame);
    let slopes = fitted.design.slopes_at(of, &target)?;
    Ok(Averaged {
        rows: fitted.design.rows_at(&target)?,
        changes: Some(slopes.into_iter().map(|(_, change)| change).collect()),
        asked: predicted(fitted, frame)?,
    })
}

fn coefficient(fitted: &Fitted, term: &str) -> Result<Estimand, Refusal> {
    let wanted: BTreeSet<&str> = term.split(':').collect();
    let found = |name: &str| name == term || name.split(':').collect::<BTreeSet<_>>() == wanted;
    if !fitted.fit.names.iter().any(|name| found(name)) {
        let message = format!("the model has no coefficient `{term}`");
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
    }
    let names = fitted.fit.names.iter();
    Ok(linear(
        fitted,
        names.map(|name| if found(name) { 1.0 } else { 0.0 }).collect(),
    ))
}

fn linear(fitted: &Fitted, gradient: Vec<f64>) -> Estimand {
    Estimand {
        value: dot(&gradient, &fitted.fit.coefficients),
        gradient,
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Weights that cancel but for rounding are zero: the covariate averages of a contrast drop out exactly.
fn clean(row: &mut [f64]) {
    let largest = row.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    row.iter_mut()
        .filter(|v| v.abs() < 1e-14 * largest)
        .for_each(|v| *v = 0.0);
}
