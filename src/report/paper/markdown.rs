//! Markdown pipe tables, as GitHub and pandoc read them.

use super::Table;

pub(in crate::report) fn table(table: &Table) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = format!("**{}**\n\n", escaped(&table.caption));
    out.push_str(&row(table.head.iter().map(|(name, _)| escaped(name)).collect()));
    let rules = table
        .head
        .iter()
        .map(|(_, number)| if *number { "---:" } else { "---" });
    out.push_str(&row(rules.map(str::to_owned).collect()));
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(|c| escaped(c)).collect()));
    }
    if !table.note.trim().is_empty() {
        out.push_str(&format!("\n*Note.* {}\n", escaped(table.note.trim())));
    }
    out
}

/// Text in which nothing is markup: no link, no HTML, no table cell, no mention.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
