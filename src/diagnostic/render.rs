//! The terminal view of a diagnostic.

use super::{Diagnostic, Place, Severity, Side};

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    Plain,
    Colour,
}

impl Palette {
    pub fn paint(self, style: &str, text: &str) -> String {
        match self {
            Palette::Plain => text.to_owned(),
            Palette::Colour => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        }
    }
}

/// Widest excerpt of a source line, in characters.
const EXCERPT: usize = 100;

/// Text from a study, with everything a terminal would obey made visible: control characters,
/// escape sequences and the marks that turn the reading direction.
pub fn clean(text: &str) -> String {
    let hostile = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars()
        .map(|c| if hostile(c) { '\u{FFFD}' } else { c })
        .collect()
}

/// A diagnostic as lines of text, ending in a newline.
pub fn render(diagnostic: &Diagnostic, palette: Palette) -> String {
    let (word, style) = match diagnostic.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
        Severity::Note => ("note", "1;34"),
    };
    let head = palette.paint(
        style,
        &format!("{word} {} {}", diagnostic.code.id, diagnostic.code.slug),
    );
    let mut out = format!("{head}: {}\n", clean(&diagnostic.message));
    if let Some(place) = &diagnostic.at {
        out.push_str(&excerpt(place, palette));
    }
    for (name, side) in [
        ("executed", &diagnostic.executed),
        ("registered", &diagnostic.registered),
    ] {
        if let Some(Side { at, what }) = side {
            let at = at.as_ref().map(|at| clean(&at.to_string())).unwrap_or_default();
            out.push_str(&format!("  {name:<11} {at:<40} {}\n", clean(what)));
        }
    }
    if let Some(help) = &diagnostic.help {
        out.push_str(&format!("  {}: {}\n", palette.paint("1;36", "help"), clean(help)));
    }
    out
}

/// The place, the line that stands there, and its underline.
fn excerpt(place: &Place, palette: Palette) -> String {
    let mut out = format!(
        "  {} {}\n",
        palette.paint("1;34", "-->"),
        clean(&place.to_string())
    );
    if place.text.trim().is_empty() {
        return out;
    }
    let characters: Vec<char> = place
        .text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect();
    let start = place.column.saturating_sub(1);
    let from = if start + 20 > EXCERPT {
        start.saturating_sub(30)
    } else {
        0
    };
    let shown: String = characters.iter().skip(from).take(EXCERPT).collect();
    let width = place.width.clamp(1, EXCERPT.saturating_sub(start - from).max(1));
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let bar = palette.paint("1;34", "|");
    let marks = palette.paint("1;31", &"^".repeat(width));
    out.push_str(&format!(
        " {} {bar} {}\n",
        palette.paint("1;34", &number),
        clean(shown.trim_end())
    ));
    out.push_str(&format!(" {gutter} {bar} {}{marks}\n", " ".repeat(start - from)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;

    #[test]
    fn shows_the_line_and_underlines_it() {
        let place = Place {
            file: "prereg/registration.yaml".into(),
            line: 12,
            column: 5,
            width: 4,
            text: "    vcvo: HC2".into(),
        };
        let diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, "models.approval has no key `vcvo`")
            .at(place)
            .help("did you mean `vcov`?");
        assert_eq!(
            render(&diagnostic, Palette::Plain),
            "error S006 unknown-key: models.approval has no key `vcvo`\n  --> prereg/registration.yaml:12:5\n 12 |     vcvo: HC2\n    |     ^^^^\n  help: did you mean `vcov`?\n"
        );
    }

    #[test]
    fn nothing_from_a_study_reaches_the_terminal_raw() {
        let shown = clean("\u{1b}[31mred\u{202E}\u{7}");
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202E}') && !shown.contains('\u{7}'));
        let place = Place {
            column: 500,
            width: 9999,
            text: "x".repeat(600),
            ..Place::file("f")
        };
        assert!(
            render(
                &Diagnostic::error(codes::WRONG_TYPE, "m").at(place),
                Palette::Plain
            )
            .len()
                < 500
        );
    }
}
