//! What a packed file weighs when it is unpacked, before a reader unpacks it into memory.

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use std::io::{Cursor, Read};

/// What any file may unpack to.
const ROOM: u64 = 64 << 20;
/// How many times its own size a file may unpack to beside that. Spreadsheets of real studies stay below 30.
const TIMES: u64 = 100;

/// Unpacks a zip archive into nothing and counts its bytes. What its headers claim is not believed.
///
/// # Errors
/// A001 for an archive that cannot be unpacked; S002 for one that unpacks to far more than it weighs.
pub(super) fn weigh(source: &Source) -> Result<(), Diagnostic> {
    let damaged = |why: String| {
        Diagnostic::error(
            codes::DATA_SYNTAX,
            format!("{} cannot be unpacked: {why}", source.name),
        )
        .at(Place::file(&source.name))
        .help("save it again, or export it as CSV")
    };
    let bytes: &[u8] = &source.bytes;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(e.to_string()))?;
    let mut left = room(source);
    let mut buffer = vec![0; 1 << 16];
    for member in 0..archive.len() {
        let mut member = archive.by_index(member).map_err(|e| damaged(e.to_string()))?;
        loop {
            let read = member.read(&mut buffer).map_err(|e| damaged(e.to_string()))?;
            if read == 0 {
                break;
            }
            left = left
                .checked_sub(read as u64)
                .ok_or_else(|| too_large(source, "unpacks to far more than it weighs"))?;
        }
    }
    Ok(())
}

/// The bytes or cells that a file of this size may come to.
pub(super) fn room(source: &Source) -> u64 {
    (source.bytes.len() as u64)
        .saturating_mul(TIMES)
        .saturating_add(ROOM)
}

/// Holds the number of cells that a file claims, or comes to, to its size.
///
/// # Errors
/// S002 for more than a file of this size can sensibly hold.
pub(super) fn cells(source: &Source, rows: usize, columns: usize) -> Result<(), Diagnostic> {
    let cells = (rows as u64).saturating_mul(columns as u64);
    // A cell takes some eight bytes of its own in any plain file.
    if cells > room(source) / 8 {
        let what = format!(
            "claims {rows} rows of {columns} columns, far more than its {} bytes hold",
            source.bytes.len()
        );
        return Err(too_large(source, &what));
    }
    Ok(())
}

pub(super) fn too_large(source: &Source, what: &str) -> Diagnostic {
    Diagnostic::error(codes::FILE_TOO_LARGE, format!("{} {what}", source.name))
        .at(Place::file(&source.name))
        .help("if it is genuine, export it as CSV")
}

/// Holds what a Stata file of release 117 or later claims of its long strings to what it holds, since its reader makes room
/// for each before it looks for it.
///
/// # Errors
/// A001 for a long string that is longer than the file.
pub(super) fn long_strings(source: &Source) -> Result<(), Diagnostic> {
    const RELEASE: &[u8] = b"<stata_dta><header><release>";
    let bytes: &[u8] = &source.bytes;
    let Some(rest) = bytes.strip_prefix(RELEASE) else {
        return Ok(());
    };
    let head = if rest.starts_with(b"117") { 16 } else { 20 };
    let little = rest.get(..80).unwrap_or(rest).windows(3).any(|w| w == b"LSF");
    let starts = bytes.windows(7).enumerate().filter(|(_, w)| *w == b"<strls>");
    for (start, _) in starts {
        let mut at = start + 7;
        while bytes.get(at..at + 3) == Some(b"GSO") {
            let length = bytes
                .get(at + head - 4..at + head)
                .and_then(|l| <[u8; 4]>::try_from(l).ok());
            let length = length.map_or(
                u32::MAX,
                if little {
                    u32::from_le_bytes
                } else {
                    u32::from_be_bytes
                },
            );
            at = at.saturating_add(head).saturating_add(length as usize);
            if at > bytes.len() {
                let message = format!(
                    "{} claims a long string of {length} bytes, which it does not hold",
                    source.name
                );
                return Err(Diagnostic::error(codes::DATA_SYNTAX, message)
                    .at(Place::file(&source.name))
                    .help("save it again in Stata, or export it as CSV"));
            }
        }
    }
    Ok(())
}
