//! Stata's `.dta`, all releases from 102 to 119, by the `dta` crate.
//!
//! A `float` is read as the shortest decimal that it stands for (`0.1961`, not `0.19609999656…`): what Stata's `export
//! delimited` writes. `.` is an empty cell; `.a` to `.z` stay what they are, and are missing by the file's own word. Dates
//! (`%td`, `%tc`, `%tC`) become ISO 8601; weeks, months, quarters and years stay the numbers that Stata counts them by; a value label is a label of its cell.

use super::moment;
use super::table::{ColumnFacts, Table, Text};
use super::unpacked;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::{Encoding, Format, Reading};
use dta::stata::dta::dta_error::DtaError;
use dta::stata::dta::dta_reader::DtaReader;
use dta::stata::dta::long_string_ref::LongStringRef;
use dta::stata::dta::long_string_table::LongStringTable;
use dta::stata::dta::schema::Schema;
use dta::stata::dta::value::Value;
use dta::stata::dta::value_label_table::ValueLabelTable;
use dta::stata::missing_value::MissingValue;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::io::Cursor;

/// # Errors
/// A001 where the file is damaged or none of Stata's; A002 without rows.
pub(super) fn read(source: &Source, reading: &Reading) -> Result<Table, Diagnostic> {
    let with = |encoding: Option<&'static encoding_rs::Encoding>| table(source, encoding);
    match reading.encoding.as_ref().map(|e| e.value) {
        Some(Encoding::Windows1252) => with(Some(WINDOWS_1252)),
        Some(_) => with(Some(UTF_8)),
        // Releases before 118 do not name their encoding; the crate takes Windows-1252 for them.
        None => with(Some(UTF_8)).or_else(|_| with(None)),
    }
    .map_err(|why| match why {
        Failure::Damaged(error) => Diagnostic::error(
            codes::DATA_SYNTAX,
            format!("{} cannot be read as a Stata file: {error}", source.name),
        )
        .at(Place::file(&source.name))
        .help("save it again in Stata, or export it as CSV"),
        Failure::Lost(row) => Diagnostic::error(
            codes::DATA_SYNTAX,
            format!(
                "{}: the long string of row {row} is not in the file, or is no text",
                source.name
            ),
        )
        .at(Place::file(&source.name))
        .help("save it again in Stata without binary strings, or export it as CSV"),
        Failure::Refused(diagnostic) => *diagnostic,
    })
}

enum Failure {
    Damaged(DtaError),
    /// The row whose long string is not in the file, or is no text.
    Lost(usize),
    Refused(Box<Diagnostic>),
}

impl From<DtaError> for Failure {
    fn from(error: DtaError) -> Self {
        Failure::Damaged(error)
    }
}

fn table(source: &Source, encoding: Option<&'static encoding_rs::Encoding>) -> Result<Table, Failure> {
    let reader = match encoding {
        Some(encoding) => DtaReader::new().encoding(encoding),
        None => DtaReader::new(),
    };
    let bytes: &[u8] = &source.bytes;
    unpacked::long_strings(source).map_err(|d| Failure::Refused(Box::new(d)))?;
    let mut characteristics = reader
        .from_reader(Cursor::new(bytes))
        .read_header()?
        .read_schema()?;
    characteristics.skip_to_end()?;
    let mut records = characteristics.into_record_reader()?;
    let schema = records.schema().clone();
    let variables = schema.variables();
    let kinds: Vec<Kind> = variables.iter().map(|v| Kind::of(v.format())).collect();
    let mut text = Text::new(variables.iter().map(|v| v.name().to_owned()).collect());
    let mut missing = vec![ColumnFacts::default(); variables.len()];
    let mut long: Vec<(usize, usize, LongStringRef)> = Vec::new();
    while let Some(record) = records.read_record()? {
        let row = text.rows();
        let cells = record.values().iter().zip(&kinds).zip(&mut missing).enumerate();
        for (position, ((value, kind), facts)) in cells {
            if let Value::LongStringRef(reference) = value {
                long.push((position, row, *reference));
            }
            text.push(position, &cell(value, *kind, facts));
        }
        text.end_row();
    }
    let mut strings = records.into_long_string_reader()?;
    let mut held = LongStringTable::for_reading();
    strings.read_remaining_into(&mut held)?;
    let encoding = strings.encoding();
    for (position, row, reference) in &long {
        // Stata writes an empty long string as a reference to nothing.
        if (reference.variable(), reference.observation()) == (0, 0) {
            continue;
        }
        let found = held.get(reference);
        let content = found.as_ref().and_then(|s| s.data_str(encoding));
        let content = content.ok_or_else(|| Failure::Lost(*row + 1))?;
        text.set(*position, *row, &content);
    }
    let mut labels = ValueLabelTable::new();
    strings
        .into_value_label_reader()?
        .read_remaining_into(&mut labels)?;
    label(&schema, &labels, &mut missing);
    text.table(source, Format::Stata, missing)
        .map_err(|d| Failure::Refused(Box::new(d)))
}

/// What a display format makes of a number.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    /// Days since 1960.
    Day,
    /// Milliseconds since 1960.
    Millisecond,
    /// The same with leap seconds.
    Leaping,
}

impl Kind {
    fn of(format: &str) -> Kind {
        let format = format.replacen("%-", "%", 1);
        if format.starts_with("%td") || format.starts_with("%d") {
            Kind::Day
        } else if format.starts_with("%tc") {
            Kind::Millisecond
        } else if format.starts_with("%tC") {
            Kind::Leaping
        } else {
            Kind::Plain
        }
    }
}

fn cell(value: &Value<'_>, kind: Kind, facts: &mut ColumnFacts) -> String {
    facts.inexact |= match value {
        Value::Float(StataFloat::Present(v)) => v.abs() >= 16_777_216.0,
        Value::Double(StataDouble::Present(v)) => {
            matches!(kind, Kind::Plain) && v.abs() >= 9_007_199_254_740_992.0
        }
        _ => false,
    };
    let mut gone = |missing: &MissingValue| {
        let text = missing.to_string();
        if text == "." {
            return String::new();
        }
        facts.missing.insert(text.clone());
        text
    };
    match value {
        Value::Byte(StataByte::Present(v)) => number(f64::from(*v), kind, v.to_string()),
        Value::Int(StataInt::Present(v)) => number(f64::from(*v), kind, v.to_string()),
        Value::Long(StataLong::Present(v)) => number(f64::from(*v), kind, v.to_string()),
        Value::Float(StataFloat::Present(v)) => number(f64::from(*v), kind, v.to_string()),
        Value::Double(StataDouble::Present(v)) => number(*v, kind, v.to_string()),
        Value::Byte(StataByte::Missing(m)) => gone(m),
        Value::Int(StataInt::Missing(m)) => gone(m),
        Value::Long(StataLong::Missing(m)) => gone(m),
        Value::Float(StataFloat::Missing(m)) => gone(m),
        Value::Double(StataDouble::Missing(m)) => gone(m),
        Value::String(text) => text.to_string(),
        Value::LongStringRef(_) => String::new(),
    }
}

/// A number by its display format; as it stands where it is no date.
fn number(value: f64, kind: Kind, plain: String) -> String {
    let whole = (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64);
    let written = match (kind, whole) {
        (Kind::Day, Some(days)) => moment::day(days, 1960),
        (Kind::Leaping, Some(ms)) => {
            moment::microsecond(moment::without_leaps(ms, 1960).saturating_mul(1000), 1960)
        }
        (Kind::Millisecond, Some(ms)) => moment::microsecond(ms.saturating_mul(1000), 1960),
        _ => None,
    };
    written.unwrap_or(plain)
}

fn label(schema: &Schema, labels: &ValueLabelTable, facts: &mut [ColumnFacts]) {
    for (variable, facts) in schema.variables().iter().zip(facts) {
        let Some(set) = labels.get(variable.value_label_name()) else {
            continue;
        };
        for entry in set.entries() {
            facts
                .labels
                .insert(entry.value().to_string(), entry.label().to_owned());
        }
    }
}
