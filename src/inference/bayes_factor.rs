//! Registered Bayes factors, and what they decide.

use super::direct;
use super::models::Fitted;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::bayes::{self, Side};
use crate::plan::{Alternative, Decide, Estimator, ModelPlan, PlannedTest, Prior, Quantity};
use crate::record::{BayesFactor, Supports, TestResult};

/// The registered Bayes factor of a test that was run; where it cannot be computed, the reason.
pub(super) fn weighed(
    prior: Prior,
    fitted: &Fitted,
    model: &ModelPlan,
    test: &PlannedTest,
    result: &TestResult,
) -> BayesFactor {
    let found = log_factor(prior, fitted, model, test, result);
    let log = found.as_ref().ok().copied();
    let at_least = test.decide.map(|Decide::BayesFactor { at_least }| at_least);
    BayesFactor {
        prior: prior.to_string(),
        bf10: log.map(f64::exp).filter(|b| b.is_normal()),
        log_bf10: log,
        at_least,
        supports: at_least.and_then(|at_least| Some(supports(log?, at_least))),
        note: found.err().map(|refusal| refusal.to_string()),
    }
}

/// BF₁₀ ≥ `at_least`: the alternative; ≤ 1/`at_least`: the null (Schönbrodt et al. 2017, doi:10.1037/met0000061).
fn supports(log: f64, at_least: f64) -> Supports {
    if log >= at_least.ln() {
        Supports::Alternative
    } else if log <= -at_least.ln() {
        Supports::Null
    } else {
        Supports::Neither
    }
}

/// Whether a test that decides by its Bayes factor rejects; nothing where it has none.
pub(super) fn rejects(result: &TestResult) -> Option<bool> {
    let supports = result.bayes_factor.as_ref()?.supports?;
    Some(supports == Supports::Alternative)
}

fn log_factor(
    prior: Prior,
    fitted: &Fitted,
    model: &ModelPlan,
    test: &PlannedTest,
    result: &TestResult,
) -> Result<f64, Refusal> {
    let (Some(estimate), Some(error)) = (result.estimate, result.std_error) else {
        return Err(Refusal::new(
            codes::NOT_DEFINED,
            "the test has no estimate with a standard error",
        ));
    };
    let side = match test.alternative {
        Alternative::Greater => Side::Above,
        Alternative::Less => Side::Below,
        _ => Side::Both,
    };
    let log = match prior {
        Prior::Normal { mean, sd } => Some(bayes::normal(estimate, error, test.null, mean, sd, side)),
        Prior::Jzs { scale } => {
            let df = result.df.as_deref().and_then(<[f64]>::first).copied();
            let size = effective_size(fitted, model, test, error)?;
            df.and_then(|df| bayes::jzs((estimate - test.null) / error, df, size, scale, side))
        }
    };
    log.filter(|log| log.is_finite())
        .ok_or_else(|| Refusal::new(codes::NOT_FINITE, "the Bayes factor is not a finite number"))
}

/// N of a standardised effect δ = θ/σ: the t's noncentrality is δ√N.
fn effective_size(
    fitted: &Fitted,
    model: &ModelPlan,
    test: &PlannedTest,
    error: f64,
) -> Result<f64, Refusal> {
    let undefined = || Refusal::new(codes::NOT_DEFINED, "the test has no standardised effect");
    if matches!(model.estimator, Estimator::OneSampleT | Estimator::PairedT) {
        return Ok(fitted.design.rows() as f64);
    }
    if model.estimator == Estimator::StudentT {
        let Quantity::Contrast { weights, .. } = &test.quantity else {
            return Err(undefined());
        };
        let (names, groups) = direct::groups(fitted)?;
        let (x, y) = direct::pair(&names, &groups, weights)?;
        let (m, n) = (x.len() as f64, y.len() as f64);
        return Ok(m * n / (m + n));
    }
    let sigma = fitted.fit.sigma.ok_or_else(undefined)?;
    Ok((sigma / error).powi(2))
}
