//! SPSS's `.sav` and `.zsav`, by the `ambers` crate.
//!
//! A system-missing value is an empty cell; values that the file declares missing, alone or as a range, stay what they
//! are, and are missing by the file's own word. Dates become ISO 8601, times of day seconds.

use super::moment;
use super::table::{ColumnFacts, Table, Text};
use super::unpacked;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::Format;
use ambers::{MissingSpec, SpssMetadata, Value};
use arrow::array::{
    Array, Date32Array, DurationMicrosecondArray, Float64Array, RecordBatch, StringViewArray,
};
use arrow::array::{ArrayRef, TimestampMicrosecondArray};
use std::io::Cursor;

/// Rows that are held as arrow arrays at a time.
const BATCH: usize = 100_000;

/// # Errors
/// A001 where the file is damaged or none of SPSS's; A002 without rows.
pub(super) fn read(source: &Source) -> Result<Table, Diagnostic> {
    let damaged = |why: String| {
        let message = format!("{} cannot be read as an SPSS file: {why}", source.name);
        Diagnostic::error(codes::DATA_SYNTAX, message)
            .at(Place::file(&source.name))
            .help("save it again in SPSS, or export it as CSV")
    };
    let bytes: &[u8] = &source.bytes;
    let mut scanner =
        ambers::scan_sav_from_reader(Cursor::new(bytes), BATCH).map_err(|e| damaged(e.to_string()))?;
    let about = scanner.metadata().clone();
    let mut text = Text::new(about.variable_names.clone());
    let mut said = vec![ColumnFacts::default(); about.variable_names.len()];
    while let Some(batch) = scanner.next_batch().map_err(|e| damaged(e.to_string()))? {
        unpacked::cells(source, text.rows() + batch.num_rows(), about.variable_names.len())?;
        rows(&batch, &about, &mut text, &mut said)
            .ok_or_else(|| damaged(String::from("a column is of a kind that it does not have")))?;
    }
    if let Some(warning) = scanner.metadata().warnings.first() {
        return Err(damaged(warning.clone()));
    }
    for (name, said) in about.variable_names.iter().zip(&mut said) {
        for (value, label) in about.value_labels(name).into_iter().flatten() {
            let cell = match value {
                Value::Numeric(number) => number.to_string(),
                Value::String(text) => text.trim_end().to_owned(),
            };
            said.labels.insert(cell, label.clone());
        }
    }
    text.table(source, Format::Spss, said)
}

fn rows(batch: &RecordBatch, about: &SpssMetadata, text: &mut Text, said: &mut [ColumnFacts]) -> Option<()> {
    for (position, (name, said)) in about.variable_names.iter().zip(said).enumerate() {
        let specs = about.variable_missing_values.get(name);
        let specs = specs.map(Vec::as_slice).unwrap_or_default();
        let column = batch.column_by_name(name)?;
        for row in 0..batch.num_rows() {
            let cell = if column.is_null(row) {
                String::new()
            } else {
                cell(column, row)?
            };
            let plain = column.as_any().downcast_ref::<Float64Array>();
            said.inexact |=
                plain.is_some_and(|n| !n.is_null(row) && n.value(row).abs() >= 9_007_199_254_740_992.0);
            let number = seconds(column, row).or_else(|| cell.parse().ok());
            if specs.iter().any(|spec| is_missing(spec, &cell, number)) {
                said.missing.insert(cell.clone());
            }
            text.push(position, &cell);
        }
    }
    (0..batch.num_rows()).for_each(|_| text.end_row());
    Some(())
}

fn cell(column: &ArrayRef, row: usize) -> Option<String> {
    let any = column.as_any();
    if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        return Some(numbers.value(row).to_string());
    }
    if let Some(texts) = any.downcast_ref::<StringViewArray>() {
        return Some(texts.value(row).trim_end().to_owned());
    }
    if let Some(days) = any.downcast_ref::<Date32Array>() {
        return moment::day(i64::from(days.value(row)), 1970);
    }
    if let Some(times) = any.downcast_ref::<TimestampMicrosecondArray>() {
        return moment::microsecond(times.value(row), 1970);
    }
    let durations = any.downcast_ref::<DurationMicrosecondArray>()?;
    Some((durations.value(row) as f64 / 1e6).to_string())
}

/// A date or moment as the file holds it: seconds since 14 October 1582, 141,428 days before 1970.
fn seconds(column: &ArrayRef, row: usize) -> Option<f64> {
    const EPOCH: f64 = 141_428.0 * 86_400.0;
    let any = column.as_any();
    if column.is_null(row) {
        None
    } else if let Some(days) = any.downcast_ref::<Date32Array>() {
        Some(f64::from(days.value(row)) * 86_400.0 + EPOCH)
    } else {
        let times = any.downcast_ref::<TimestampMicrosecondArray>()?;
        Some(times.value(row) as f64 / 1e6 + EPOCH)
    }
}

fn is_missing(spec: &MissingSpec, cell: &str, number: Option<f64>) -> bool {
    match spec {
        MissingSpec::Value(value) => number == Some(*value),
        MissingSpec::Range { lo, hi } => number.is_some_and(|n| *lo <= n && n <= *hi),
        MissingSpec::StringValue(text) => !cell.is_empty() && cell == text.trim_end(),
    }
}
