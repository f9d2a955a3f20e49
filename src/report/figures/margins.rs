//! Predictive margins and effects as small multiples that share their axis.

use super::axis::Axis;
use super::{Mark, Tick, rounded};
use crate::plan::Wording;
use crate::record::{MarginKind, MarginTable};
use crate::report::number;
use serde::Serialize;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 20.0;
const RIGHT: f64 = 620.0;
const ROW: f64 = 40.0;
const HEAD: f64 = 30.0;

#[derive(Serialize)]
pub(in crate::report) struct Panels {
    title: String,
    description: String,
    note: String,
    unit: String,
    of: String,
    by: Option<String>,
    width: f64,
    height: f64,
    axis_y: f64,
    zero: Option<f64>,
    ticks: Vec<Tick>,
    panels: Vec<Panel>,
    rows: Vec<TableRow>,
}

#[derive(Serialize)]
struct Panel {
    label: Option<String>,
    label_y: f64,
    marks: Vec<LabelledMark>,
}

#[derive(Serialize)]
struct LabelledMark {
    label: String,
    value: String,
    text_y: f64,
    mark: Mark,
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
pub(in crate::report) fn panels(table: &MarginTable, wording: &Wording) -> Panels {
    let effect = table.kind == MarginKind::Effect;
    let values = table.rows.iter().flat_map(|r| [r.conf_low, r.conf_high]);
    let axis = Axis::over(values.chain(effect.then_some(0.0)), LEFT, RIGHT);
    let by = table.by.as_deref();
    let mut panels: Vec<Panel> = Vec::new();
    let mut groups: Vec<Option<&str>> = Vec::new();
    let mut y = 0.0;
    for row in &table.rows {
        let group = row.by.as_deref();
        if groups.last() != Some(&group) || panels.is_empty() {
            groups.push(group);
            let label = by
                .zip(group)
                .map(|(by, level)| wording.level(by, level).to_owned());
            let head = if label.is_some() { HEAD } else { 0.0 };
            panels.push(Panel {
                label,
                label_y: rounded(y + 20.0),
                marks: Vec::new(),
            });
            y += head;
        }
        if let Some(panel) = panels.last_mut() {
            panel.marks.push(LabelledMark {
                label: wording.level(&table.of, &row.level).to_owned(),
                value: number::short(row.estimate),
                text_y: rounded(y + 14.0),
                mark: Mark {
                    y: rounded(y + 26.0),
                    x: axis.at(row.estimate),
                    low: axis.at(row.conf_low),
                    high: axis.at(row.conf_high),
                    hollow: false,
                },
            });
        }
        y += ROW;
    }
    let (outcome, of) = (wording.variable(&table.outcome), wording.variable(&table.of));
    let across = by.map(|b| wording.variable(b).to_owned());
    let title = match (effect, &across) {
        (true, Some(by)) => format!("Effect of {of}, by {by}"),
        (true, None) => format!("Effect of {of}"),
        (false, Some(by)) => format!("{outcome} by {of}, at each {by}"),
        (false, None) => format!("{outcome} by {of}"),
    };
    let level = number::percent(table.conf_level);
    Panels {
        description: format!(
            "{title}: point estimates with {level}% confidence intervals, {} rows.",
            table.rows.len()
        ),
        note: format!(
            "{}; {level}% confidence intervals, {}; n = {}.",
            if effect {
                "Differences from the reference level"
            } else {
                "Predictive margins, averaged over the analysed rows"
            },
            table.vcov,
            number::count(table.n)
        ),
        title,
        unit: if effect {
            format!("difference in {outcome}")
        } else {
            outcome.to_owned()
        },
        of: of.to_owned(),
        by: across,
        width: WIDTH,
        height: y + 48.0,
        axis_y: y + 4.0,
        zero: effect.then(|| axis.at(0.0)),
        ticks: axis.ticks(),
        panels,
        rows: table
            .rows
            .iter()
            .map(|r| TableRow {
                level: wording.level(&table.of, &r.level).to_owned(),
                by: by
                    .zip(r.by.as_deref())
                    .map(|(by, level)| wording.level(by, level).to_owned()),
                estimate: number::estimate(r.estimate),
                std_error: number::estimate(r.std_error),
                interval: format!(
                    "{} to {}",
                    number::estimate(r.conf_low),
                    number::estimate(r.conf_high)
                ),
            })
            .collect(),
    }
}
