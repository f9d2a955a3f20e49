//! What the program has to say about the author's files: data first, views second.
//!
//! A [`Diagnostic`] is a value. The terminal, JSON and HTML are views of it, so no room
//! writes sentences to a stream and no first failure hides the rest.

pub mod codes;
mod render;

pub use codes::Code;
pub use render::{Palette, clean, render};

use serde::Serialize;

/// A place in a file the author wrote, with the line that stands there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
pub struct Place {
    /// The file, as the author would name it (relative to the study's folder).
    pub file: String,
    /// 1-based line. For data files, the row number a text editor or spreadsheet shows.
    pub line: usize,
    /// 1-based column, counted in characters. For data files, the 1-based field.
    pub column: usize,
    /// How many characters to underline.
    #[serde(skip)]
    pub width: usize,
    /// The source line itself, for the excerpt.
    #[serde(skip)]
    pub text: String,
}

impl Place {
    /// A whole file, when no line of it is to blame.
    pub fn file(file: impl Into<String>) -> Self {
        Place {
            file: file.into(),
            line: 1,
            column: 1,
            width: 0,
            text: String::new(),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The study cannot be used as it stands.
    Error,
    /// It can be used, but a reader could be misled.
    Warning,
    /// A convention that was applied, or an elaboration that changes no number.
    Note,
}

/// One side of a comparison: a place, if there is one, and what stands there.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Side {
    pub at: Option<Place>,
    pub what: String,
}

/// One finding about the author's files.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnostic {
    #[serde(flatten)]
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub at: Option<Place>,
    pub registered: Option<Side>,
    pub executed: Option<Side>,
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            message: message.into(),
            at: None,
            registered: None,
            executed: None,
            help: None,
        }
    }

    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.at = place.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// True if any of these makes the study unusable.
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}

/// The candidate nearest to `word`, if one is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|(distance, c)| *distance <= 2.max(c.chars().count() / 3))
        .min()
        .map(|(_, c)| c)
}
