//! One exact pass over a CSV's bytes: where each record begins, and that all have the header's fields.
//!
//! polars pads short rows, cuts the file at stray quotes and counts no lines. Each of these would change data
//! in silence, so the shape of the file is settled here before polars reads a cell.

use crate::diagnostic::{Diagnostic, Place, codes};

/// A record: the byte it begins at, its line in the file, and its number of fields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub start: usize,
    pub line: u64,
    pub fields: usize,
    /// A line without a character.
    pub blank: bool,
}

/// The extents of all records.
pub(super) fn records(bytes: &[u8], separator: u8, file: &str) -> Result<Vec<Extent>, Diagnostic> {
    let mut found = Vec::new();
    let mut current = Extent {
        start: 0,
        line: 1,
        fields: 1,
        blank: true,
    };
    let (mut line, mut quoted, mut field_start, mut opened) = (1u64, false, true, 1u64);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' if quoted => {
                // A doubled quote closes and opens again at once, which leaves the state right.
                quoted = false;
            }
            b'"' if field_start || at.checked_sub(1).and_then(|p| bytes.get(p)) == Some(&b'"') => {
                quoted = true;
                opened = line;
            }
            b'\n' => {
                line += 1;
                if !quoted {
                    found.push(current);
                    current = Extent {
                        start: at + 1,
                        line,
                        fields: 1,
                        blank: true,
                    };
                    field_start = true;
                    continue;
                }
            }
            b if *b == separator && !quoted => {
                current.fields += 1;
                current.blank = false;
                field_start = true;
                continue;
            }
            _ => {}
        }
        if *byte != b'\r' {
            current.blank = false;
            field_start = false;
        }
    }
    if quoted {
        let mut place = Place::file(file);
        place.line = usize::try_from(opened).unwrap_or(1);
        return Err(
            Diagnostic::error(codes::DATA_SYNTAX, "a quoted field is never closed")
                .at(place)
                .help("close the quote; a quote inside a quoted field is written twice"),
        );
    }
    if current.start < bytes.len() {
        found.push(current);
    }
    Ok(found)
}

/// Rows that have other fields than the header, the first ten by line.
pub(super) fn ragged(records: &[Extent], expected: usize, file: &str) -> Option<Diagnostic> {
    let wrong: Vec<&Extent> = records
        .iter()
        .filter(|r| !r.blank && r.fields != expected)
        .collect();
    let first = wrong.first()?;
    let lines: Vec<String> = wrong
        .iter()
        .take(10)
        .map(|r| format!("{} ({})", r.line, r.fields))
        .collect();
    let mut place = Place::file(file);
    place.line = usize::try_from(first.line).unwrap_or(1);
    let message = format!(
        "{} rows have other than the header's {expected} fields: line (fields) {}{}",
        wrong.len(),
        lines.join(", "),
        if wrong.len() > 10 { ", …" } else { "" }
    );
    Some(
        Diagnostic::error(codes::RAGGED_ROW, message)
            .at(place)
            .help("export the file again; a separator or quote inside a field must be quoted"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(u64, usize, bool)> {
        records(text.as_bytes(), b',', "x.csv")
            .unwrap()
            .iter()
            .map(|r| (r.line, r.fields, r.blank))
            .collect()
    }

    #[test]
    fn counts_lines_and_fields_through_quotes() {
        assert_eq!(
            shape("a,b\r\n1,\"x\ny\"\r\n\"p\"\"q,\",2"),
            [(1, 2, false), (2, 2, false), (4, 2, false)]
        );
        assert_eq!(
            shape("a,b\n\n1,2\n"),
            [(1, 2, false), (2, 1, true), (3, 2, false)]
        );
        assert_eq!(shape("a\n5\"x\n"), [(1, 1, false), (2, 1, false)]);
        assert_eq!(shape(""), []);
    }

    #[test]
    fn an_open_quote_is_an_error_where_it_opens() {
        let found = records(b"a,b\n1,\"x\n2,3\n", b',', "x.csv").unwrap_err();
        assert_eq!(found.at.unwrap().line, 2);
    }
}
