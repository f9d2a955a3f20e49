//! The forest plot of a hypothesis's tests: estimate, interval, null; as requested hollow where it differs.

use super::axis::Axis;
use super::{Mark, Tick, rounded};
use crate::record::{TestRecord, TestResult};
use crate::report::{number, words};
use serde::Serialize;

const WIDTH: f64 = 640.0;
const LEFT: f64 = 20.0;
const RIGHT: f64 = 620.0;
/// Label above, mark below: rows need no label column and stay legible on a phone.
const ROW: f64 = 46.0;

#[derive(Serialize)]
pub(in crate::report) struct Forest {
    width: f64,
    height: f64,
    axis_y: f64,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
    level: String,
}

#[derive(Serialize)]
struct Row {
    label: String,
    value: String,
    text_y: f64,
    /// Where its own null value lies, and from where to where the line runs.
    null: f64,
    top: f64,
    bottom: f64,
    marks: Vec<Mark>,
    /// From as registered to as requested.
    joined: bool,
}

/// Nothing if no test of them has an interval: rank tests and joint tests have none.
pub(in crate::report) fn forest(tests: &[&TestRecord]) -> Option<Forest> {
    let both = |t: &TestRecord| -> Vec<(TestResult, bool)> {
        let registered = words::registered(&t.result, &t.as_registered);
        let mut all = vec![(registered.clone(), false)];
        if t.as_registered.is_some() {
            all.push((t.result.clone(), true));
        }
        all.retain(|(r, _)| r.estimate.is_some() && r.conf_low.is_some() && r.conf_high.is_some());
        all
    };
    let shown: Vec<(&TestRecord, Vec<(TestResult, bool)>)> = tests
        .iter()
        .map(|t| (*t, both(t)))
        .filter(|(_, r)| !r.is_empty())
        .collect();
    shown.first()?;
    let values = shown
        .iter()
        .flat_map(|(_, r)| r.iter())
        .flat_map(|(r, _)| [r.conf_low, r.conf_high, Some(r.null)])
        .flatten();
    let axis = Axis::over(values, LEFT, RIGHT);
    let rows: Vec<Row> = shown
        .iter()
        .enumerate()
        .map(|(position, (test, results))| {
            let top = position as f64 * ROW;
            let marks = results.iter().filter_map(|(r, hollow)| {
                Some(Mark {
                    y: rounded(top + 30.0 + if *hollow { 8.0 } else { 0.0 }),
                    x: axis.at(r.estimate?),
                    low: axis.at(r.conf_low?),
                    high: axis.at(r.conf_high?),
                    hollow: *hollow,
                })
            });
            let marks: Vec<Mark> = marks.collect();
            let registered = words::registered(&test.result, &test.as_registered);
            Row {
                label: test.id.clone(),
                value: value(test, registered),
                text_y: rounded(top + 16.0),
                null: axis.at(registered.null),
                top: rounded(top),
                bottom: rounded(top + ROW),
                joined: marks.len() > 1,
                marks,
            }
        })
        .collect();
    let axis_y = shown.len() as f64 * ROW + 4.0;
    Some(Forest {
        width: WIDTH,
        height: axis_y + 26.0,
        axis_y,
        ticks: axis.ticks(),
        rows,
        level: levels(&shown),
    })
}

/// The level of the intervals, or the levels where the tests have several.
fn levels(shown: &[(&TestRecord, Vec<(TestResult, bool)>)]) -> String {
    let mut levels: Vec<String> = Vec::new();
    for (result, _) in shown.iter().flat_map(|(_, r)| r) {
        let level = number::percent(result.conf_level);
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels.join(" and ")
}

fn value(test: &TestRecord, result: &TestResult) -> String {
    let p = result.p_adjusted.map(|p| format!("adj. {}", number::p_equals(p)));
    let p = p
        .or_else(|| result.p_value.map(number::p_equals))
        .unwrap_or_default();
    let estimate = result.estimate.map(|e| words::estimate(test, e));
    format!("{} {p}", estimate.unwrap_or_default())
}
