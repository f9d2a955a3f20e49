//! The character between fields: the declared one, or the only one that gives every record as many fields as the header.

use super::record::Text;
use super::scan::{Scan, Start};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::spec::pipeline::{Reading, Separator};

/// # Errors
/// A001 where two characters would both do.
pub(super) fn separator(
    text: &str,
    header: Start,
    file: &str,
    reading: &Reading,
) -> Result<Separator, Diagnostic> {
    if let Some(declared) = &reading.separator {
        return Ok(declared.value);
    }
    let candidates: Vec<(Separator, usize)> = Separator::ALL
        .into_iter()
        .filter_map(|(_, separator)| Some((separator, fields(text, header, separator)?)))
        .filter(|(_, fields)| *fields > 1)
        .collect();
    let [first, _, ..] = candidates.as_slice() else {
        return Ok(candidates.first().map_or(Separator::Comma, |c| c.0));
    };
    let fitting = candidates.iter().filter(|(separator, fields)| {
        let scan = Scan::of_shape(cut(text, *separator), *fields);
        scan.rows(header, &[], file).is_ok()
    });
    let fitting: Vec<Separator> = fitting.map(|(s, _)| *s).collect();
    match fitting.as_slice() {
        [one] => Ok(*one),
        [] => Ok(first.0),
        several => Err(ambiguous(file, several)),
    }
}

pub(super) fn cut(text: &str, separator: Separator) -> Text<'_> {
    Text {
        text,
        separator: separator.byte(),
    }
}

fn fields(text: &str, header: Start, separator: Separator) -> Option<usize> {
    let read = cut(text, separator).record(header.byte, |_, _| {});
    read.ok().map(|extent| extent.fields)
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
