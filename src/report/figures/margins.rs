//! Predictive margins and effects as small multiples that share their axis.

use super::Figure;
use super::strips::{Frame, Strip, StripMark, strips};
use crate::plan::Wording;
use crate::record::{MarginKind, MarginRow, MarginTable};
use crate::report::number;
use serde::Serialize;

#[derive(Serialize)]
pub(in crate::report) struct Panels {
    #[serde(flatten)]
    pub figure: Figure,
    of: String,
    by: Option<String>,
    rows: Vec<TableRow>,
}

#[derive(Serialize)]
struct TableRow {
    level: String,
    by: Option<String>,
    estimate: String,
    std_error: String,
    interval: String,
}

/// One margin table as a figure with the same numbers behind it.
pub(in crate::report) fn panels(table: &MarginTable, averaged: bool, wording: &Wording) -> Panels {
    let effect = table.kind == MarginKind::Effect;
    let by = table.by.as_deref();
    let (outcome, of) = (wording.variable(&table.outcome), wording.variable(&table.of));
    let unit = if effect {
        format!("Difference in {outcome}")
    } else {
        outcome.to_owned()
    };
    let frame = Frame {
        unit: &unit,
        ticks: None,
        values: 56.0,
        include: effect.then_some(0.0),
    };
    let marks = strip_rows(table, wording);
    let (wide, narrow) = strips(&marks, &frame);
    let across = by.map(|b| wording.variable(b).to_owned());
    let title = title(table, wording);
    let level = number::percent(table.conf_level);
    let name = [Some(table.of.as_str()), by]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("-by-");
    let figure = Figure {
        name: format!(
            "{}-{}-{name}",
            if effect { "effects" } else { "margins" },
            table.model
        ),
        description: format!(
            "{title}: point estimates with {level}% confidence intervals, {} rows. The table below has the same numbers.",
            table.rows.len()
        ),
        note: format!(
            "{}; {level}% confidence intervals, {}; n = {}.",
            match (effect, averaged) {
                (true, _) => "Differences from the reference level",
                (false, true) => "Predictive margins, averaged over the analysed rows",
                (false, false) => "Marginal means over what the design drew beside it",
            },
            table.vcov,
            number::count(table.n)
        ),
        title,
        wide,
        narrow,
    };
    Panels {
        figure,
        of: of.to_owned(),
        by: across,
        rows: table
            .rows
            .iter()
            .map(|row| table_row(table, row, wording))
            .collect(),
    }
}

/// What a margin table shows, in words.
pub(in crate::report) fn title(table: &MarginTable, wording: &Wording) -> String {
    let (outcome, of) = (wording.variable(&table.outcome), wording.variable(&table.of));
    let by = table.by.as_deref().map(|b| wording.variable(b));
    match (table.kind == MarginKind::Effect, by) {
        (true, Some(by)) => format!("Effect of {of}, by {by}"),
        (true, None) => format!("Effect of {of}"),
        (false, Some(by)) => format!("{outcome} by {of}, at each {by}"),
        (false, None) => format!("{outcome} by {of}"),
    }
}

fn strip_rows(table: &MarginTable, wording: &Wording) -> Vec<Strip> {
    let effect = table.kind == MarginKind::Effect;
    let mut group: Option<&str> = None;
    let mut rows = Vec::new();
    for row in &table.rows {
        let panel = row.by.as_deref().filter(|by| group != Some(*by));
        group = row.by.as_deref();
        let label = wording.level(&table.of, &row.level).to_owned();
        rows.push(Strip {
            panel: panel
                .zip(table.by.as_deref())
                .map(|(level, by)| wording.level(by, level).to_owned()),
            value: number::short(row.estimate),
            marks: vec![StripMark {
                at: row.estimate,
                span: Some((row.conf_low, row.conf_high)),
                hollow: false,
                tip: format!(
                    "{label}: {}, {} to {}",
                    number::estimate(row.estimate),
                    number::estimate(row.conf_low),
                    number::estimate(row.conf_high)
                ),
            }],
            label,
            null: effect.then_some(0.0),
            ..Strip::default()
        });
    }
    rows
}

fn table_row(table: &MarginTable, row: &MarginRow, wording: &Wording) -> TableRow {
    TableRow {
        level: wording.level(&table.of, &row.level).to_owned(),
        by: table
            .by
            .as_deref()
            .zip(row.by.as_deref())
            .map(|(by, level)| wording.level(by, level).to_owned()),
        estimate: number::estimate(row.estimate),
        std_error: number::estimate(row.std_error),
        interval: format!(
            "{} to {}",
            number::estimate(row.conf_low),
            number::estimate(row.conf_high)
        ),
    }
}
