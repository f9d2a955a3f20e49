//! The cells of a table, and the lines on which its rows stand.

use crate::claims::manuscript::{self, Manuscript};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// A row: its line, its cells, the first of which is its label.
pub type Row = (usize, Vec<String>);

/// A table, and the text in which its notes stand.
#[derive(Clone, Debug)]
pub struct Grid {
    pub rows: Vec<Row>,
    pub notes: String,
}

/// Reads a table's file: .csv by its commas, everything else as a manuscript.
///
/// # Errors
/// What [`manuscript::read`] refuses.
pub fn grid(source: &Source) -> Result<Grid, Diagnostic> {
    let manuscript = manuscript::read(source)?;
    let rows = if source.name.to_lowercase().ends_with(".csv") {
        separated(&manuscript)
    } else {
        tabbed(&manuscript)
    };
    Ok(Grid {
        rows,
        notes: manuscript.text.prose().as_str().to_owned(),
    })
}

/// Rows end in a line break, cells in a tab.
fn tabbed(manuscript: &Manuscript) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut cells, mut cell, mut began) = (Vec::new(), String::new(), None);
    let mut finish = |cells: &mut Vec<String>, cell: &mut String, began: &mut Option<usize>| {
        cells.push(cleaned(cell));
        cell.clear();
        if let Some(line) = began.take() {
            rows.push((line, std::mem::take(cells)));
        }
        cells.clear();
    };
    for (c, line) in manuscript.text.chars() {
        match c {
            '\n' => finish(&mut cells, &mut cell, &mut began),
            '\t' => {
                cells.push(cleaned(&cell));
                cell.clear();
                began.get_or_insert(line);
            }
            c => {
                if !c.is_whitespace() {
                    began.get_or_insert(line);
                }
                cell.push(c);
            }
        }
    }
    finish(&mut cells, &mut cell, &mut began);
    rows
}

/// Fields between commas, quoted where they hold one; a spreadsheet's `="…"` is its text.
fn separated(manuscript: &Manuscript) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut cells, mut cell, mut quoted, mut began) = (Vec::new(), String::new(), false, None);
    for (c, line) in manuscript.text.chars() {
        began.get_or_insert(line);
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(cleaned(&std::mem::take(&mut cell))),
            '\n' if !quoted => {
                cells.push(cleaned(&std::mem::take(&mut cell)));
                rows.push((began.take().unwrap_or(line), std::mem::take(&mut cells)));
            }
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cleaned(&cell));
        rows.push((began.unwrap_or(1), cells));
    }
    rows
}

fn cleaned(cell: &str) -> String {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let joined = words.join(" ");
    joined.strip_prefix('=').unwrap_or(&joined).trim().to_owned()
}
