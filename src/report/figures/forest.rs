//! The forest plot of a hypothesis's tests: estimate, interval, null and margins; as requested hollow where it differs.

use super::Figure;
use super::strips::{Frame, Strip, StripMark, strips};
use crate::plan::Wording;
use crate::record::{TestRecord, TestResult};
use crate::report::{estimand, number, words};

/// The plots of tests with intervals, one a scale: an odds ratio has no place on the axis of a difference. Rank tests and joint
/// tests have no interval.
pub(in crate::report) fn forests(
    id: &str,
    tests: &[&TestRecord],
    wording: &Wording,
    unit: &dyn Fn(&TestRecord) -> String,
) -> Vec<Figure> {
    let mut scales: Vec<(String, Vec<&TestRecord>)> = Vec::new();
    for test in tests.iter().filter(|t| !shown(t).is_empty()) {
        let unit = unit(test);
        match scales.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, members)) => members.push(test),
            None => scales.push((unit, vec![test])),
        }
    }
    scales
        .iter()
        .enumerate()
        .map(|(position, (unit, tests))| {
            let name = match position {
                0 => format!("tests-{id}"),
                more => format!("tests-{id}-{}", more + 1),
            };
            forest(name, id, tests, wording, unit)
        })
        .collect()
}

/// The results that have an interval: as registered, and as requested where that differs.
fn shown(test: &TestRecord) -> Vec<(&TestResult, bool)> {
    let registered = words::registered(&test.result, &test.as_registered);
    let requested = test.as_registered.is_some().then_some((&test.result, true));
    let both = std::iter::once((registered, false)).chain(requested);
    both.filter(|(r, _)| r.estimate.is_some() && r.conf_low.is_some() && r.conf_high.is_some())
        .collect()
}

fn forest(name: String, id: &str, tests: &[&TestRecord], wording: &Wording, unit: &str) -> Figure {
    let rows: Vec<Strip> = tests.iter().map(|test| row(test, wording)).collect();
    let frame = Frame {
        unit,
        ticks: None,
        values: 100.0,
        include: None,
    };
    let (wide, narrow) = strips(&rows, &frame);
    let level = levels(tests);
    let differ = tests.iter().any(|t| shown(t).len() > 1);
    let banded = rows.iter().any(|r| r.band.is_some());
    let mut note = format!("Estimates with {level}% confidence intervals; dashed, each test’s null value.");
    if banded {
        note.push_str(" The pale band holds the values that the registered margin counts as negligible.");
    }
    if differ {
        note.push_str(" Solid as registered, hollow as requested.");
    }
    Figure {
        name,
        title: format!("Tests of {id}"),
        description: format!(
            "{} tests with {level}% confidence intervals: {unit}. The table below has the same numbers.",
            rows.len()
        ),
        note,
        wide,
        narrow,
    }
}

fn row(test: &TestRecord, wording: &Wording) -> Strip {
    let registered = words::registered(&test.result, &test.as_registered);
    let marks = shown(test).into_iter().filter_map(|(result, hollow)| {
        let (at, low, high) = (result.estimate?, result.conf_low?, result.conf_high?);
        Some(StripMark {
            at,
            span: Some((low, high)),
            hollow,
            tip: format!(
                "{}{}: {}, {} to {}, {}",
                test.id,
                if hollow { ", as requested" } else { "" },
                number::estimate(at),
                number::estimate(low),
                number::estimate(high),
                result.p_value.map(number::p_equals).unwrap_or_default()
            ),
        })
    });
    Strip {
        label: test.id.clone(),
        detail: estimand::detail(test, wording),
        value: registered
            .estimate
            .map(|e| words::estimate(test, e))
            .unwrap_or_default(),
        aside: p(registered),
        marks: marks.collect(),
        null: Some(registered.null),
        band: band(test),
        ..Strip::default()
    }
}

/// The registered margins, where there are two: what lies between them counts as negligible.
fn band(test: &TestRecord) -> Option<(f64, f64)> {
    let bounds = test.bounds?;
    bounds.low.zip(bounds.high)
}

/// The level of the intervals, or the levels where the tests have several.
fn levels(tests: &[&TestRecord]) -> String {
    let mut levels: Vec<String> = Vec::new();
    for (result, _) in tests.iter().flat_map(|t| shown(t)) {
        let level = number::percent(result.conf_level);
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels.join(" and ")
}

fn p(result: &TestResult) -> String {
    let adjusted = result.p_adjusted.map(|p| format!("adj. {}", number::p_equals(p)));
    adjusted
        .or_else(|| result.p_value.map(number::p_equals))
        .unwrap_or_default()
}
