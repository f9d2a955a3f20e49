//! A manuscript as text: what is said in it, and on which line.
//!
//! Table cells end in a tab and rows in a line break, so that tables can be read off the same text.

mod characters;
mod docx;
mod html;
mod markup;
mod text;

pub use text::Text;

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use markup::Markup;
use std::path::Path;

/// The largest manuscript that is read.
pub const SIZE_LIMIT: u64 = 64 << 20;

/// A manuscript's file and its text.
#[derive(Clone, Debug)]
pub struct Manuscript {
    pub name: String,
    pub text: Text,
}

/// Reads a manuscript by the ending of its name.
///
/// # Errors
/// C011 for another kind of file, a damaged one, or one that unpacks to more than the limit; S003 for text that is not UTF-8.
pub fn read(source: &Source) -> Result<Manuscript, Diagnostic> {
    let ending = Path::new(&source.name)
        .extension()
        .map(|e| e.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let raw = match ending.as_str() {
        "docx" => docx::read(source)?,
        "html" | "htm" | "xhtml" => html::read(plain(source)?, false),
        "md" | "markdown" | "qmd" | "rmd" => markup::read(html::read(plain(source)?, true), Markup::Markdown),
        "tex" | "latex" => markup::read(Text::plain(plain(source)?), Markup::Tex),
        "txt" | "csv" => Text::plain(plain(source)?),
        _ => return Err(unreadable(source, "is no manuscript that this program reads")),
    };
    Ok(Manuscript {
        name: source.name.clone(),
        text: characters::normal(&raw),
    })
}

fn plain(source: &Source) -> Result<&str, Diagnostic> {
    let text = source.text()?;
    if text.contains('\0') {
        return Err(unreadable(source, "is a binary file"));
    }
    Ok(text)
}

fn unreadable(source: &Source, why: &str) -> Diagnostic {
    Diagnostic::error(codes::MANUSCRIPT_UNREADABLE, format!("{} {why}", source.name))
        .at(Place::file(&source.name))
        .help("save it as .docx, .html, .md, .tex, .txt or .csv")
}
