//! The risk difference of a table.

use super::{Sized, TwoByTwo};
use crate::estimate::tails;

/// p₁ − p₀ ± z √(p₁(1 − p₁)/n₁ + p₀(1 − p₀)/n₀), the Wald interval (Newcombe 1998,
/// doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I, method 1).
/// Held to R's `prop.test(correct = FALSE)`.
pub fn risk_difference(table: &TwoByTwo, level: f64) -> Sized {
    let (p, base) = table.risks();
    let variance = p * (1.0 - p) / (table.events + table.others)
        + base * (1.0 - base) / (table.base_events + table.base_others);
    let width = tails::t_quantile((1.0 - level) / 2.0, f64::INFINITY) * variance.sqrt();
    Sized {
        estimate: p - base,
        low: p - base - width,
        high: p - base + width,
    }
}
