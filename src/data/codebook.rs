//! What the codebook does not know of a column, in words.

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::record::{CodebookFacts, CodebookKind};

/// A warning about the cells, with the first of them and how many there are.
pub fn warning(facts: &CodebookFacts) -> Diagnostic {
    let (code, what) = match facts.kind {
        CodebookKind::UnregisteredLevel => (codes::CODEBOOK, "levels that are not registered"),
        CodebookKind::OutOfRange => (codes::CODEBOOK, "numbers beyond the registered scale"),
        CodebookKind::OwnColumnPassedOver => (
            codes::CODEBOOK,
            "read from another column than the file's own of that name",
        ),
        CodebookKind::PatternMismatch => (codes::PATTERN, "texts that do not match the registered pattern"),
        CodebookKind::NotWhole => (codes::PATTERN, "fractions where whole numbers are registered"),
    };
    let mut message = format!(
        "{} cells of `{}` (variable `{}`) are {what}",
        facts.count, facts.column, facts.variable
    );
    let shown = facts
        .rows
        .iter()
        .map(|r| format!("line {}: '{}'", r.line, r.value));
    let shown: Vec<String> = shown.collect();
    if !shown.is_empty() {
        message.push_str(&format!(": {}", shown.join(", ")));
        if facts.count > facts.rows.len() as u64 {
            message.push_str(", …");
        }
    }
    let mut place = Place::file(&facts.file);
    let first = facts.rows.first().and_then(|r| usize::try_from(r.line).ok());
    place.line = first.unwrap_or(1);
    place.column = usize::try_from(facts.field).unwrap_or(1);
    Diagnostic::warning(code, message).at(place).help(format!(
        "map them under data.values, declare them under data.missing_codes: {{{}: […]}}, or correct the codebook before it is locked",
        facts.variable
    ))
}
