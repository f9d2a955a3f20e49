//! HTML that Word and LibreOffice open as a table with three rules: its style stands at each cell.

use super::Table;

pub(super) fn table(table: &Table) -> String {
    let cell = |tag: &str, text: &str, number: bool, rule: &str| {
        let side = if number { "right" } else { "left" };
        format!(
            "<{tag} style=\"text-align:{side};padding:2pt 6pt;{rule}\">{}</{tag}>",
            escaped(text)
        )
    };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head><body>\n<table style=\"border-collapse:collapse;font:10pt 'Times New Roman',serif;border-top:1.5pt solid black;border-bottom:1.5pt solid black\">\n<caption style=\"text-align:left\">{0}</caption>\n<thead><tr>",
        escaped(&table.caption)
    );
    for (name, number) in &table.head {
        out.push_str(&cell("th", name, *number, "border-bottom:0.75pt solid black"));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for cells in &table.rows {
        out.push_str("<tr>");
        for (text, (_, number)) in cells.iter().zip(&table.head) {
            out.push_str(&cell("td", text, *number, ""));
        }
        out.push_str("</tr>\n");
    }
    out.push_str(&format!(
        "</tbody></table>\n<p style=\"font:9pt 'Times New Roman',serif\"><i>Note.</i> {}</p>\n</body></html>\n",
        escaped(table.note.trim())
    ));
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
