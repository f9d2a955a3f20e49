//! The text of a Word document: its body and its notes, without what was deleted.

use super::{SIZE_LIMIT, Text, unreadable};
use crate::diagnostic::Diagnostic;
use crate::source::Source;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The parts that hold text, in the order in which they are read.
const PARTS: [&str; 3] = ["word/document.xml", "word/footnotes.xml", "word/endnotes.xml"];
/// Elements whose content was deleted, is repeated for older programs, or is no text.
const SILENT: [&str; 6] = ["del", "moveFrom", "Fallback", "tabs", "sectPr", "instrText"];
/// Elements nested deeper than any document's.
const DEPTH: usize = 500;

/// Reads a document. Its lines are its paragraphs.
pub(super) fn read(source: &Source) -> Result<Text, Diagnostic> {
    let mut archive = ZipArchive::new(Cursor::new(&source.bytes[..]))
        .map_err(|_| unreadable(source, "is no Word document, or damaged"))?;
    let mut document = Document::default();
    let mut left = SIZE_LIMIT;
    for part in PARTS {
        let Ok(entry) = archive.by_name(part) else {
            continue;
        };
        let mut xml = String::new();
        let read = entry.take(left + 1).read_to_string(&mut xml);
        let length =
            read.map_err(|_| unreadable(source, &format!("is damaged: {part} cannot be unpacked")))?;
        left = left
            .checked_sub(length as u64)
            .ok_or_else(|| unreadable(source, "unpacks to more text than any manuscript has"))?;
        document
            .part(&xml)
            .map_err(|why| unreadable(source, &format!("is damaged: {part}: {why}")))?;
    }
    if document.parts == 0 {
        return Err(unreadable(
            source,
            "is no Word document: it has no word/document.xml",
        ));
    }
    Ok(document.out)
}

#[derive(Default)]
struct Document {
    out: Text,
    parts: usize,
    paragraph: usize,
    /// Open elements.
    depth: usize,
    /// Since which depth nothing is read.
    silent: Option<usize>,
    /// Whether a text element is open.
    text: bool,
    cells: usize,
    raised: bool,
    /// Of the formula that is open.
    parentheses: Vec<Parentheses>,
}

/// A formula's parentheses, which are no text of it.
struct Parentheses {
    /// Of their own element.
    depth: usize,
    before: String,
    after: String,
    opened: bool,
}

impl Document {
    fn part(&mut self, xml: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(xml);
        self.parts += 1;
        self.depth = 0;
        loop {
            match reader.read_event().map_err(|e| e.to_string())? {
                Event::Eof => break,
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH {
                        return Err(String::from("its elements are nested too deep"));
                    }
                    self.opens(&start, true);
                }
                Event::Empty(start) => self.opens(&start, false),
                Event::End(end) => {
                    self.closes(end.local_name().into_inner());
                    self.depth = self.depth.saturating_sub(1);
                }
                Event::Text(text) => self.says(&text.xml_content(XmlVersion::Implicit1_0)),
                Event::GeneralRef(reference) => self.says(&character(&reference)),
                _ => {}
            }
        }
        match self.depth {
            0 => Ok(()),
            _ => Err(String::from("it ends before its elements do")),
        }
    }

    fn push(&mut self, c: char) {
        self.out.push(c, self.paragraph + 1);
    }

    /// An opening parenthesis stands before the first element of its own, a comma before the others.
    fn element(&mut self) {
        let depth = self.depth;
        let Some(own) = self.parentheses.last_mut().filter(|own| own.depth + 1 == depth) else {
            return;
        };
        let sign = if own.opened {
            String::from(",")
        } else {
            own.before.clone()
        };
        own.opened = true;
        sign.chars().for_each(|c| self.push(c));
    }

    fn opens(&mut self, start: &BytesStart<'_>, has_content: bool) {
        let name = start.local_name().into_inner();
        if self.silent.is_some() {
            return;
        }
        match name {
            name if SILENT.contains(&name) && has_content => self.silent = Some(self.depth),
            "t" => self.text = has_content,
            "tab" => self.push('\t'),
            "br" | "cr" => self.push(' '),
            "noBreakHyphen" => self.push('-'),
            "sup" => self.push('^'),
            "den" => self.push('/'),
            "d" if has_content => self.parentheses.push(Parentheses {
                depth: self.depth,
                before: String::from("("),
                after: String::from(")"),
                opened: false,
            }),
            "begChr" | "endChr" => {
                let sign = value(start, "val").unwrap_or_default();
                if let Some(own) = self.parentheses.last_mut() {
                    match name {
                        "begChr" => own.before = sign,
                        _ => own.after = sign,
                    }
                }
            }
            "e" => self.element(),
            "tc" => self.cells += usize::from(has_content),
            "vertAlign" => self.raised = value(start, "val").as_deref() == Some("superscript"),
            "sym" => {
                if let Some(c) = value(start, "char").and_then(|code| symbol(&code)) {
                    self.push(c);
                }
            }
            _ => {}
        }
    }

    fn closes(&mut self, name: &str) {
        if let Some(depth) = self.silent {
            if depth == self.depth {
                self.silent = None;
            }
            return;
        }
        match name {
            "t" => self.text = false,
            "r" => self.raised = false,
            "d" => {
                let after = self.parentheses.pop().map(|own| own.after).unwrap_or_default();
                after.chars().for_each(|c| self.push(c));
            }
            "p" if self.cells > 0 => self.push(' '),
            "p" => {
                self.push('\n');
                self.push('\n');
                self.paragraph += 1;
            }
            "tc" => {
                self.cells = self.cells.saturating_sub(1);
                self.push('\t');
            }
            "tr" => {
                self.push('\n');
                self.paragraph += 1;
            }
            _ => {}
        }
    }

    fn says(&mut self, text: &str) {
        if !self.text || self.silent.is_some() || text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.raised) {
            self.push('^');
        }
        text.chars().for_each(|c| self.push(c));
    }
}

/// A character reference, or one of XML's own five; any other entity stands for nothing.
fn character(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => String::from(c),
        _ => quick_xml::escape::resolve_xml_entity(reference)
            .unwrap_or_default()
            .to_owned(),
    }
}

fn value(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = start.attributes();
    let mut all = all.with_checks(false).flatten();
    let found = all.find(|a| a.key.local_name().into_inner() == name);
    found.map(|a| a.value.into_owned())
}

/// A character of the font Symbol.
fn symbol(code: &str) -> Option<char> {
    Some(match u32::from_str_radix(code, 16).ok()? & 0xFF {
        0x62 => 'β',
        0x63 => 'χ',
        0x68 => 'η',
        0x2D => '-',
        0x3C => '<',
        0x3D => '=',
        0x3E => '>',
        0xA3 => '≤',
        0xB3 => '≥',
        0xB4 => '×',
        _ => return None,
    })
}
