//! Which model each column is, and the claims that its numbers make.

use super::grid::Grid;
use super::{Cell, labels, rows, wide};
use crate::claims::printed::{Printed, Relation};
use crate::claims::quoted;
use crate::claims::target::models;
use crate::plan::Wording;
use crate::record::{Coefficient, ModelRecord, Record};
use crate::spec::claims::Rounding;
use crate::spec::pipeline::Decimal;
use regex::Regex;

/// A table as claims.
#[derive(Clone, Debug)]
pub struct Read {
    /// `claims.yaml`.
    pub claims: String,
    /// On which line of the table each claim stands.
    pub lines: Vec<usize>,
    /// Numbers that could be told.
    pub told: usize,
    /// What could not be told: the place, and why.
    pub open: Vec<String>,
}

/// Reads the columns of a table as models of the run; `named` are the models from the left, if the author says so.
pub fn read(file: &str, grid: &Grid, named: &[String], record: &Record, wording: &Wording) -> Read {
    let columns = match wide::models(grid, Decimal::Point) {
        named if !named.is_empty() => named,
        _ => rows::columns(grid, Decimal::Point),
    };
    let mut read = Read {
        claims: String::from("asregistered: 1\n"),
        lines: Vec::new(),
        told: 0,
        open: Vec::new(),
    };
    let legend = legend(&grid.notes);
    if !legend.is_empty() {
        let bounds: Vec<String> = legend
            .iter()
            .map(|(mark, p)| format!("{}: {p}", quoted(mark)))
            .collect();
        read.claims
            .push_str(&format!("stars: {{{}}}\n", bounds.join(", ")));
    }
    read.claims.push_str("claims:\n");
    for (position, (column, cells)) in columns.iter().enumerate() {
        let model = match named.get(position) {
            Some(id) => models(record)
                .find(|m| m.id == *id)
                .ok_or(format!("the run has no model `{id}`")),
            None => model(cells, record, wording),
        };
        match model {
            Ok(model) => read.column(file, grid, *column, cells, model, wording),
            Err(why) => read.open.push(format!("column {}: {why}", column + 1)),
        }
    }
    read
}

impl Read {
    fn column(
        &mut self,
        file: &str,
        grid: &Grid,
        column: usize,
        cells: &[Cell],
        model: &ModelRecord,
        wording: &Wording,
    ) {
        for cell in cells {
            let Some(coefficient) = coefficient(cell, model, wording) else {
                let estimate = cell.says.first().map(|(_, printed)| printed.text.as_str());
                let (label, estimate) = (&cell.label, estimate.unwrap_or_default());
                let why = format!("`{label}` {estimate} is no coefficient of the model {}", model.id);
                let line = cell.line;
                self.open
                    .push(format!("line {line}, column {}: {why}", column + 1));
                continue;
            };
            let numbers = cell.says.iter();
            let says: Vec<String> = numbers
                .map(|(key, printed)| format!("{key}: {}", quoted(&printed.text)))
                .collect();
            self.claim(
                file,
                (cell.line, column),
                &model.id,
                Some(&coefficient.term),
                &says,
            );
        }
        for (line, row) in &grid.rows {
            let key = match row.first().map(|label| plain(label)).as_deref() {
                Some("observations" | "numobs" | "nobs" | "n") => "n",
                Some("r2" | "rsquared") => "r_squared",
                _ => continue,
            };
            let printed = row
                .get(column)
                .and_then(|text| Printed::read(text, Decimal::Point));
            if let Some(printed) = printed {
                let said = [format!("{key}: {}", quoted(&printed.text))];
                self.claim(file, (*line, column), &model.id, None, &said);
            }
        }
    }

    fn claim(
        &mut self,
        file: &str,
        (line, column): (usize, usize),
        model: &str,
        term: Option<&str>,
        says: &[String],
    ) {
        self.told += says.len();
        self.lines.push(line);
        let term = term
            .map(|term| format!(", term: {}", quoted(term)))
            .unwrap_or_default();
        self.claims.push_str(&format!(
            "  - {{where: {}, model: {}{term}, says: {{{}}}}}\n",
            quoted(&format!("{file}, line {line}, column {}", column + 1)),
            quoted(model),
            says.join(", ")
        ));
    }
}

fn plain(label: &str) -> String {
    let kept = label.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// The one model that most of a column's numbers are of.
fn model<'r>(cells: &[Cell], record: &'r Record, wording: &Wording) -> Result<&'r ModelRecord, String> {
    let score = |model: &ModelRecord| {
        let hits = |cell: &&Cell| coefficient(cell, model, wording).is_some_and(|c| fits(cell, c));
        let labels = |cell: &&Cell| labels::named(&cell.label, model, wording).is_some();
        (
            cells.iter().filter(hits).count(),
            cells.iter().filter(labels).count(),
        )
    };
    let scored: Vec<_> = models(record).map(|model| (score(model), model)).collect();
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or_default();
    if best == (0, 0) {
        return Err(String::from("no model of the run has these coefficients"));
    }
    let firsts: Vec<_> = scored
        .iter()
        .filter(|(score, _)| *score == best)
        .map(|(_, m)| *m)
        .collect();
    match firsts.as_slice() {
        [one] => Ok(*one),
        several => {
            let ids: Vec<&str> = several.iter().map(|m| m.id.as_str()).collect();
            Err(format!(
                "it may be the model {}: say which with --model",
                ids.join(" or ")
            ))
        }
    }
}

/// By its label, or else the one coefficient with these numbers.
fn coefficient<'r>(cell: &Cell, model: &'r ModelRecord, wording: &Wording) -> Option<&'r Coefficient> {
    labels::named(&cell.label, model, wording).or_else(|| {
        let hits: Vec<&Coefficient> = model.coefficients.iter().filter(|c| fits(cell, c)).collect();
        match hits.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    })
}

fn fits(cell: &Cell, coefficient: &Coefficient) -> bool {
    let c = coefficient;
    let found = |key: &str| match key {
        "estimate" => Some(c.estimate),
        "std_error" => Some(c.std_error),
        "statistic" => Some(c.statistic),
        "p" => Some(c.p_value),
        "conf_low" => Some(c.conf_low),
        "conf_high" => Some(c.conf_high),
        _ => None,
    };
    let holds = |printed: &Printed, found: f64| printed.relation(found, Rounding::Nearest) == Relation::Holds;
    let mut says = cell.says.iter();
    says.all(|(key, printed)| found(key).is_some_and(|found| holds(printed, found)))
}

/// The marks of the table's note: `*p<0.1; **p<0.05; ***p<0.01`.
fn legend(notes: &str) -> Vec<(String, f64)> {
    let Ok(mark) = Regex::new(r"(\*{1,4}|†|\+)\s?\^?\s?[pP]r?\s?(?:<|<=)\s?(\d?\.\d+)") else {
        return Vec::new();
    };
    let mut found: Vec<(String, f64)> = Vec::new();
    for captures in mark.captures_iter(notes) {
        let (Some(mark), Some(p)) = (captures.get(1), captures.get(2)) else {
            continue;
        };
        let p = p.as_str().parse().ok().filter(|p: &f64| *p > 0.0 && *p < 1.0);
        if let Some(p) = p.filter(|_| !found.iter().any(|(known, _)| known == mark.as_str())) {
            found.push((mark.as_str().to_owned(), p));
        }
    }
    found
}
