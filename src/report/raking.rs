//! Section 7: weights that were raked to registered margins.

use super::number;
use crate::plan::Wording;
use crate::record::{RakedFacts, Record};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Weight {
    about: String,
    /// Level, registered, collected and weighted shares.
    shares: Vec<[String; 4]>,
}

pub(super) fn weights(record: &Record, wording: &Wording) -> Vec<Weight> {
    let raked = record.observed.raked.iter();
    raked.map(|facts| weight(facts, wording)).collect()
}

fn weight(facts: &RakedFacts, wording: &Wording) -> Weight {
    let name = wording.variable(&facts.weight);
    let percent = |share: f64| format!("{}%", number::decimals(100.0 * share, 1));
    let about = match (&facts.note, facts.smallest, facts.largest) {
        (Some(note), ..) => format!("{name}: {note}"),
        (None, Some(smallest), Some(largest)) => format!(
            "{name}: {} rows, weights from {} to {}, {} of them trimmed",
            number::count(facts.rows),
            number::estimate(smallest),
            number::estimate(largest),
            number::count(facts.trimmed)
        ),
        _ => name.to_owned(),
    };
    let shares = facts.margins.iter().flat_map(|margin| {
        let factor = wording.variable(&margin.factor);
        margin.levels.iter().map(move |level| {
            [
                format!("{factor}: {}", wording.level(&margin.factor, &level.level)),
                percent(level.registered),
                percent(level.unweighted),
                percent(level.weighted),
            ]
        })
    });
    Weight {
        about,
        shares: shares.collect(),
    }
}
