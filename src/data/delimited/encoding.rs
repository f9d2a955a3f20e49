//! The encoding of a text file: its byte-order mark's, UTF-8, or the one that its author names.
//!
//! Bytes that are not UTF-8 are read as Windows-1252, which holds Latin-1's characters, and the reader says so. Five
//! bytes mean nothing there: a file that has one is of another encoding, and is refused rather than guessed at.

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use crate::spec::pipeline::{Encoding, Reading};
use std::borrow::Cow;

/// A text with the encoding that it was read in.
pub(super) struct Decoded<'s> {
    pub text: Cow<'s, str>,
    pub encoding: Encoding,
    pub warning: Option<Diagnostic>,
}

/// Bytes that Windows-1252 leaves undefined.
const UNDEFINED: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// # Errors
/// S003 where the bytes are not of the declared encoding, or of none that can be told.
pub(super) fn decode<'s>(source: &'s Source, reading: &Reading) -> Result<Decoded<'s>, Diagnostic> {
    let bytes: &[u8] = &source.bytes;
    let declared = reading.encoding.as_ref().map(|e| e.value);
    if let (Some(declared), Some(marked)) = (declared, marked(bytes))
        && declared != marked
    {
        return Err(contradicted(source, declared, marked));
    }
    let (encoding, text) = match declared.or_else(|| marked(bytes)) {
        None if has_nul(bytes) => return Err(binary(source)),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Encoding::Utf8, Cow::Borrowed(text)),
            Err(_) => (Encoding::Windows1252, windows(source)?),
        },
        Some(encoding @ Encoding::Utf8) => (encoding, Cow::Borrowed(source.text()?)),
        Some(encoding @ Encoding::Utf16Le) => (encoding, utf16(source, encoding_rs::UTF_16LE)?),
        Some(encoding @ Encoding::Utf16Be) => (encoding, utf16(source, encoding_rs::UTF_16BE)?),
        Some(encoding @ Encoding::Windows1252) => (encoding, windows(source)?),
    };
    let guessed = declared.is_none() && encoding == Encoding::Windows1252;
    Ok(Decoded {
        text,
        encoding,
        warning: guessed.then(|| told(source)),
    })
}

fn marked(bytes: &[u8]) -> Option<Encoding> {
    [
        (&b"\xEF\xBB\xBF"[..], Encoding::Utf8),
        (b"\xFF\xFE", Encoding::Utf16Le),
        (b"\xFE\xFF", Encoding::Utf16Be),
    ]
    .into_iter()
    .find(|(mark, _)| bytes.starts_with(mark))
    .map(|(_, encoding)| encoding)
}

fn word(encoding: Encoding) -> &'static str {
    let named = Encoding::ALL.into_iter().find(|(_, e)| *e == encoding);
    named.map_or("", |(word, _)| word)
}

fn has_nul(bytes: &[u8]) -> bool {
    bytes.iter().take(1 << 16).any(|b| *b == 0)
}

fn binary(source: &Source) -> Diagnostic {
    let message = format!(
        "{} is a binary file, or UTF-16 without a byte-order mark",
        source.name
    );
    Diagnostic::error(codes::DATA_SYNTAX, message)
        .at(Place::file(&source.name))
        .help("write `encoding: utf-16le` or `utf-16be` under `data` if it is text, or its `format` if it is not")
}

/// A byte-order mark is no accident: read in another encoding, it would become the first letters of the first column's name.
fn contradicted(source: &Source, declared: Encoding, marked: Encoding) -> Diagnostic {
    let message = format!(
        "{} begins with the byte-order mark of {}, and is declared to be {}",
        source.name,
        word(marked),
        word(declared)
    );
    Diagnostic::error(codes::NOT_UTF8, message)
        .at(Place::file(&source.name))
        .help(format!(
            "write `encoding: {}` under `data`, or leave it out",
            word(marked)
        ))
}

fn utf16<'s>(
    source: &'s Source,
    encoding: &'static encoding_rs::Encoding,
) -> Result<Cow<'s, str>, Diagnostic> {
    let (text, broken) = encoding.decode_with_bom_removal(&source.bytes);
    if broken || !source.bytes.len().is_multiple_of(2) {
        let before = text.split('\u{FFFD}').next().unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        return Err(wrong(source, line, encoding.name()));
    }
    Ok(Cow::Owned(text.into_owned()))
}

fn windows(source: &Source) -> Result<Cow<'_, str>, Diagnostic> {
    if let Some(at) = source.bytes.iter().position(|b| UNDEFINED.contains(b)) {
        return Err(wrong(source, line_of(source, at), "UTF-8 or Windows-1252"));
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&source.bytes);
    Ok(text)
}

fn line_of(source: &Source, at: usize) -> usize {
    source.bytes.iter().take(at).filter(|b| **b == b'\n').count() + 1
}

fn wrong(source: &Source, line: usize, encoding: &str) -> Diagnostic {
    let mut place = Place::file(&source.name);
    place.line = line;
    Diagnostic::error(codes::NOT_UTF8, format!("{} is not {encoding} text", source.name))
        .at(place)
        .help("save the file as UTF-8, or name its `encoding` under `data`: utf-8, utf-16le, utf-16be or windows-1252")
}

fn told(source: &Source) -> Diagnostic {
    let at = source.bytes.iter().position(|b| *b >= 0x80).unwrap_or(0);
    let many = source.bytes.iter().filter(|b| **b >= 0x80).count();
    let mut place = Place::file(&source.name);
    place.line = line_of(source, at);
    let message = format!(
        "{} is not UTF-8: its {many} letters outside ASCII were read as Windows-1252 (Latin-1)",
        source.name
    );
    Diagnostic::warning(codes::READ_AS, message)
        .at(place)
        .help("write `encoding: windows-1252` under `data` if that is right, or name the right one")
}
