//! Excel's `.xlsx`, by the `calamine` crate: the first row names the columns, formulas count as the values that the
//! file holds; a formula that was never computed is refused, for its cell would pass for a missing one.

use super::table::{COLUMN_LIMIT, ColumnFacts, Table, Text};
use super::unpacked;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::{Format, Reading};
use calamine::{DataRef, Reader, Xlsx};
use std::collections::BTreeSet;
use std::io::Cursor;

/// # Errors
/// A001 where the file is damaged, is no workbook, has several sheets of which none is named, or a formula without a value; A002 without rows.
pub(super) fn read(source: &Source, reading: &Reading) -> Result<Table, Diagnostic> {
    let refuse = |message: String, help: &str| {
        Diagnostic::error(codes::DATA_SYNTAX, format!("{}: {message}", source.name))
            .at(Place::file(&source.name))
            .help(help)
    };
    let damaged = |why: String| {
        refuse(
            format!("it cannot be read as an Excel workbook: {why}"),
            "save it again, or export it as CSV",
        )
    };
    unpacked::weigh(source)?;
    let bytes: &[u8] = &source.bytes;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(e.to_string()))?;
    let sheets = book.sheet_names();
    let sheet = match (&reading.sheet, sheets.as_slice()) {
        (Some(named), sheets) if sheets.contains(&named.value) => named.value.clone(),
        (None, [only]) => only.clone(),
        (named, sheets) => {
            let what = named.as_ref().map_or_else(
                || String::from("it has several sheets"),
                |n| format!("it has no sheet `{}`", n.value),
            );
            let help = format!("write `sheet:` under `data`; there are: {}", sheets.join(", "));
            return Err(refuse(what, &help));
        }
    };
    let mut cells = book
        .worksheet_cells_reader(&sheet)
        .map_err(|e| damaged(e.to_string()))?;
    let mut sheet = Sheet::default();
    while let Some(cell) = cells
        .next_cell_with_formula_metadata()
        .map_err(|e| damaged(e.to_string()))?
    {
        let (row, column) = cell.pos;
        if cell.formula.is_some() && matches!(cell.value, DataRef::Empty) {
            return Err(refuse(
                format!("it holds a formula without its value in row {}", row + 1),
                "open it in a spreadsheet program, which computes the values, and save it again",
            ));
        }
        let text = text(&cell.value).ok_or_else(|| damaged(format!("a date in row {}", row + 1)))?;
        if text.is_empty() {
            continue;
        }
        if column as usize >= COLUMN_LIMIT {
            return Err(damaged(String::from("it has more than 20,000 columns")));
        }
        if matches!(cell.value, DataRef::Float(v) if v.abs() >= 9_007_199_254_740_992.0) {
            sheet.inexact.insert(column as usize);
        }
        sheet.put(row, column as usize, text).map_err(|()| {
            damaged(format!(
                "row {} has a cell beside the named columns, or out of order",
                row + 1
            ))
        })?;
    }
    sheet.table(source)
}

/// A cell as text; nothing if it is a date that the calendar does not have.
fn text(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Int(v) => v.to_string(),
        DataRef::Float(v) => v.to_string(),
        DataRef::String(v) => v.clone(),
        DataRef::SharedString(v) => (*v).to_owned(),
        DataRef::Bool(v) => v.to_string(),
        DataRef::DateTime(v) if v.is_duration() => v.as_f64().to_string(),
        DataRef::DateTime(v) if !(0.0..2_958_466.0).contains(&v.as_f64()) => return None,
        DataRef::DateTime(v) => {
            let (year, month, day, hour, minute, second, milli) = v.to_ymd_hms_milli();
            let month = i8::try_from(month).ok()?;
            let nano = i32::from(milli) * 1_000_000;
            let date =
                jiff::civil::Date::new(i16::try_from(year).ok()?, month, i8::try_from(day).ok()?).ok()?;
            let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
            let time = jiff::civil::Time::new(hour, minute, i8::try_from(second).ok()?, nano).ok()?;
            if v.as_f64() < 1.0 {
                return Some(time.to_string());
            }
            // Excel has no dates without a time: midnight is how it writes one.
            if time == jiff::civil::Time::midnight() {
                date.to_string()
            } else {
                date.to_datetime(time).to_string()
            }
        }
        DataRef::DateTimeIso(v) | DataRef::DurationIso(v) => v.clone(),
        DataRef::Error(v) => v.to_string(),
        DataRef::Empty => String::new(),
    })
}

/// The cells of a sheet in the order in which they stand.
#[derive(Default)]
struct Sheet {
    names: Vec<String>,
    header: Option<u32>,
    rows: Vec<(u32, Vec<String>)>,
    /// Columns of numbers that are too large to be told apart.
    inexact: BTreeSet<usize>,
}

impl Sheet {
    fn put(&mut self, row: u32, column: usize, text: String) -> Result<(), ()> {
        if *self.header.get_or_insert(row) == row {
            if column < self.names.len() {
                return Err(());
            }
            self.names.resize(column, String::new());
            self.names.push(text.trim().to_owned());
            return Ok(());
        }
        if self.rows.last().is_none_or(|(last, _)| *last < row) {
            self.rows.push((row, vec![String::new(); self.names.len()]));
        }
        let (last, cells) = self.rows.last_mut().ok_or(())?;
        let cell = cells.get_mut(column).ok_or(())?;
        if *last != row {
            return Err(());
        }
        *cell = text;
        Ok(())
    }

    fn table(self, source: &Source) -> Result<Table, Diagnostic> {
        let said = (0..self.names.len()).map(|position| ColumnFacts {
            inexact: self.inexact.contains(&position),
            ..ColumnFacts::default()
        });
        let said = said.collect();
        let mut text = Text::new(self.names);
        let lines: Vec<u64> = self.rows.iter().map(|(row, _)| u64::from(*row) + 1).collect();
        for (_, cells) in &self.rows {
            for (position, cell) in cells.iter().enumerate() {
                text.push(position, cell);
            }
            text.end_row();
        }
        Ok(Table {
            lines,
            ..text.table(source, Format::Excel, said)?
        })
    }
}
