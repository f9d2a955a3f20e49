//! Registered tests that need no model, on the groups of its formula's factor.

use super::models::Fitted;
use crate::design::{Input, Refusal};
use crate::diagnostic::codes;
use crate::estimate::direct::{self, Direct};
use crate::estimate::{self, tails};
use crate::plan::{Estimator, PlannedTest, Quantity};
use crate::record::TestResult;

/// # Errors
/// E005 for a level that no row has; what the test refuses.
pub(super) fn run(
    fitted: &Fitted,
    estimator: Estimator,
    test: &PlannedTest,
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let (names, groups) = groups(fitted)?;
    let found = match (estimator, &test.quantity) {
        (Estimator::StudentT, Quantity::Contrast { weights, .. }) => {
            let (x, y) = pair(&names, &groups, weights)?;
            direct::student(x, y)?
        }
        (Estimator::MannWhitney, Quantity::Contrast { weights, .. }) => {
            let (x, y) = pair(&names, &groups, weights)?;
            direct::mann_whitney(x, y, test.alternative)?
        }
        (Estimator::KruskalWallis, _) => direct::kruskal_wallis(&groups)?,
        (Estimator::WelchAnova, _) => direct::welch_anova(&groups)?,
        (_, _) => direct::chi_squared(&table(fitted, &groups), estimator == Estimator::ChiSquaredYates)?,
    };
    write(&found, test, result);
    Ok(())
}

/// The outcome by the levels of the formula's factor.
fn groups(fitted: &Fitted) -> Result<(Vec<String>, Vec<Vec<f64>>), Refusal> {
    let Some(Input::Levels { names, codes }) = fitted.design.inputs.values().next() else {
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, "the test has no groups"));
    };
    let mut groups = vec![Vec::new(); names.len()];
    for (code, y) in codes.iter().zip(&fitted.design.y) {
        if let Some(group) = groups.get_mut(*code as usize) {
            group.push(*y);
        }
    }
    Ok((names.clone(), groups))
}

type Weights = std::collections::BTreeMap<String, f64>;

/// The group that a contrast adds, and the one that it takes off.
fn pair<'g>(
    names: &[String],
    groups: &'g [Vec<f64>],
    weights: &Weights,
) -> Result<(&'g [f64], &'g [f64]), Refusal> {
    let of = |sign: f64| {
        let level = weights
            .iter()
            .find(|(_, w)| **w * sign > 0.0)
            .map(|(level, _)| level);
        let at = level.and_then(|level| names.iter().position(|n| n == level));
        at.and_then(|at| groups.get(at)).ok_or_else(|| {
            let message = format!(
                "no analysed row has the level `{}`",
                level.map_or("", String::as_str)
            );
            Refusal::new(codes::LEVEL_EMPTY, message)
        })
    };
    Ok((of(1.0)?, of(-1.0)?))
}

/// Counts of the outcome's values in each group: a row a group.
fn table(fitted: &Fitted, groups: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let categories = fitted.design.categories.len();
    let count = |group: &Vec<f64>| {
        let mut row = vec![0.0; categories];
        for y in group {
            if let Some(cell) = row.get_mut(*y as usize) {
                *cell += 1.0;
            }
        }
        row
    };
    groups.iter().map(count).collect()
}

fn write(found: &Direct, test: &PlannedTest, result: &mut TestResult) {
    result.statistic = Some(found.statistic);
    result.df = (!found.df.is_empty()).then(|| found.df.clone());
    result.p_value = Some(found.p_value);
    result.method = Some(found.method.to_owned());
    result.estimate = found.estimate;
    let (Some(estimate), Some(error), Some(df)) = (found.estimate, found.std_error, found.df.first()) else {
        return;
    };
    let (null, alternative) = (test.null, test.alternative);
    let width = tails::t_quantile((1.0 - test.conf_level) / 2.0, *df) * error;
    result.std_error = Some(error);
    result.statistic = Some(estimate::statistic(estimate, error, null, alternative));
    result.p_value = Some(estimate::p_value(estimate, error, *df, null, alternative));
    result.conf_low = Some(estimate - width);
    result.conf_high = Some(estimate + width);
}
