//! The character between fields: the declared one, or the only one that gives every record as many fields as the header.

use super::super::table::COLUMN_LIMIT;
use super::scan::{self, Extent};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::spec::pipeline::{Reading, Separator};

/// A file's records, and what separates their fields.
pub(super) struct Shape {
    pub separator: Separator,
    pub records: Vec<Extent>,
}

/// # Errors
/// A001 for a quote that is never closed, or where two characters would both do; A007 where none does.
pub(super) fn shape(bytes: &[u8], file: &str, reading: &Reading) -> Result<Shape, Diagnostic> {
    if let Some(declared) = &reading.separator {
        return whole(bytes, file, declared.value);
    }
    let header = scan::records(head(bytes), Separator::Comma.byte(), file)
        .ok()
        .and_then(|r| r.into_iter().find(|r| !r.blank));
    let start = header.map_or(0, |h| h.start);
    let first = bytes.get(start..).unwrap_or_default();
    let in_header = |separator: &Separator| fields_of_first(first, separator.byte()) > 1;
    let candidates: Vec<Separator> = Separator::ALL
        .map(|(_, s)| s)
        .into_iter()
        .filter(in_header)
        .collect();
    match candidates.as_slice() {
        [] => whole(bytes, file, Separator::Comma),
        [one] => whole(bytes, file, *one),
        several => {
            let mut fitting: Vec<Shape> = several
                .iter()
                .filter_map(|s| whole(bytes, file, *s).ok())
                .collect();
            match (fitting.pop(), fitting.is_empty()) {
                (Some(shape), true) => Ok(shape),
                (Some(_), false) => Err(ambiguous(file, several)),
                (None, _) => whole(bytes, file, several.first().copied().unwrap_or(Separator::Comma)),
            }
        }
    }
}

fn whole(bytes: &[u8], file: &str, separator: Separator) -> Result<Shape, Diagnostic> {
    let records = scan::records(bytes, separator.byte(), file)?;
    let records: Vec<Extent> = records.into_iter().filter(|r| !r.blank).collect();
    if let Some(header) = records.first()
        && header.fields <= COLUMN_LIMIT
        && let Some(ragged) = scan::ragged(&records, header.fields, file)
    {
        return Err(ragged);
    }
    Ok(Shape { separator, records })
}

/// Enough of a file to hold its header.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..1 << 20).unwrap_or(bytes)
}

fn fields_of_first(bytes: &[u8], separator: u8) -> usize {
    let (mut fields, mut quoted) = (1, false);
    for byte in bytes {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b if *b == separator && !quoted => fields += 1,
            _ => {}
        }
    }
    fields
}

fn ambiguous(file: &str, several: &[Separator]) -> Diagnostic {
    let words: Vec<&str> = several.iter().map(|s| s.word()).collect();
    let message = format!(
        "{file} can be read with more than one separator: {}",
        words.join(", ")
    );
    Diagnostic::error(codes::DATA_SYNTAX, message)
        .at(Place::file(file))
        .help("write `separator:` under `data`")
}
