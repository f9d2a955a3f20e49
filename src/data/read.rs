//! Bytes to a table of text cells, by the file's format: the one that the pipeline names, or the one it shows.

use super::table::Table;
use super::{arrow_file, delimited, excel, foreign, spss, stata};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::{Format, Reading};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Once;

/// The columns of a file whose cells are kept. Rows are checked whole, whatever is kept of them.
#[derive(Clone, Debug)]
pub enum Wanted {
    All,
    /// By the name in the file.
    Named(BTreeSet<String>),
}

impl Wanted {
    pub fn has(&self, name: &str) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Named(names) => names.contains(name),
        }
    }
}

/// Reads a data file, or says why it cannot be one.
///
/// # Errors
/// A001 where the bytes are not of the format; A002 without rows; what the format's reader refuses.
pub fn read(source: &Source, reading: &Reading) -> Result<Table, Vec<Diagnostic>> {
    read_columns(source, reading, &Wanted::All)
}

/// [`read`], of which only the wanted columns can be asked for.
///
/// # Errors
/// As [`read`].
pub fn read_columns(source: &Source, reading: &Reading, wanted: &Wanted) -> Result<Table, Vec<Diagnostic>> {
    if source.bytes.is_empty() {
        return Err(vec![
            Diagnostic::error(codes::DATA_EMPTY, format!("{} is empty", source.name))
                .at(Place::file(&source.name))
                .help("export the data again"),
        ]);
    }
    foreign::refuse(source).map_err(|d| vec![d])?;
    let one = |read: Result<Table, Diagnostic>| read.map_err(|d| vec![d]);
    let format = reading.format.as_ref().map(|f| f.value).or_else(|| shown(source));
    match format {
        Some(Format::Csv | Format::Qualtrics | Format::Limesurvey | Format::Redcap) | None => {
            delimited::read(source, reading, wanted)
        }
        Some(Format::Stata) => guarded(source, || one(stata::read(source, reading))),
        Some(Format::Spss) => guarded(source, || one(spss::read(source))),
        Some(Format::Excel) => guarded(source, || one(excel::read(source, reading))),
        Some(format @ (Format::Parquet | Format::Arrow)) => {
            guarded(source, || one(arrow_file::read(source, format)))
        }
    }
}

/// The format of a file that is no text, by its first bytes or its name's ending.
fn shown(source: &Source) -> Option<Format> {
    let name = source.name.to_ascii_lowercase();
    FORMATS
        .into_iter()
        .find(|(mark, ending, _)| source.bytes.starts_with(mark) || name.ends_with(ending))
        .map(|(_, _, format)| format)
}

/// What files of a format begin with, and how their names end.
const FORMATS: [(&[u8], &str, Format); 7] = [
    (b"<stata_dta>", ".dta", Format::Stata),
    (b"$FL2", ".sav", Format::Spss),
    (b"$FL3", ".zsav", Format::Spss),
    (b"PAR1", ".parquet", Format::Parquet),
    (b"ARROW1", ".arrow", Format::Arrow),
    (b"ARROW1", ".feather", Format::Arrow),
    (b"PK\x03\x04", ".xlsx", Format::Excel),
];

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader of a binary format. What it cannot bear in a damaged file is a diagnostic here, not an end.
fn guarded(
    source: &Source,
    read: impl FnOnce() -> Result<Table, Vec<Diagnostic>>,
) -> Result<Table, Vec<Diagnostic>> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = std::panic::catch_unwind(AssertUnwindSafe(read));
    QUIET.set(false);
    outcome.unwrap_or_else(|_| {
        let message = format!("{} is damaged: its reader gave up on it", source.name);
        Err(vec![
            Diagnostic::error(codes::DATA_SYNTAX, message)
                .at(Place::file(&source.name))
                .help("save the file again with the program that made it, or export it as CSV"),
        ])
    })
}
