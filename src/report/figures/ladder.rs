//! The p-values of a family, each beside its adjusted one, on a logarithmic scale with the level as a line.

use super::Figure;
use super::strips::{Frame, Strip, StripMark, strips};
use crate::record::{TestRecord, TestResult};
use crate::report::{number, words};

/// What is smaller stands here: the scale of a figure ends, and the table has the number.
const SMALLEST: f64 = -4.0;

/// Nothing for a family without adjusted p-values.
pub(in crate::report) fn ladder(family: &str, tests: &[&TestRecord]) -> Option<Figure> {
    let mut shown: Vec<(&str, &TestResult, f64, f64)> = tests
        .iter()
        .filter_map(|t| {
            let result = words::registered(&t.result, &t.as_registered);
            Some((t.id.as_str(), result, result.p_value?, result.p_adjusted?))
        })
        .collect();
    shown.sort_by(|a, b| a.2.total_cmp(&b.2));
    let alpha = shown.first()?.1.alpha;
    let rows: Vec<Strip> = shown
        .iter()
        .map(|(id, _, p, adjusted)| row(id, *p, *adjusted, alpha))
        .collect();
    let ticks = [1e-4_f64, 1e-3, 0.01, 0.05, 0.1, 1.0];
    let frame = Frame {
        unit: "p, on a logarithmic scale",
        ticks: Some(ticks.iter().map(|p| (p.log10(), tick(*p))).collect()),
        values: 100.0,
        include: Some(0.0),
    };
    let (wide, narrow) = strips(&rows, &frame);
    Some(Figure {
        name: format!("family-{family}"),
        title: format!("p-values of the family {family}"),
        description: format!(
            "{} tests from the smallest p to the largest; the table of tests has the same numbers.",
            rows.len()
        ),
        note: format!(
            "Hollow, p of the test by itself; solid, adjusted for the family. Dashed, the level of {}.",
            number::p_value(alpha)
        ),
        wide,
        narrow,
    })
}

fn row(id: &str, p: f64, adjusted: f64, alpha: f64) -> Strip {
    let mark = |p: f64, hollow: bool, what: &str| StripMark {
        at: p.max(1e-300).log10().max(SMALLEST),
        span: None,
        hollow,
        tip: format!("{id}: {what} {}", number::p_equals(p)),
    };
    Strip {
        label: id.to_owned(),
        value: number::p_equals(p),
        aside: format!("adj. {}", number::p_equals(adjusted)),
        marks: vec![mark(adjusted, false, "adjusted"), mark(p, true, "unadjusted")],
        null: Some(alpha.log10()),
        flat: true,
        ..Strip::default()
    }
}

fn tick(p: f64) -> String {
    if p < 5e-4 {
        String::from("≤ .0001")
    } else {
        number::p_value(p)
    }
}
