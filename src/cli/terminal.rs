//! The handle that everything is printed through: a closed pipe is the end, not a panic.

use super::Colour;
use crate::diagnostic::{Diagnostic, Palette, Severity, render};
use serde::Serialize;
use std::io::{IsTerminal, Write};

pub(super) struct Terminal {
    pub json: bool,
    pub palette: Palette,
}

#[derive(Serialize)]
struct Answer<'a, T: Serialize> {
    format_version: u32,
    holds: Option<bool>,
    diagnostics: &'a [Diagnostic],
    #[serde(flatten)]
    more: T,
}

impl Terminal {
    pub fn new(json: bool, colour: Colour) -> Terminal {
        let on = match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => std::env::var_os("NO_COLOR").is_none() && std::io::stdout().is_terminal(),
        };
        Terminal {
            json,
            palette: if on { Palette::Colour } else { Palette::Plain },
        }
    }

    /// Prints to standard output. Who closed the pipe has read enough.
    pub fn say(&self, text: &str) {
        let _ = std::io::stdout().lock().write_all(text.as_bytes());
    }

    /// Prints to standard error.
    pub fn warn(&self, text: &str) {
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Diagnostics in text: errors and warnings to standard error; notes only if asked for.
    pub fn diagnostics(&self, all: &[Diagnostic], notes: bool) {
        for diagnostic in all {
            if diagnostic.severity != Severity::Note || notes {
                self.warn(&render(diagnostic, self.palette));
                self.warn("\n");
            }
        }
    }

    /// The JSON answer of a verb that is not `run`.
    pub fn answer<T: Serialize>(&self, holds: Option<bool>, diagnostics: &[Diagnostic], more: T) {
        let answer = Answer {
            format_version: 1,
            holds,
            diagnostics,
            more,
        };
        if let Ok(text) = serde_json::to_string_pretty(&answer) {
            self.say(&text);
            self.say("\n");
        }
    }

    /// Ends a verb that failed: its diagnostics in either form.
    pub fn failed(&self, holds: Option<bool>, diagnostics: &[Diagnostic]) -> Option<bool> {
        if self.json {
            self.answer(holds, diagnostics, serde_json::Map::new());
        } else {
            self.diagnostics(diagnostics, true);
            let errors = diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
                .count();
            let first = diagnostics.first().map(|d| d.code.id).unwrap_or_default();
            self.warn(&format!(
                "{errors} error{}. What a code means: asregistered explain {first}\n",
                if errors == 1 { "" } else { "s" }
            ));
        }
        holds
    }
}
