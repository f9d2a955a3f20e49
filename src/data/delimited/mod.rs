//! Text files with separated fields. Every column is read as text: the codebook says what it is.

mod encoding;
mod platform;
mod scan;
mod separator;

use super::table::{COLUMN_LIMIT, ColumnFacts, Table};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::record::FileFacts;
use crate::source::Source;
use crate::spec::pipeline::{Format, Reading};
use polars::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::csv::read::{CsvParseOptions, CsvReadOptions};
use separator::Shape;
use std::borrow::Cow;
use std::io::Cursor;

/// Reads a CSV, in the dialect that it has or that its author names, or Qualtrics's with its three header rows.
///
/// # Errors
/// A001 where the text has no such shape; A002 without rows; A007 for rows of other lengths; S003 for its encoding.
pub(super) fn read(source: &Source, reading: &Reading) -> Result<Table, Vec<Diagnostic>> {
    let decoded = encoding::decode(source, reading).map_err(|d| vec![d])?;
    let text = File {
        name: &source.name,
        bytes: decoded.text.as_bytes(),
    };
    let shape = separator::shape(text.bytes, text.name, reading).map_err(|d| vec![d])?;
    let mut table = text.table(&shape, reading).map_err(|d| vec![d])?;
    table.facts.encoding = Some(decoded.encoding);
    table.facts.separator = Some(shape.separator);
    table.warnings.extend(decoded.warning);
    Ok(table)
}

struct File<'t> {
    name: &'t str,
    bytes: &'t [u8],
}

impl File<'_> {
    fn refuse(&self, code: Code, message: String, help: &str) -> Diagnostic {
        Diagnostic::error(code, message)
            .at(Place::file(self.name))
            .help(help)
    }

    fn table(&self, shape: &Shape, reading: &Reading) -> Result<Table, Diagnostic> {
        let (name, records) = (self.name, &shape.records);
        let header = records.first().ok_or_else(|| {
            self.refuse(
                codes::DATA_EMPTY,
                format!("{name} is blank"),
                "export the data again",
            )
        })?;
        if header.fields > COLUMN_LIMIT {
            let message = format!(
                "{name} has {} columns; the limit is {}",
                header.fields, COLUMN_LIMIT
            );
            return Err(self.refuse(
                codes::FILE_TOO_LARGE,
                message,
                "export only the registered columns",
            ));
        }
        let row = |nth: usize| -> Result<Vec<String>, Diagnostic> {
            let Some(record) = records.get(nth) else {
                return Ok(Vec::new());
            };
            let end = records.get(nth + 1).map_or(self.bytes.len(), |r| r.start);
            let bytes = self.bytes.get(record.start..end).unwrap_or_default();
            cells(bytes, shape, header.fields)
                .and_then(|frame| first_row(&frame))
                .map_err(|why| self.refuse(codes::DATA_SYNTAX, why, "the first line names the columns"))
        };
        let names = row(0)?;
        let import_ids = platform::has_import_ids(self.bytes, records.get(2));
        let format = self.format(platform::shown(&names, import_ids), import_ids, reading)?;
        let second = if import_ids { row(1)? } else { Vec::new() };
        let platform::Platform {
            format,
            headers,
            names,
            headings,
        } = platform::header(format, names, second);
        let rows = records.get(headers..).unwrap_or_default();
        if rows.is_empty() {
            let message = format!("{name} has a header but no rows");
            return Err(self.refuse(codes::DATA_EMPTY, message, "export the data again"));
        }
        let frame = cells(&body(self.bytes, rows), shape, header.fields)
            .map_err(|why| self.refuse(codes::DATA_SYNTAX, why, "export the file again as CSV"))?;
        if frame.height() != rows.len() {
            let message = format!(
                "{name}: {} rows were counted and {} read",
                rows.len(),
                frame.height()
            );
            let help = "a quote stands where it cannot: export the file again";
            return Err(self.refuse(codes::DATA_SYNTAX, message, help));
        }
        Ok(Table {
            facts: FileFacts {
                format,
                rows: rows.len() as u64,
                columns: names.len() as u64,
                encoding: None,
                separator: None,
                decimal: None,
            },
            names,
            lines: rows.iter().map(|r| r.line).collect(),
            warnings: Vec::new(),
            cells: Vec::new(),
            columns: headings
                .into_iter()
                .map(|heading| ColumnFacts {
                    heading,
                    ..ColumnFacts::default()
                })
                .enumerate()
                .collect(),
            frame,
        })
    }

    fn format(&self, shown: Format, import_ids: bool, reading: &Reading) -> Result<Format, Diagnostic> {
        let declared = reading.format.as_ref().map(|f| f.value).unwrap_or(shown);
        let refuse = |what: &str, help: &str| {
            let message = format!("{} does not have {what}", self.name);
            Err(self.refuse(codes::DATA_SYNTAX, message, help))
        };
        match declared {
            Format::Qualtrics if !import_ids => refuse(
                "Qualtrics's three header rows",
                "export it from Qualtrics with all header rows, or write `format: csv`",
            ),
            Format::Limesurvey if shown != Format::Limesurvey => refuse(
                "LimeSurvey's columns `submitdate` and `lastpage`",
                "export all columns with their question codes, or write `format: csv`",
            ),
            Format::Redcap if shown != Format::Redcap => refuse(
                "a column of REDCap's own, such as `redcap_event_name` or `baseline_complete`",
                "export raw data from REDCap, or write `format: csv`",
            ),
            declared => Ok(declared),
        }
    }
}

/// The rows alone: from the first to the end, blank lines between them left out.
fn body<'b>(bytes: &'b [u8], rows: &[scan::Extent]) -> Cow<'b, [u8]> {
    let Some(first) = rows.first() else {
        return Cow::Borrowed(&[]);
    };
    let whole = bytes.get(first.start..).unwrap_or_default();
    let consecutive = whole.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let last = rows.last().map_or(0, |r| r.line) - first.line + 1;
    if consecutive <= last + 1
        && !whole.windows(2).any(|w| w == b"\n\n")
        && !whole.windows(3).any(|w| w == b"\n\r\n")
    {
        return Cow::Borrowed(whole);
    }
    let mut kept = Vec::with_capacity(whole.len());
    for (row, next) in rows
        .iter()
        .zip(rows.iter().skip(1).map(|r| r.start).chain([bytes.len()]))
    {
        let text = bytes.get(row.start..next).unwrap_or_default();
        let trimmed = text
            .iter()
            .rposition(|b| !matches!(b, b'\n' | b'\r'))
            .map_or(0, |p| p + 1);
        kept.extend_from_slice(text.get(..trimmed).unwrap_or_default());
        kept.push(b'\n');
    }
    Cow::Owned(kept)
}

fn cells(bytes: &[u8], shape: &Shape, fields: usize) -> Result<DataFrame, String> {
    let parsing = CsvParseOptions::default()
        .with_missing_is_null(false)
        .with_separator(shape.separator.byte());
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_infer_schema_length(Some(0))
        .with_raise_if_empty(true)
        .with_parse_options(parsing);
    let frame = options
        .into_reader_with_file_handle(Cursor::new(bytes))
        .finish()
        .map_err(|e| e.to_string().lines().next().unwrap_or_default().to_owned())?;
    if frame.width() == fields {
        Ok(frame)
    } else {
        Err(format!("{} columns were read of {fields}", frame.width()))
    }
}

fn first_row(frame: &DataFrame) -> Result<Vec<String>, String> {
    let text = |position: usize| {
        let column = frame.select_at_idx(position)?;
        let cells = column.as_materialized_series().str().ok()?;
        Some(cells.get(0).unwrap_or_default().trim().to_owned())
    };
    (0..frame.width())
        .map(|i| text(i).ok_or_else(|| String::from("the header cannot be read")))
        .collect()
}
