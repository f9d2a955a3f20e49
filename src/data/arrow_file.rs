//! Parquet and Arrow IPC files, by polars.
//!
//! Numbers become the shortest decimal that reads back as the same number, dates ISO 8601, dictionaries their texts.

use super::claimed::{self, Claim};
use super::moment;
use super::table::{ColumnFacts, Table, Text};
use super::unpacked;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::Format;
use polars::prelude::{AnyValue, ArrowDataType, Column, DataFrame, PolarsError, TimeUnit};
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
    let (columns, frame) = opened(source, format, &refuse)?;
    unpacked::cells(source, frame.height(), columns.len())?;
    let mut said = vec![ColumnFacts::default(); columns.len()];
    let mut text = Text::new(columns.iter().map(|c| c.name.clone()).collect());
    let mut read = frame.columns().iter();
    for (position, (said, Listed { name, unread })) in said.iter_mut().zip(&columns).enumerate() {
        let column = if unread.is_some() { None } else { read.next() };
        let cells: Option<Vec<String>> =
            column.and_then(|c| c.as_materialized_series().iter().map(|v| cell(&v)).collect());
        let Some(cells) = cells else {
            let what = column.map_or_else(
                || unread.unwrap_or_default().to_owned(),
                |c| c.dtype().to_string(),
            );
            said.unreadable = Some(format!("column `{name}` holds {what}, which are not read"));
            (0..frame.height()).for_each(|_| text.push(position, ""));
            continue;
        };
        said.inexact = column.is_some_and(is_inexact);
        cells.iter().for_each(|cell| text.push(position, cell));
    }
    (0..frame.height()).for_each(|_| text.end_row());
    text.table(source, format, said)
}

/// A column of the file, and what it holds where that is not read.
struct Listed {
    name: String,
    unread: Option<&'static str>,
}

fn opened(
    source: &Source,
    format: Format,
    refuse: &dyn Fn(String) -> Diagnostic,
) -> Result<(Vec<Listed>, DataFrame), Diagnostic> {
    if format == Format::Arrow {
        claimed::arrow(source).map_err(|claim| match claim {
            Claim::Damaged => refuse(String::from(
                "it is damaged: its parts are not where it says they are",
            )),
            Claim::Large => unpacked::too_large(source, "claims far more than its bytes hold"),
        })?;
    }
    let bytes: &[u8] = &source.bytes;
    let failed = |e: PolarsError| {
        let why = e.to_string();
        let why = why.lines().next().unwrap_or_default();
        refuse(format!("it cannot be read as {}: {why}", format.word()))
    };
    let mut parquet = (format == Format::Parquet).then(|| ParquetReader::new(Cursor::new(bytes)));
    let mut ipc = IpcReader::new(Cursor::new(bytes));
    let schema = match &mut parquet {
        Some(parquet) => parquet.schema(),
        None => ipc.schema(),
    };
    let schema = schema.map_err(failed)?;
    let columns = schema.iter_values().map(|field| Listed {
        name: field.name.to_string(),
        unread: not_read(&field.dtype),
    });
    let columns: Vec<Listed> = columns.collect();
    let plain = columns.iter().enumerate().filter(|(_, c)| c.unread.is_none());
    let plain: Vec<usize> = plain.map(|(position, _)| position).collect();
    if let (true, Some(first)) = (plain.is_empty(), columns.first()) {
        let what = first.unread.unwrap_or_default();
        return Err(refuse(format!(
            "no column can be read; `{}` holds {what}",
            first.name
        )));
    }
    let some = (plain.len() < columns.len()).then_some(plain);
    let frame = match parquet {
        Some(mut parquet) => {
            unpacked::cells(source, parquet.num_rows().map_err(failed)?, columns.len())?;
            parquet.with_projection(some).finish()
        }
        None => ipc.with_projection(some).finish(),
    };
    Ok((columns, frame.map_err(failed)?))
}

/// What a column holds that is not read, in words. Dictionaries are.
fn not_read(kind: &ArrowDataType) -> Option<&'static str> {
    use ArrowDataType as Kind;
    match kind {
        Kind::List(_) | Kind::LargeList(_) | Kind::FixedSizeList(..) => Some("lists"),
        Kind::Struct(_) | Kind::Map(..) | Kind::Union(_) => Some("records"),
        Kind::Decimal(..) | Kind::Decimal32(..) | Kind::Decimal64(..) | Kind::Decimal256(..) => {
            Some("decimals")
        }
        _ => None,
    }
}

/// Whether a column of floating point numbers has some that its type cannot tell from their neighbours.
fn is_inexact(column: &Column) -> bool {
    column.as_materialized_series().iter().any(|value| match value {
        AnyValue::Float32(v) => v.abs() >= 16_777_216.0,
        AnyValue::Float64(v) => v.abs() >= 9_007_199_254_740_992.0,
        _ => false,
    })
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
