//! One record of a text with separated fields (RFC 4180), from a byte on.
//!
//! A quote opens a field only at its very beginning; elsewhere it is a letter like any other (`5" pipe`). Inside quotes a
//! quote is written twice. What follows a closing quote other than spaces would be cut or glued by one program or another,
//! and is refused.

use std::borrow::Cow;

/// A text and what separates its fields.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub text: &'t str,
    pub separator: u8,
}

/// A field as it stands: without its quotes, doubled quotes not yet made one.
pub(super) struct Field<'t> {
    pub text: &'t str,
    pub doubled: bool,
}

impl<'t> Field<'t> {
    pub fn cell(&self) -> Cow<'t, str> {
        if self.doubled {
            Cow::Owned(self.text.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(self.text)
        }
    }
}

/// What a record was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    /// The byte after it and its line end.
    pub next: usize,
    pub fields: usize,
    /// Line ends in it, its own among them.
    pub lines: u64,
    /// A line without a character.
    pub blank: bool,
}

/// Why a record cannot be read, and on which of its lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Broken {
    /// The quote that opens here is never closed.
    Open(u64),
    /// Something follows a closing quote.
    Trailing(u64),
}

impl Broken {
    /// The same, so many lines further down.
    pub fn after(self, lines: u64) -> Broken {
        match self {
            Broken::Open(line) => Broken::Open(lines + line),
            Broken::Trailing(line) => Broken::Trailing(lines + line),
        }
    }
}

/// Where a field ends: its line end or separator, if it has one.
struct Stop {
    at: usize,
    byte: Option<u8>,
}

impl<'t> Text<'t> {
    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    /// Reads the record that begins at `start`, handing on each field with its position; none of a blank one.
    pub fn record(&self, start: usize, mut each: impl FnMut(usize, Field<'t>)) -> Result<Extent, Broken> {
        let (mut at, mut fields, mut lines, mut blank) = (start, 0, 0, true);
        loop {
            let stop = if self.bytes().get(at) == Some(&b'"') {
                blank = false;
                let (field, stop) = self.quoted(at + 1, lines)?;
                lines += line_ends(field.text);
                each(fields, field);
                stop
            } else {
                let stop = self.plain(at);
                let mut text = self.slice(at, stop.at);
                if stop.byte != Some(self.separator) {
                    text = text.strip_suffix('\r').unwrap_or(text);
                }
                blank &= text.is_empty() && stop.byte != Some(self.separator);
                if !blank {
                    each(fields, Field { text, doubled: false });
                }
                stop
            };
            fields += 1;
            at = stop.at + 1;
            match stop.byte {
                Some(byte) if byte == self.separator => {}
                end => {
                    return Ok(Extent {
                        next: if end.is_some() { at } else { stop.at },
                        fields,
                        lines: lines + u64::from(end.is_some()),
                        blank,
                    });
                }
            }
        }
    }

    fn plain(&self, start: usize) -> Stop {
        let rest = self.bytes().get(start..).unwrap_or_default();
        match rest.iter().position(|b| *b == self.separator || *b == b'\n') {
            Some(length) => Stop {
                at: start + length,
                byte: rest.get(length).copied(),
            },
            None => Stop {
                at: self.text.len(),
                byte: None,
            },
        }
    }

    /// The field whose opening quote stands before `start`.
    fn quoted(&self, start: usize, lines: u64) -> Result<(Field<'t>, Stop), Broken> {
        let bytes = self.bytes();
        let (mut at, mut doubled) = (start, false);
        let close = loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let length = rest.iter().position(|b| *b == b'"').ok_or(Broken::Open(lines))?;
            if rest.get(length + 1) != Some(&b'"') {
                break at + length;
            }
            doubled = true;
            at += length + 2;
        };
        let field = Field {
            text: self.slice(start, close),
            doubled,
        };
        let stop = self.plain(close + 1);
        let after = self.slice(close + 1, stop.at);
        if after.trim_end_matches('\r').trim_matches(' ').is_empty() {
            Ok((field, stop))
        } else {
            Err(Broken::Trailing(lines + line_ends(field.text)))
        }
    }
}

fn line_ends(text: &str) -> u64 {
    text.bytes().filter(|b| *b == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<String>, Extent), Broken> {
        let mut cells = Vec::new();
        let text = Text {
            text,
            separator: b',',
        };
        let extent = text.record(0, |at, field| {
            assert_eq!(at, cells.len());
            cells.push(field.cell().into_owned());
        })?;
        Ok((cells, extent))
    }

    #[test]
    fn fields_stand_as_they_were_written() {
        for (text, expected, lines, next) in [
            ("a,b\nc", &["a", "b"][..], 1, 4),
            ("a,b\r\nc", &["a", "b"], 1, 5),
            ("a,", &["a", ""], 0, 2),
            ("\"a,\"\"b\"\"\",\"c\r\nd\"\r\n", &["a,\"b\"", "c\r\nd"], 2, 18),
            ("\"a\" ,b", &["a", "b"], 0, 6),
            ("5\"x,\"\"", &["5\"x", ""], 0, 6),
            (" \"a\",b\"\"\n", &[" \"a\"", "b\"\""], 1, 9),
            ("a\rb\n", &["a\rb"], 1, 4),
            ("\"\"\n", &[""], 1, 3),
        ] {
            let (cells, extent) = read(text).unwrap();
            assert_eq!(cells, expected, "{text:?}");
            assert_eq!((extent.lines, extent.next), (lines, next), "{text:?}");
            assert!(!extent.blank, "{text:?}");
        }
        assert!(read("\n").unwrap().1.blank && read("\r\nx").unwrap().1.blank);
    }

    #[test]
    fn what_cannot_be_cut_into_fields_is_refused_on_its_line() {
        for (text, broken) in [
            ("a,\"b\nc\n", Broken::Open(0)),
            ("\"a\nb\",\"c", Broken::Open(1)),
            ("\"a\"b,c\n", Broken::Trailing(0)),
            ("\"a\n\"\tb", Broken::Trailing(1)),
            ("\"a\" \"b\"", Broken::Trailing(0)),
        ] {
            assert_eq!(read(text).unwrap_err(), broken, "{text:?}");
        }
    }
}
