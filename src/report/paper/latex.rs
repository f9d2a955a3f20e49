//! LaTeX with booktabs and threeparttable.

use super::Table;

pub(super) fn table(table: &Table) -> String {
    let columns: String = table
        .head
        .iter()
        .map(|(_, number)| if *number { 'r' } else { 'l' })
        .collect();
    let row = |cells: Vec<String>| format!("    {} \\\\\n", cells.join(" & "));
    let mut out = String::from(
        "% \\usepackage{booktabs,threeparttable}\n\\begin{table}\n  \\centering\n  \\begin{threeparttable}\n",
    );
    out.push_str(&format!("  \\caption{{{}}}\n", escaped(&table.caption)));
    out.push_str(&format!("  \\begin{{tabular}}{{{columns}}}\n    \\toprule\n"));
    out.push_str(&row(table.head.iter().map(|(name, _)| escaped(name)).collect()));
    out.push_str("    \\midrule\n");
    for cells in &table.rows {
        out.push_str(&row(cells.iter().map(|c| escaped(c)).collect()));
    }
    out.push_str("    \\bottomrule\n  \\end{tabular}\n");
    if !table.note.trim().is_empty() {
        out.push_str(&format!(
            "  \\begin{{tablenotes}}\\footnotesize\n    \\item \\textit{{Note.}} {}\n  \\end{{tablenotes}}\n",
            escaped(table.note.trim())
        ));
    }
    out.push_str("  \\end{threeparttable}\n\\end{table}\n");
    out
}

/// Every character that LaTeX would take for a command, and every line break, made harmless.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\textbackslash{}"),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(c);
            }
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("$<$"),
            '>' => out.push_str("$>$"),
            '\u{2212}' => out.push_str("$-$"),
            '\u{2013}' => out.push_str("--"),
            '\u{201C}' => out.push_str("``"),
            '\u{201D}' => out.push_str("''"),
            '\u{2019}' => out.push('\''),
            'χ' => out.push_str("$\\chi$"),
            'η' => out.push_str("$\\eta$"),
            'ω' => out.push_str("$\\omega$"),
            'Δ' => out.push_str("$\\Delta$"),
            '×' => out.push_str("$\\times$"),
            '²' => out.push_str("$^2$"),
            '₁' => out.push_str("$_1$"),
            '₀' => out.push_str("$_0$"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_study_is_a_command() {
        assert_eq!(
            escaped("\\input{a} 5% & χ² < 3"),
            "\\textbackslash{}input\\{a\\} 5\\% \\& $\\chi$$^2$ $<$ 3"
        );
        assert_eq!(escaped("a\nb"), "a b");
    }
}
