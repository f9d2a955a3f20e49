//! REHEARSED: rows drawn from the registered design and the authors' expectations.
//!
//! Every variable has its own ChaCha stream from the seed, so that adding one does not shift the others.

mod draw;
mod write;

use crate::diagnostic::{Diagnostic, codes};
use crate::plan::expression::Value;
use crate::plan::{Expectations, Plan, Role, Wording};
use crate::spec::pipeline::Format;
use draw::{Cell, Drawer};
use std::collections::BTreeMap;

/// Rows that an exclusion takes out may outnumber the rest by this much before the draw gives up.
const PATIENCE: usize = 50;

/// A row as it was drawn: variable → cell.
type Row = BTreeMap<String, Cell>;

/// Draws rows until `keep` of them survive the registered conditions, and writes them as a file.
///
/// Rules about a row's place among others, such as outliers, are left to the run.
pub fn draw(
    plan: &Plan,
    wording: &Wording,
    expected: &Expectations,
    keep: usize,
    seed: [u8; 32],
    shape: Format,
) -> Result<String, Vec<Diagnostic>> {
    let mut drawer = Drawer::new(plan, expected, seed)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut kept = 0;
    while kept < keep {
        if rows.len() > PATIENCE * keep.max(20) {
            let message = format!(
                "after {} rows only {kept} survive the registered exclusions",
                rows.len()
            );
            return Err(vec![Diagnostic::error(codes::EXPECTATION, message).help(
                "give the variables of the exclusions an expectation under `design.expected`",
            )]);
        }
        let row = drawer.row();
        let mut conditions = plan.exclusions.iter().filter_map(|e| e.rule.condition());
        if !conditions.any(|c| c.truth(&|name| value(&row, name)) == Some(true)) {
            kept += 1;
        }
        rows.push(row);
    }
    in_time(plan, &mut rows);
    Ok(write::file(plan, wording, &rows, shape))
}

fn value<'r>(row: &'r Row, name: &str) -> Value<'r> {
    match row.get(name) {
        Some(Cell::Number(number)) => Value::Number(*number),
        Some(Cell::Text(text)) => Value::Text(text),
        Some(Cell::Blank) | None => Value::Missing,
    }
}

/// Responses come in the order of their time.
fn in_time(plan: &Plan, rows: &mut [Row]) {
    for (name, _) in plan.variables.iter().filter(|(_, v)| v.role == Role::Time) {
        let mut times: Vec<Cell> = rows.iter().filter_map(|r| r.get(name).cloned()).collect();
        times.sort();
        for (row, time) in rows.iter_mut().zip(times) {
            row.insert(name.clone(), time);
        }
    }
}
