//! TeX and Markdown as text: commands and emphasis go, what they print stays.

use super::Text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Tex,
    /// With TeX's mathematics in it.
    Markdown,
}

/// What TeX's commands print. Of all others, their arguments.
const COMMANDS: [(&str, &str); 24] = [
    ("chi", "χ"),
    ("eta", "η"),
    ("beta", "β"),
    ("omega", "ω"),
    ("times", "×"),
    ("cdot", "·"),
    ("le", "≤"),
    ("leq", "≤"),
    ("leqslant", "≤"),
    ("ge", "≥"),
    ("geq", "≥"),
    ("geqslant", "≥"),
    ("lt", "<"),
    ("gt", ">"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("textminus", "-"),
    ("textsuperscript", "^"),
    ("ast", "*"),
    ("quad", " "),
    ("qquad", " "),
    ("space", " "),
    ("tabularnewline", "\n"),
    ("par", "\n\n"),
];

/// Longer than any argument that is passed over.
const GROUP: usize = 400;
/// Commands whose arguments are not printed, and how many of those there are.
const UNPRINTED: [(&str, usize); 10] = [
    ("begin", 9),
    ("end", 1),
    ("label", 1),
    ("cline", 1),
    ("cmidrule", 1),
    ("multicolumn", 2),
    ("multirow", 2),
    ("vspace", 1),
    ("hspace", 1),
    ("def", 0),
];

pub(super) fn read(text: Text, markup: Markup) -> Text {
    let all = text.chars();
    let mut out = Text::default();
    let mut at = 0;
    while let Some((c, line)) = all.get(at).copied() {
        at += 1;
        let next = all.get(at).map(|(c, _)| *c);
        let tex = markup == Markup::Tex;
        match c {
            '\\' => at += command(next, all.get(at..).unwrap_or_default(), markup, line, &mut out),
            '%' if tex => at = after_line(&all, at),
            // A blank line ends a paragraph; a row of a table ends in its own sign.
            '\n' if tex && next != Some('\n') => out.push(' ', line),
            '\n' if tex => {
                out.push('\n', line);
                out.push('\n', line);
            }
            '{' | '}' | '$' => {}
            '~' if tex => out.push(' ', line),
            '&' if tex => out.push('\t', line),
            '~' | '_' => {}
            '*' if !tex => {}
            '-' if next == Some('-') => {}
            c => out.push(c, line),
        }
    }
    out
}

/// Where the next line begins.
fn after_line(all: &[(char, usize)], from: usize) -> usize {
    let rest = all.get(from..).unwrap_or_default();
    let length = rest.iter().position(|(c, _)| *c == '\n');
    length.map_or(all.len(), |length| from + length + 1)
}

/// What stands behind a backslash; how many characters that were.
fn command(next: Option<char>, rest: &[(char, usize)], markup: Markup, line: usize, out: &mut Text) -> usize {
    let Some(next) = next else { return 0 };
    if next.is_ascii_alphabetic() {
        let name: String = rest
            .iter()
            .map(|(c, _)| *c)
            .take(40)
            .take_while(char::is_ascii_alphabetic)
            .collect();
        let said = COMMANDS.iter().find(|(known, _)| *known == name);
        said.map_or("", |(_, said)| said)
            .chars()
            .for_each(|c| out.push(c, line));
        let arguments = UNPRINTED.iter().find(|(known, _)| *known == name);
        let after = rest.get(name.len()..).unwrap_or_default();
        let passed = arguments.map_or(0, |(_, count)| groups(after, *count));
        let after = after.get(passed..).unwrap_or_default();
        let spaces = after.iter().take_while(|(c, _)| *c == ' ').count();
        return name.len() + passed + spaces;
    }
    match (next, markup) {
        ('\\', _) => {
            out.push('\n', line);
            let after = rest.get(1..).unwrap_or_default();
            let spaced = after.first().is_some_and(|(c, _)| matches!(c, '[' | '\n'));
            return 1 + if spaced { groups(after, 1) } else { 0 };
        }
        (',' | ';' | ':' | ' ', _) => out.push(' ', line),
        ('!', Markup::Tex) | ('(' | ')' | '[' | ']', Markup::Tex) => {}
        (other, _) => out.push(other, line),
    }
    1
}

/// The length of as many groups in braces or brackets, or of those that are there.
fn groups(text: &[(char, usize)], count: usize) -> usize {
    let mut end = 0;
    for _ in 0..count {
        let mut depth = 0usize;
        let blanks = text
            .iter()
            .skip(end)
            .take_while(|(c, _)| matches!(c, ' ' | '\n'))
            .count();
        let from = end + blanks;
        if !text.get(from).is_some_and(|(c, _)| matches!(c, '{' | '[')) {
            break;
        }
        let closed = text.iter().skip(from).take(GROUP).position(|(c, _)| {
            match c {
                '{' | '[' => depth += 1,
                '}' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let Some(length) = closed else { break };
        end = from + length + 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str, markup: Markup) -> String {
        read(Text::plain(source), markup).as_str().to_owned()
    }

    #[test]
    fn commands_go_and_what_they_print_stays() {
        for (source, shown) in [
            (
                r"$\chi^2(2, N = 100) = 4.5$, $p < .05$",
                "χ^2(2, N = 100) = 4.5, p < .05",
            ),
            (
                r"\textit{t}(28)\,=\,2.20, \emph{p}~=~.036 % t(1) = 9",
                "t(28) = 2.20, p = .036 ",
            ),
            (
                r"\(F(2, 57) = 3.41\), \(p \leq .05\) 5\% \\",
                "F(2, 57) = 3.41, p ≤.05 5% \n",
            ),
            (r"$4.1 \times 10^{-5}$", "4.1 ×10^-5"),
            (r"a & 0.71$^{***}$ \\", "a \t 0.71^*** \n"),
            ("\\begin{tabular}{l*{1}{c}}\na \\\\[1em]\nb & 1", " a \n b \t 1"),
            ("one\ntwo\n\nthree", "one two\n\n three"),
        ] {
            assert_eq!(text(source, Markup::Tex), shown, "{source}");
        }
        for (source, shown) in [
            ("*t*(28) = 2.20, _p_ = .036", "t(28) = 2.20, p = .036"),
            (r"t\(28\) = 2.20, p \< .05, 5% of", "t(28) = 2.20, p < .05, 5% of"),
            ("χ^2^(2, *N* = 100) = 4.5, H~1~", "χ^2^(2, N = 100) = 4.5, H1"),
        ] {
            assert_eq!(text(source, Markup::Markdown), shown, "{source}");
        }
    }
}
