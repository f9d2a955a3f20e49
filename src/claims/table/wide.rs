//! Tables whose columns have names: broom's and gtsummary's, summaries of one model, a row a coefficient.

use super::Cell;
use super::grid::{Grid, Row};
use crate::claims::printed::{Bound, Printed};
use crate::spec::pipeline::Decimal;

/// What a column's name says it holds, in any program's spelling, letters and digits alone.
const NAMES: [(&str, &[&str]); 7] = [
    (
        "estimate",
        &["estimate", "estimates", "coef", "coefficient", "beta", "b", "est"],
    ),
    (
        "std_error",
        &["stderror", "stderr", "se", "standarderror", "robustse"],
    ),
    (
        "statistic",
        &[
            "statistic",
            "t",
            "z",
            "tvalue",
            "zvalue",
            "tstat",
            "zstat",
            "tstatistic",
        ],
    ),
    ("p", &["p", "pvalue", "prt", "prz", "pt", "pz"]),
    (
        "conf_low",
        &["conflow", "lower", "25", "0025", "cilower", "ll", "lower95"],
    ),
    (
        "conf_high",
        &["confhigh", "upper", "975", "0975", "ciupper", "ul", "upper95"],
    ),
    (
        "interval",
        &["95ci", "ci", "95confidenceinterval", "confint", "95confinterval"],
    ),
];

/// The models of a table with named columns, from the left; none if it has no such head.
pub(super) fn models(grid: &Grid, decimal: Decimal) -> Vec<(usize, Vec<Cell>)> {
    let Some((head, keys)) = head(grid) else {
        return Vec::new();
    };
    let starts: Vec<usize> = keys
        .iter()
        .filter(|(_, key)| *key == "estimate")
        .map(|(column, _)| *column)
        .collect();
    let groups = starts.iter().enumerate().map(|(position, start)| {
        let end = starts.get(position + 1).copied().unwrap_or(usize::MAX);
        let own: Vec<(usize, &str)> = keys
            .iter()
            .filter(|(c, _)| (*start..end).contains(c))
            .copied()
            .collect();
        let rows = grid.rows.iter().skip(head + 1);
        (
            *start,
            rows.filter_map(|row| cell(row, &own, decimal))
                .collect::<Vec<_>>(),
        )
    });
    groups.filter(|(_, cells)| !cells.is_empty()).collect()
}

/// The row that names an estimate and something beside it, and its columns.
fn head(grid: &Grid) -> Option<(usize, Vec<(usize, &'static str)>)> {
    let named = grid.rows.iter().map(|(_, cells)| {
        let columns = cells.iter().enumerate().skip(1);
        columns
            .filter_map(|(column, name)| Some((column, key(name)?)))
            .collect::<Vec<_>>()
    });
    let has = |keys: &[(usize, &str)]| keys.iter().any(|(_, key)| *key == "estimate") && keys.len() > 1;
    named.enumerate().find(|(_, keys)| has(keys))
}

fn key(name: &str) -> Option<&'static str> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let found = NAMES.iter().find(|(_, names)| names.contains(&plain.as_str()));
    found.map(|(key, _)| *key)
}

/// A row as a coefficient, if its estimate can be read.
fn cell(row: &Row, keys: &[(usize, &'static str)], decimal: Decimal) -> Option<Cell> {
    let label = row.1.first().filter(|label| !label.is_empty())?;
    let text = |column: usize| {
        row.1
            .get(column)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    };
    let mut says = Vec::new();
    for (column, key) in keys {
        let Some(text) = text(*column) else { continue };
        match *key {
            "interval" => {
                let ends = super::rows::numbers(text, decimal);
                says.extend(["conf_low", "conf_high"].into_iter().zip(ends));
            }
            key => says.extend(Printed::read(text, decimal).map(|printed| (key, printed))),
        }
    }
    let estimated = says
        .iter()
        .any(|(key, p)| *key == "estimate" && p.bound == Bound::Equals);
    (estimated && says.len() > 1).then(|| Cell {
        line: row.0,
        label: label.clone(),
        says,
    })
}
