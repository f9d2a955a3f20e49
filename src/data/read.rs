//! Bytes to a table of text cells. Every column is read as text: the codebook says what it is.

use super::scan;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::Format;
use polars::prelude::{DataFrame, StringChunked};
use polars_io::SerReader;
use polars_io::csv::read::{CsvParseOptions, CsvReadOptions};
use std::io::Cursor;

/// A file's cells as text, with the line on which each row begins.
#[derive(Clone, Debug)]
pub struct Table {
    pub names: Vec<String>,
    pub lines: Vec<u64>,
    pub format: Format,
    frame: DataFrame,
}

impl Table {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// A column's cells by position. An empty cell is an empty text.
    pub fn column(&self, position: usize) -> Option<&StringChunked> {
        self.frame
            .select_at_idx(position)
            .and_then(|c| c.as_materialized_series().str().ok())
    }
}

/// Reads a CSV or Qualtrics CSV, or says why it cannot be one.
pub fn read(source: &Source, format: Option<Format>) -> Result<Table, Vec<Diagnostic>> {
    let fail = |code, message: &str, help: &str| {
        vec![
            Diagnostic::error(code, message)
                .at(Place::file(&source.name))
                .help(help),
        ]
    };
    let name = &source.name;
    if source.bytes.is_empty() {
        return Err(fail(
            codes::DATA_EMPTY,
            &format!("{name} is empty"),
            "export the data again",
        ));
    }
    let utf16 = source.bytes.starts_with(b"\xFF\xFE") || source.bytes.starts_with(b"\xFE\xFF");
    if !utf16 && source.bytes.iter().take(1 << 16).any(|b| *b == 0) {
        return Err(fail(
            codes::DATA_SYNTAX,
            &format!("{name} is a binary file, or UTF-16 without a byte-order mark"),
            "this version reads CSV as UTF-8 text",
        ));
    }
    let bytes = source.text().map_err(|d| vec![d])?.as_bytes();
    let records = scan::records(bytes, name).map_err(|d| vec![d])?;
    let records: Vec<scan::Extent> = records.into_iter().filter(|r| !r.blank).collect();
    let Some(header) = records.first() else {
        return Err(fail(
            codes::DATA_EMPTY,
            &format!("{name} is blank"),
            "export the data again",
        ));
    };
    if header.fields > scan::COLUMN_LIMIT {
        let message = format!(
            "{name} has {} columns; the limit is {}",
            header.fields,
            scan::COLUMN_LIMIT
        );
        return Err(fail(
            codes::FILE_TOO_LARGE,
            &message,
            "export only the registered columns",
        ));
    }
    if let Some(ragged) = scan::ragged(&records, header.fields, name) {
        return Err(vec![ragged]);
    }
    let format = format.unwrap_or_else(|| detected(bytes, &records));
    let headers = if format == Format::Qualtrics { 3 } else { 1 };
    let end = |i: usize| records.get(i).map_or(bytes.len(), |r| r.start);
    let names = cells(bytes.get(header.start..end(1)).unwrap_or_default(), header.fields)
        .and_then(|frame| first_row(&frame))
        .map_err(|why| fail(codes::DATA_SYNTAX, &why, "the first line names the columns"))?;
    if format == Format::Qualtrics && !is_qualtrics(bytes, &records) {
        let help = "export it from Qualtrics with all header rows, or write `format: csv`";
        return Err(fail(
            codes::DATA_SYNTAX,
            &format!("{name} does not have Qualtrics's three header rows"),
            help,
        ));
    }
    let rows = records.get(headers..).unwrap_or_default();
    if rows.is_empty() {
        return Err(fail(
            codes::DATA_EMPTY,
            &format!("{name} has a header but no rows"),
            "export the data again",
        ));
    }
    let body = body(bytes, rows);
    let frame = cells(&body, header.fields)
        .map_err(|why| fail(codes::DATA_SYNTAX, &why, "export the file again as CSV"))?;
    if frame.height() != rows.len() {
        let message = format!(
            "{name}: {} rows were counted and {} read",
            rows.len(),
            frame.height()
        );
        return Err(fail(
            codes::DATA_SYNTAX,
            &message,
            "a quote stands where it cannot: export the file again",
        ));
    }
    Ok(Table {
        names,
        lines: rows.iter().map(|r| r.line).collect(),
        format,
        frame,
    })
}

/// The rows alone: from the first to the end, blank lines between them left out.
fn body<'b>(bytes: &'b [u8], rows: &[scan::Extent]) -> std::borrow::Cow<'b, [u8]> {
    let Some(first) = rows.first() else {
        return std::borrow::Cow::Borrowed(&[]);
    };
    let whole = bytes.get(first.start..).unwrap_or_default();
    let consecutive = whole.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let last = rows.last().map_or(0, |r| r.line) - first.line + 1;
    if consecutive <= last + 1
        && !whole.windows(2).any(|w| w == b"\n\n")
        && !whole.windows(3).any(|w| w == b"\n\r\n")
    {
        return std::borrow::Cow::Borrowed(whole);
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
    std::borrow::Cow::Owned(kept)
}

fn cells(bytes: &[u8], fields: usize) -> Result<DataFrame, String> {
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_infer_schema_length(Some(0))
        .with_raise_if_empty(true)
        .with_parse_options(CsvParseOptions::default().with_missing_is_null(false));
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
        Some(
            column
                .as_materialized_series()
                .str()
                .ok()?
                .get(0)
                .unwrap_or_default()
                .trim()
                .to_owned(),
        )
    };
    (0..frame.width())
        .map(|i| text(i).ok_or_else(|| String::from("the header cannot be read")))
        .collect()
}

fn detected(bytes: &[u8], records: &[scan::Extent]) -> Format {
    if is_qualtrics(bytes, records) {
        Format::Qualtrics
    } else {
        Format::Csv
    }
}

/// Qualtrics's third header row holds one JSON object a column.
fn is_qualtrics(bytes: &[u8], records: &[scan::Extent]) -> bool {
    let Some(third) = records.get(2) else { return false };
    let text: Vec<u8> = bytes.iter().skip(third.start).take(40).copied().collect();
    let text = String::from_utf8_lossy(&text).replace('"', "");
    text.trim_start().starts_with("{ImportId:")
}
