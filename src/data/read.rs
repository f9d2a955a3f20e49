//! Bytes to a table of text cells, by the file's format: the one that the pipeline names, or the one it shows.

use super::delimited;
use super::table::Table;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::Reading;

/// Reads a data file, or says why it cannot be one.
///
/// # Errors
/// A001 where the bytes are not of the format; A002 without rows; what the format's reader refuses.
pub fn read(source: &Source, reading: &Reading) -> Result<Table, Vec<Diagnostic>> {
    if source.bytes.is_empty() {
        return Err(vec![
            Diagnostic::error(codes::DATA_EMPTY, format!("{} is empty", source.name))
                .at(Place::file(&source.name))
                .help("export the data again"),
        ]);
    }
    delimited::read(source, reading)
}
