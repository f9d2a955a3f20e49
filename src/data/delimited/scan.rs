//! The rows of a text with separated fields: every one is held to the header's fields, the wanted columns are kept.
//!
//! The text is cut at line ends and its parts are read on all processors. A part is believed only if the one before it
//! ended where it begins: else its line end stood inside quotes, and it is read again from where its rows do begin.

use super::super::cells::Cells;
use super::super::parallel;
use super::super::read::Wanted;
use super::record::{Broken, Text};
use crate::diagnostic::{Diagnostic, Place, codes};

/// Bytes of a part.
const PART: usize = 4 << 20;
/// How far beyond its end a part is read for the rest of its last row, before it is known to begin right.
const BEYOND: usize = 1 << 16;
/// Rows that are named in a message.
const NAMED: usize = 10;

/// What the rows are read for.
pub(super) struct Scan<'t> {
    text: Text<'t>,
    /// As many as every row must have.
    fields: usize,
    /// By position, where the column stands among those that are kept.
    slots: Vec<Option<usize>>,
    kept: usize,
}

/// The rows' cells by kept column, and the line on which each begins.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Rows {
    pub cells: Vec<Cells>,
    pub lines: Vec<u64>,
    /// Line and fields of the first rows that have another number of fields than they must.
    ragged: Vec<(u64, usize)>,
    ragged_count: u64,
}

/// The rows of a part. Lines are counted from its beginning.
#[derive(Default)]
struct Part {
    rows: Rows,
    from: usize,
    next: usize,
    lines: u64,
    broken: Option<Broken>,
}

/// Where a text's rows begin, by byte and line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub byte: usize,
    pub line: u64,
}

impl<'t> Scan<'t> {
    /// For the wanted ones of the columns.
    pub fn of(text: Text<'t>, names: &[String], wanted: &Wanted) -> Scan<'t> {
        let mut kept = 0;
        let slots = names.iter().map(|name| {
            wanted.has(name).then(|| {
                kept += 1;
                kept - 1
            })
        });
        Scan {
            slots: slots.collect(),
            text,
            fields: names.len(),
            kept,
        }
    }

    /// For nothing but the number of fields.
    pub fn of_shape(text: Text<'t>, fields: usize) -> Scan<'t> {
        Scan {
            text,
            fields,
            slots: Vec::new(),
            kept: 0,
        }
    }

    /// The kept columns' positions among all.
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        let all = self.slots.iter().enumerate();
        all.filter(|(_, slot)| slot.is_some())
            .map(|(position, _)| position)
    }

    /// The rows, where the headers above them have these lines and numbers of fields.
    ///
    /// # Errors
    /// A001 for a quote where none can stand; A007 for rows of other lengths.
    pub fn rows(&self, start: Start, above: &[(u64, usize)], file: &str) -> Result<Rows, Diagnostic> {
        let rows = self
            .rows_in(start, PART)
            .map_err(|broken| misquoted(broken, file))?;
        let headers: Vec<(u64, usize)> = above.iter().filter(|(_, n)| *n != self.fields).copied().collect();
        let count = rows.ragged_count + headers.len() as u64;
        let wrong: Vec<(u64, usize)> = headers.into_iter().chain(rows.ragged.iter().copied()).collect();
        match ragged(&wrong, count, self.fields, file) {
            Some(diagnostic) => Err(diagnostic),
            None => Ok(rows),
        }
    }

    /// The rows, read in parts of so many bytes.
    fn rows_in(&self, start: Start, size: usize) -> Result<Rows, Broken> {
        let bounds = self.bounds(start.byte, size);
        let end = self.text.text.len();
        let until = |part: usize| bounds.get(part + 1).copied().unwrap_or(end);
        let parts = parallel::over(bounds.len(), &|part| {
            let from = bounds.get(part).copied().unwrap_or(end);
            let limit = self.text.text.floor_char_boundary(until(part) + BEYOND);
            let text = self.text.text.get(..limit).unwrap_or(self.text.text);
            let read = self.part(Text { text, ..self.text }, from, until(part));
            let whole = limit >= end || (read.broken.is_none() && read.next < limit);
            whole.then_some(read)
        });
        let mut all = Rows {
            cells: vec![Cells::default(); self.kept],
            ..Rows::default()
        };
        let (mut at, mut line) = (start.byte, start.line);
        for (position, part) in parts.into_iter().enumerate() {
            if at >= until(position) {
                continue;
            }
            let part = part
                .filter(|p| p.from == at)
                .unwrap_or_else(|| self.part(self.text, at, until(position)));
            if let Some(broken) = part.broken {
                return Err(broken.after(line));
            }
            at = part.next;
            all.append(part.rows, line);
            line += part.lines;
        }
        Ok(all)
    }

    /// The bytes after line ends at which parts begin.
    fn bounds(&self, start: usize, size: usize) -> Vec<usize> {
        let bytes = self.text.text.as_bytes();
        let mut bounds = vec![start];
        let mut at = start + size;
        while at < bytes.len() {
            let ahead = bytes
                .get(at - 1..(at + size).min(bytes.len()))
                .unwrap_or_default();
            if let Some(length) = ahead.iter().position(|b| *b == b'\n') {
                at += length;
                bounds.push(at);
            }
            at += size;
        }
        bounds
    }

    /// The rows that begin from a byte on and before another.
    fn part(&self, text: Text<'_>, from: usize, until: usize) -> Part {
        let mut part = Part {
            from,
            next: from,
            ..Part::default()
        };
        let mut cells = vec![Cells::default(); self.kept];
        while part.next < until {
            let read = text.record(part.next, |position, field| {
                let slot = self.slots.get(position).copied().flatten();
                if let Some(cells) = slot.and_then(|s| cells.get_mut(s)) {
                    cells.push(&field.cell());
                }
            });
            let extent = match read {
                Ok(extent) => extent,
                Err(broken) => {
                    part.broken = Some(broken.after(part.lines));
                    break;
                }
            };
            if !extent.blank {
                part.rows.lines.push(part.lines);
                if extent.fields != self.fields {
                    part.rows.ragged_count += 1;
                    if part.rows.ragged.len() < NAMED {
                        part.rows.ragged.push((part.lines, extent.fields));
                    }
                }
            }
            part.lines += extent.lines;
            part.next = extent.next;
        }
        part.rows.cells = cells;
        part
    }
}

impl Rows {
    /// These rows, then more that begin after `line` lines.
    fn append(&mut self, more: Rows, line: u64) {
        for (cells, more) in self.cells.iter_mut().zip(more.cells) {
            cells.append(more);
        }
        self.lines.extend(more.lines.iter().map(|l| line + l));
        self.ragged_count += more.ragged_count;
        let named = more.ragged.iter().map(|(l, fields)| (line + l, *fields));
        self.ragged.extend(named);
        self.ragged.truncate(NAMED);
    }
}

pub(super) fn misquoted(broken: Broken, file: &str) -> Diagnostic {
    let (line, message, help) = match broken {
        Broken::Open(line) => (
            line,
            "a quoted field is never closed",
            "close the quote; a quote inside a quoted field is written twice",
        ),
        Broken::Trailing(line) => (
            line,
            "a quoted field goes on after its closing quote",
            "quote the field as a whole; a quote inside a quoted field is written twice",
        ),
    };
    let mut place = Place::file(file);
    place.line = usize::try_from(line).unwrap_or(1);
    Diagnostic::error(codes::DATA_SYNTAX, message)
        .at(place)
        .help(help)
}

/// Rows that have other fields than the header, the first ten by line.
fn ragged(wrong: &[(u64, usize)], count: u64, expected: usize, file: &str) -> Option<Diagnostic> {
    let (first, _) = wrong.first()?;
    let lines: Vec<String> = wrong
        .iter()
        .take(NAMED)
        .map(|(line, fields)| format!("{line} ({fields})"))
        .collect();
    let mut place = Place::file(file);
    place.line = usize::try_from(*first).unwrap_or(1);
    let message = format!(
        "{count} rows have other than the header's {expected} fields: line (fields) {}{}",
        lines.join(", "),
        if count > NAMED as u64 { ", …" } else { "" }
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
    use proptest::prelude::*;

    fn read(text: &str, size: usize) -> Result<Rows, Broken> {
        let names = ["a", "b"].map(String::from);
        let text = Text {
            text,
            separator: b',',
        };
        Scan::of(text, &names, &Wanted::All).rows_in(Start { byte: 0, line: 5 }, size)
    }

    #[test]
    fn rows_are_counted_by_line_through_quotes_and_blank_lines() {
        let rows = read("1,2\r\n\r\n\"x\ny\",\"\"\n\n3\n4,5,6", 3).unwrap();
        assert_eq!(rows.lines, [5, 7, 10, 11]);
        assert_eq!(
            (rows.ragged.as_slice(), rows.ragged_count),
            (&[(10, 1), (11, 3)][..], 2)
        );
        assert_eq!(rows.cells[0].iter().collect::<Vec<_>>(), ["1", "x\ny", "3", "4"]);
        assert_eq!(read("1,2\n3,\"4\n5,6\n", 3), Err(Broken::Open(6)));
        assert_eq!(read("1,2\n\"3\n\"x,4\n", 1), Err(Broken::Trailing(7)));
    }

    #[test]
    fn a_row_longer_than_a_part_and_its_margin_is_read_whole() {
        let long = format!("1,\"{}\"\n2,3\n", "x\n,".repeat(BEYOND));
        let rows = read(&long, 64).unwrap();
        assert_eq!(rows.lines, [5, 6 + BEYOND as u64]);
        assert_eq!(rows.cells[1].get(0).unwrap().len(), 3 * BEYOND);
        assert_eq!(rows.cells[1].get(1), Some("3"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn parts_of_any_size_give_the_rows_of_the_whole(text in "[ab,\"\n\rö]{0,60}", size in 1usize..40) {
            let (whole, parts) = (read(&text, 1000), read(&text, size));
            match (&whole, &parts) {
                (Ok(whole), Ok(parts)) => {
                    for (whole, parts) in whole.cells.iter().zip(&parts.cells) {
                        prop_assert!(whole.iter().eq(parts.iter()));
                    }
                    prop_assert_eq!(&whole.lines, &parts.lines);
                    prop_assert_eq!(&whole.ragged, &parts.ragged);
                    prop_assert_eq!(whole.ragged_count, parts.ragged_count);
                }
                _ => prop_assert_eq!(whole.is_err(), parts.is_err()),
            }
            if let (Err(whole), Err(parts)) = (whole, parts) {
                prop_assert_eq!(whole, parts);
            }
        }

        #[test]
        fn what_a_writer_quotes_is_read_back(rows in proptest::collection::vec(("[ab,\"\n\rö ]{0,6}", "[ab,\"\n\rö ]{0,6}"), 1..8), size in 1usize..40) {
            let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
            let text: String = rows.iter().map(|(a, b)| format!("{},{}\r\n", quoted(a), quoted(b))).collect();
            let read = read(&text, size).unwrap();
            prop_assert_eq!(read.lines.len(), rows.len());
            for (row, (a, b)) in rows.iter().enumerate() {
                prop_assert_eq!((read.cells[0].get(row), read.cells[1].get(row)), (Some(a.as_str()), Some(b.as_str())));
            }
        }
    }
}
