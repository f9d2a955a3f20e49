//! Risk ratios, of a table and of a model's predictions.

use super::{Sized, TwoByTwo, by_log, undefined};
use crate::design::Refusal;

/// RR = p₁/p₀, with Katz's interval exp(ln RR ± z √((1 − p₁)/(n₁p₁) + (1 − p₀)/(n₀p₀))) (Katz et al. 1978,
/// doi:10.2307/2530610). Held to statsmodels and R's `glm(binomial("log"))`; `effectsize::riskratio` 0.8.3 adds the
/// roots of the inverted terms instead.
///
/// # Errors
/// E015 for a group without events: the ratio is 0 or infinite.
pub fn risk_ratio(table: &TwoByTwo, level: f64) -> Result<Sized, Refusal> {
    if table.events == 0.0 || table.base_events == 0.0 {
        return Err(undefined(
            "a group has no events: the risk ratio is 0 or infinite",
        ));
    }
    let (p, base) = table.risks();
    let variance = (1.0 - p) / table.events + (1.0 - base) / table.base_events;
    Ok(by_log((p / base).ln(), variance.sqrt(), level))
}

/// exp of ln(p₁/p₀), a difference of log predictions with its delta-method error.
///
/// # Errors
/// E015 where a prediction is zero.
pub fn risk_ratio_of_log(log: f64, error: f64, level: f64) -> Result<Sized, Refusal> {
    if !log.is_finite() || !error.is_finite() {
        return Err(undefined("a predicted risk is zero"));
    }
    Ok(by_log(log, error, level))
}
