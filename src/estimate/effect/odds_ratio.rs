//! Odds ratios, of a table and of a logit's log odds.

use super::{Sized, TwoByTwo, by_log, undefined};
use crate::design::Refusal;

/// OR = (a/b)/(c/d), with Woolf's interval exp(ln OR ± z √(1/a + 1/b + 1/c + 1/d)) (Woolf 1955,
/// doi:10.1111/j.1469-1809.1955.tb01348.x). Held to `effectsize::oddsratio`.
///
/// # Errors
/// E015 for a cell without counts: nothing is added to it.
pub fn odds_ratio(table: &TwoByTwo, level: f64) -> Result<Sized, Refusal> {
    let cells = [table.events, table.others, table.base_events, table.base_others];
    if cells.contains(&0.0) {
        return Err(undefined(
            "a cell of the table is empty: its odds ratio is 0 or infinite",
        ));
    }
    let log = (table.events / table.others).ln() - (table.base_events / table.base_others).ln();
    let error = cells.iter().map(|c| 1.0 / c).sum::<f64>().sqrt();
    Ok(by_log(log, error, level))
}

/// exp of a difference of log odds and of the ends of its Wald interval, by whatever variance the model has.
pub fn odds_ratio_of_log(log: f64, low: f64, high: f64) -> Sized {
    Sized {
        estimate: log.exp(),
        low: low.exp(),
        high: high.exp(),
    }
}
