//! Parquet and Arrow IPC files, by polars.
//!
//! Numbers become the shortest decimal that reads back as the same number, dates ISO 8601, dictionaries their texts.

use super::moment;
use super::table::{Table, Text};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::Format;
use polars::prelude::{AnyValue, DataFrame, TimeUnit};
use polars_io::SerReader;
use polars_io::ipc::IpcReader;
use polars_io::parquet::read::ParquetReader;
use std::io::Cursor;

/// # Errors
/// A001 where the file is damaged, or a column holds what is no text, number, date or truth; A002 without rows.
pub(super) fn read(source: &Source, format: Format) -> Result<Table, Diagnostic> {
    let refuse = |message: String| {
        Diagnostic::error(codes::DATA_SYNTAX, format!("{}: {message}", source.name))
            .at(Place::file(&source.name))
            .help("write it again with plain columns, or export it as CSV")
    };
    let bytes: &[u8] = &source.bytes;
    let frame = match format {
        Format::Parquet => ParquetReader::new(Cursor::new(bytes)).finish(),
        _ => IpcReader::new(Cursor::new(bytes)).finish(),
    };
    let frame: DataFrame = frame.map_err(|e| {
        let why = e.to_string();
        refuse(format!(
            "it cannot be read as {}: {}",
            format.word(),
            why.lines().next().unwrap_or_default()
        ))
    })?;
    let mut text = Text::new(frame.get_column_names().iter().map(ToString::to_string).collect());
    for (position, column) in frame.columns().iter().enumerate() {
        let series = column.as_materialized_series();
        for value in series.iter() {
            let cell = cell(&value).ok_or_else(|| {
                refuse(format!(
                    "column `{}` holds {}, which is no cell",
                    column.name(),
                    column.dtype()
                ))
            })?;
            text.push(position, &cell);
        }
    }
    (0..frame.height()).for_each(|_| text.end_row());
    text.table(source, format, Vec::new())
}

fn cell(value: &AnyValue<'_>) -> Option<String> {
    Some(match value {
        AnyValue::Null => String::new(),
        AnyValue::Boolean(v) => v.to_string(),
        AnyValue::String(v) => (*v).to_owned(),
        AnyValue::StringOwned(v) => v.to_string(),
        AnyValue::UInt8(v) => v.to_string(),
        AnyValue::UInt16(v) => v.to_string(),
        AnyValue::UInt32(v) => v.to_string(),
        AnyValue::UInt64(v) => v.to_string(),
        AnyValue::Int8(v) => v.to_string(),
        AnyValue::Int16(v) => v.to_string(),
        AnyValue::Int32(v) => v.to_string(),
        AnyValue::Int64(v) => v.to_string(),
        // NaN is how these files write a missing number as often as null.
        AnyValue::Float32(v) if v.is_nan() => String::new(),
        AnyValue::Float64(v) if v.is_nan() => String::new(),
        AnyValue::Float32(v) => v.to_string(),
        AnyValue::Float64(v) => v.to_string(),
        AnyValue::Date(days) => moment::day(i64::from(*days), 1970)?,
        AnyValue::Datetime(since, unit, _) => moment::microsecond(micro(*since, *unit), 1970)?,
        AnyValue::Categorical(..)
        | AnyValue::CategoricalOwned(..)
        | AnyValue::Enum(..)
        | AnyValue::EnumOwned(..) => value.get_str()?.to_owned(),
        _ => return None,
    })
}

fn micro(since: i64, unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Nanoseconds => since.div_euclid(1000),
        TimeUnit::Microseconds => since,
        TimeUnit::Milliseconds => since.saturating_mul(1000),
    }
}
