//! Registered tests that need no model: on the groups of the formula's factor, on one sample, on pairs, on two numbers.

use super::models::Fitted;
use crate::design::{Input, Refusal};
use crate::diagnostic::codes;
use crate::estimate::direct::{self, Asked, Centre, Direct};
use crate::estimate::{self, tails};
use crate::plan::{Estimator, Layout, PlannedTest, Quantity};
use crate::record::TestResult;

/// # Errors
/// E005 for a level that no row has; what the test refuses.
pub(super) fn run(
    fitted: &Fitted,
    estimator: Estimator,
    test: &PlannedTest,
    result: &mut TestResult,
) -> Result<(), Refusal> {
    let asked = Asked {
        alternative: test.alternative,
        null: test.null,
        conf_level: test.conf_level,
    };
    let found = match (estimator.layout(), &test.quantity) {
        (Some(Layout::Numbers), _) => of_numbers(fitted, estimator, asked)?,
        (Some(layout), _) if !layout.is_grouped() => of_sample(fitted, estimator, asked)?,
        (_, Quantity::Contrast { weights, .. }) => {
            let (names, groups) = groups(fitted)?;
            let (x, y) = pair(&names, &groups, weights)?;
            result.n = Some((x.len() + y.len()) as u64);
            of_two(fitted, estimator, (x, y), asked)?
        }
        _ => of_groups(fitted, estimator)?,
    };
    write(found, test, result)
}

fn of_sample(fitted: &Fitted, estimator: Estimator, asked: Asked) -> Result<Direct, Refusal> {
    let (y, less) = (&fitted.design.y, &fitted.design.less);
    let differences = differences(fitted);
    let values = if less.is_empty() { y } else { &differences };
    match estimator {
        Estimator::OneSampleT => direct::mean_t(values, "t of one mean"),
        Estimator::PairedT => direct::mean_t(values, "t of the mean difference within pairs"),
        Estimator::SignedRank => direct::signed_rank(values, asked),
        Estimator::Binomial => direct::binomial(values, asked),
        Estimator::Mcnemar | Estimator::McnemarCorrected => {
            direct::mcnemar(y, less, estimator == Estimator::McnemarCorrected)
        }
        _ => direct::one_proportion(values, estimator == Estimator::OneProportionCorrected, asked),
    }
}

/// Within pairs.
pub(super) fn differences(fitted: &Fitted) -> Vec<f64> {
    let (y, less) = (&fitted.design.y, &fitted.design.less);
    y.iter().zip(less).map(|(after, before)| after - before).collect()
}

fn of_numbers(fitted: &Fitted, estimator: Estimator, asked: Asked) -> Result<Direct, Refusal> {
    let x = fitted.design.x.get(1).map(Vec::as_slice).unwrap_or_default();
    let y = &fitted.design.y;
    match estimator {
        Estimator::Pearson => direct::pearson(y, x, asked),
        Estimator::Spearman => direct::spearman(y, x, asked),
        _ => direct::kendall(y, x, asked),
    }
}

fn of_two(
    fitted: &Fitted,
    estimator: Estimator,
    (x, y): (&[f64], &[f64]),
    asked: Asked,
) -> Result<Direct, Refusal> {
    match estimator {
        Estimator::StudentT => direct::student(x, y),
        Estimator::MannWhitney | Estimator::MannWhitneyUncorrected => {
            direct::mann_whitney(x, y, estimator == Estimator::MannWhitney, asked)
        }
        Estimator::MannWhitneyExact => direct::mann_whitney_exact(x, y, asked),
        Estimator::KolmogorovSmirnov => direct::kolmogorov_smirnov(x, y, asked),
        Estimator::FisherExact => direct::odds_ratio(&table(fitted, &[x.to_vec(), y.to_vec()]), asked),
        _ => direct::two_proportions(x, y, estimator == Estimator::TwoProportionsCorrected, asked),
    }
}

fn of_groups(fitted: &Fitted, estimator: Estimator) -> Result<Direct, Refusal> {
    let (_, groups) = groups(fitted)?;
    match estimator {
        Estimator::KruskalWallis => direct::kruskal_wallis(&groups),
        Estimator::WelchAnova => direct::welch_anova(&groups),
        Estimator::Levene => direct::levene(&groups, Centre::Mean),
        Estimator::BrownForsythe => direct::levene(&groups, Centre::Median),
        Estimator::FisherExact => direct::fisher_exact(&table(fitted, &groups)),
        _ => direct::chi_squared(&table(fitted, &groups), estimator == Estimator::ChiSquaredYates),
    }
}
/// The outcome by the levels of the formula's factor.
pub(super) fn groups(fitted: &Fitted) -> Result<(Vec<String>, Vec<Vec<f64>>), Refusal> {
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

pub(super) type Weights = std::collections::BTreeMap<String, f64>;

/// The group that a contrast adds, and the one that it takes off.
pub(super) fn pair<'g>(
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
pub(super) fn table(fitted: &Fitted, groups: &[Vec<f64>]) -> Vec<Vec<f64>> {
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

fn write(found: Direct, test: &PlannedTest, result: &mut TestResult) -> Result<(), Refusal> {
    let statistic = found.statistic.map(|(_, value)| value);
    let numbers = [statistic, Some(found.p_value), found.estimate];
    if numbers.iter().flatten().any(|v| !v.is_finite()) {
        let message = "the statistic or its p-value is not a finite number";
        return Err(Refusal::new(codes::NOT_FINITE, message));
    }
    result.statistic = statistic;
    result.statistic_name = found.statistic.map(|(name, _)| name.to_owned());
    result.df = (!found.df.is_empty()).then(|| found.df.clone());
    result.p_value = Some(found.p_value);
    result.method = Some(found.method);
    result.estimate = found.estimate;
    if let Some((low, high)) = found.interval {
        result.conf_low = low.is_finite().then_some(low);
        result.conf_high = high.is_finite().then_some(high);
    }
    let (Some(estimate), Some(error), Some(df)) = (found.estimate, found.std_error, found.df.first()) else {
        return Ok(());
    };
    let (null, alternative) = (test.null, test.alternative);
    let width = tails::t_quantile((1.0 - test.conf_level) / 2.0, *df) * error;
    result.std_error = Some(error);
    result.statistic = Some(estimate::statistic(estimate, error, null, alternative));
    result.p_value = Some(estimate::p_value(estimate, error, *df, null, alternative));
    result.conf_low = Some(estimate - width);
    result.conf_high = Some(estimate + width);
    Ok(())
}
