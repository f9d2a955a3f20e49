//! Registered effect sizes, from the analysed rows or from the test's own numbers.

use super::models::Fitted;
use super::{contrast, direct, wald};
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::direct::{chi_squared, squares};
use crate::estimate::effect::{self, Sized, TwoByTwo};
use crate::plan::{EffectSize, Estimator, ModelPlan, PlannedTest, Quantity};
use crate::record::{self, TestResult};
use std::collections::BTreeMap;

/// The registered effect size of a test that was run; on data that do not define it, the reason.
pub(super) fn sized(
    size: EffectSize,
    fitted: &Fitted,
    model: &ModelPlan,
    test: &PlannedTest,
    result: &TestResult,
) -> record::EffectSize {
    let found = measured(size, fitted, model, test, result).and_then(|found| {
        let finite = [found.estimate, found.low, found.high]
            .iter()
            .all(|v| v.is_finite());
        let message = "the effect size or its interval is not a finite number";
        finite
            .then_some(found)
            .ok_or_else(|| Refusal::new(codes::NOT_FINITE, message))
    });
    let of = |part: fn(&Sized) -> f64| found.as_ref().ok().map(part);
    record::EffectSize {
        name: size.word().to_owned(),
        estimate: of(|s| s.estimate),
        conf_low: of(|s| s.low),
        conf_high: of(|s| s.high),
        conf_level: test.conf_level,
        note: found.as_ref().err().map(ToString::to_string),
    }
}

fn measured(
    size: EffectSize,
    fitted: &Fitted,
    model: &ModelPlan,
    test: &PlannedTest,
    result: &TestResult,
) -> Result<Sized, Refusal> {
    let level = test.conf_level;
    if model.estimator.is_table() {
        return of_table(size, fitted, level);
    }
    match size {
        EffectSize::CohensD | EffectSize::HedgesG if model.estimator == Estimator::OneSampleT => {
            let of_one = match size {
                EffectSize::HedgesG => effect::g_of_one,
                _ => effect::d_of_one,
            };
            of_one(&fitted.design.y, test.null, level)
        }
        EffectSize::DZ => effect::d_of_one(&direct::differences(fitted), test.null, level),
        EffectSize::DAv => effect::d_av(&fitted.design.y, &fitted.design.less, test.null, level),
        EffectSize::CohensD | EffectSize::HedgesG | EffectSize::GlassDelta => {
            let Quantity::Contrast { weights, .. } = &test.quantity else {
                return Err(undefined());
            };
            let (names, groups) = direct::groups(fitted)?;
            let (x, y) = direct::pair(&names, &groups, weights)?;
            match size {
                EffectSize::HedgesG => effect::hedges_g(x, y, level),
                EffectSize::GlassDelta => effect::glass_delta(x, y, level),
                _ => effect::cohens_d(x, y, level),
            }
        }
        EffectSize::R if model.estimator == Estimator::Pearson => {
            match (result.statistic, result.df.as_deref()) {
                (Some(t), Some([df])) => effect::r(t, *df, level),
                _ => Err(undefined()),
            }
        }
        EffectSize::R => {
            let (Some(estimate), Some(error), Some([df])) =
                (result.estimate, result.std_error, result.df.as_deref())
            else {
                return Err(undefined());
            };
            effect::r(estimate / error, *df, level)
        }
        EffectSize::EtaSquared
        | EffectSize::PartialEtaSquared
        | EffectSize::OmegaSquared
        | EffectSize::PartialOmegaSquared => shares(size, fitted, test, result),
        EffectSize::OddsRatio => {
            let (Some(log), Some(low), Some(high)) = (result.estimate, result.conf_low, result.conf_high)
            else {
                return Err(undefined());
            };
            Ok(effect::odds_ratio_of_log(log, low, high))
        }
        EffectSize::RiskRatio => predicted_ratio(fitted, test),
        EffectSize::RiskDifference | EffectSize::CramersV => Err(undefined()),
    }
}

/// Shares of the variance: of a model's only term, or partial, they follow from F; of one term among several the total
/// is needed as well.
fn shares(
    size: EffectSize,
    fitted: &Fitted,
    test: &PlannedTest,
    result: &TestResult,
) -> Result<Sized, Refusal> {
    let (Some(f), Some([df1, df2]), Some(sigma)) = (result.statistic, result.df.as_deref(), fitted.fit.sigma)
    else {
        return Err(undefined());
    };
    let level = test.conf_level;
    let n = fitted.design.rows() as f64;
    let alone = fitted.design.columns.len() as f64 == df1 + 1.0;
    let among_others = matches!(test.quantity, Quantity::Anova { .. }) && !alone;
    let total = squares(&fitted.design.y) / sigma.powi(2);
    match (size, among_others) {
        (EffectSize::PartialOmegaSquared, _) => effect::partial_omega_squared(f, *df1, *df2, n, level),
        (EffectSize::OmegaSquared, true) => effect::omega_squared_of_total(f, *df1, *df2, total, level),
        (EffectSize::OmegaSquared, false) => effect::omega_squared(f, *df1, *df2, level),
        (EffectSize::EtaSquared, true) => effect::eta_squared_of_total(f, *df1, *df2, total, level),
        _ => effect::eta_squared(f, *df1, *df2, level),
    }
}

fn undefined() -> Refusal {
    Refusal::new(codes::NOT_DEFINED, "the test has no such effect size")
}

fn of_table(size: EffectSize, fitted: &Fitted, level: f64) -> Result<Sized, Refusal> {
    let (_, groups) = direct::groups(fitted)?;
    let counts = direct::table(fitted, &groups);
    if size == EffectSize::CramersV {
        let plain = chi_squared(&counts, false)?;
        let (rows, columns) = (counts.len(), counts.first().map_or(0, Vec::len));
        let Some((_, chi2)) = plain.statistic else {
            return Err(undefined());
        };
        let df = plain.df.first().copied().unwrap_or(f64::NAN);
        let n = fitted.design.rows() as f64;
        let smaller = rows.min(columns) as f64;
        return Ok(effect::cramers_v(chi2, df, n, smaller, level));
    }
    // The reference and the outcome without the event come first.
    let [base, own] = counts.as_slice() else {
        return Err(undefined());
    };
    let ([base_others, base_events], [others, events]) = (base.as_slice(), own.as_slice()) else {
        let message = "the outcome has not exactly two values: which one is the event?";
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    };
    let table = TwoByTwo {
        events: *events,
        others: *others,
        base_events: *base_events,
        base_others: *base_others,
    };
    match size {
        EffectSize::OddsRatio => effect::odds_ratio(&table, level),
        EffectSize::RiskRatio => effect::risk_ratio(&table, level),
        EffectSize::RiskDifference => Ok(effect::risk_difference(&table, level)),
        _ => Err(undefined()),
    }
}

/// ln(p₁/p₀) of two predictive margins, its gradient being that of each over its value.
fn predicted_ratio(fitted: &Fitted, test: &PlannedTest) -> Result<Sized, Refusal> {
    let Quantity::Contrast {
        of,
        weights,
        average,
        frame,
        ..
    } = &test.quantity
    else {
        return Err(undefined());
    };
    let compared: Vec<BTreeMap<&str, &str>> = weights
        .keys()
        .map(|level| BTreeMap::from([(of.as_str(), level.as_str())]))
        .collect();
    let mut log = 0.0;
    let mut gradient = vec![0.0; fitted.fit.coefficients.len()];
    for (level, weight) in weights {
        let levels = BTreeMap::from([(of.as_str(), level.as_str())]);
        let margin = contrast::margin(fitted, levels, &compared, *average, frame)?
            .at(fitted, &fitted.fit.coefficients);
        log += weight * margin.value.ln();
        let parts = gradient.iter_mut().zip(&margin.gradient);
        parts.for_each(|(g, m)| *g += weight * m / margin.value);
    }
    let error = wald::variance(fitted, &gradient).max(0.0).sqrt();
    effect::risk_ratio_of_log(log, error, test.conf_level)
}
