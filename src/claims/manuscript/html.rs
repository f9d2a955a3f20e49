//! HTML as text, tag soup included. Where a `<` begins no tag it stands for itself, as in `p <.05`.
//!
//! The tokenizer is the part of the standard's that text needs; a full parser would build a tree that nobody here asks for.

use super::Text;
use html_escape::decode_html_entities;

/// Elements whose content is no text of the page.
const SILENT: [&str; 6] = [
    "script",
    "style",
    "annotation",
    "annotation-xml",
    "template",
    "noscript",
];
/// Elements that begin and end lines.
const BLOCKS: [&str; 25] = [
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "article",
    "blockquote",
    "pre",
    "table",
    "caption",
    "figure",
    "figcaption",
    "hr",
    "title",
    "footer",
];

/// The text of a page; of Markdown with pieces of HTML in it where the page's own line `breaks` mean something.
pub(super) fn read(page: &str, breaks: bool) -> Text {
    let mut reader = Reader {
        rest: page,
        line: 1,
        out: Text::default(),
        last: page.rfind('>'),
        length: page.len(),
        quotes: true,
    };
    while let Some(c) = reader.rest.chars().next() {
        let read = match c {
            '<' => reader.markup(),
            '&' => reader.entity(),
            _ => false,
        };
        if !read {
            let line = reader.line;
            reader.out.push(if c == '\n' && !breaks { ' ' } else { c }, line);
            reader.advance(c.len_utf8());
        }
    }
    reader.out
}

struct Reader<'p> {
    rest: &'p str,
    line: usize,
    out: Text,
    /// Where the last `>` of the page stands.
    last: Option<usize>,
    length: usize,
    /// False once a quotation mark was found that nothing closes: from there on they stand for nothing.
    quotes: bool,
}

impl Reader<'_> {
    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.line += passed.bytes().filter(|b| *b == b'\n').count();
        self.rest = rest;
    }

    /// Passes over a tag or a comment; false if there is none.
    fn markup(&mut self) -> bool {
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            let end = comment.find("-->").map_or(self.rest.len(), |at| at + 7);
            self.advance(end);
            return true;
        }
        let after = self.rest.get(1..).unwrap_or_default();
        let inner = after.strip_prefix('/').unwrap_or(after);
        let first = inner.chars().next();
        if !first.is_some_and(|c| c.is_ascii_alphabetic()) && !after.starts_with(['!', '?']) {
            return false;
        }
        let closed = self
            .last
            .is_some_and(|last| last >= self.length - self.rest.len());
        let Some(end) = closed.then(|| self.end()).flatten() else {
            return false;
        };
        let name: String = inner
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ':'))
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let closing = after.starts_with('/');
        self.advance(end + 1);
        self.tag(name.rsplit(':').next().unwrap_or_default(), closing);
        true
    }

    /// Where the tag's `>` stands, outside of quotation marks.
    fn end(&mut self) -> Option<usize> {
        if self.quotes {
            let mut quote = None;
            for (at, c) in self.rest.char_indices() {
                match (quote, c) {
                    (None, '>') => return Some(at),
                    (None, '"' | '\'') => quote = Some(c),
                    (Some(open), c) if open == c => quote = None,
                    _ => {}
                }
            }
            self.quotes = false;
        }
        self.rest.find('>')
    }

    fn tag(&mut self, name: &str, closing: bool) {
        let line = self.line;
        if SILENT.contains(&name) && !closing {
            self.skip(name);
        } else if BLOCKS.contains(&name) {
            self.out.push('\n', line);
            self.out.push('\n', line);
        } else {
            match (name, closing) {
                ("br", _) | ("tr", true) => self.out.push('\n', line),
                ("td" | "th", true) => self.out.push('\t', line),
                ("sup", false) => self.out.push('^', line),
                _ => {}
            }
        }
    }

    /// To the end tag, or to the end of the page.
    fn skip(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            self.advance(at + 2);
            let found = self.rest.get(..name.len());
            if found.is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
                return self.advance(end);
            }
        }
        self.advance(self.rest.len());
    }

    /// Reads a character reference; false if there is none.
    fn entity(&mut self) -> bool {
        let name: String = self
            .rest
            .chars()
            .skip(1)
            .take(34)
            .take_while(|c| *c != ';')
            .collect();
        let length = name.len() + 1;
        if self.rest.get(length..length + 1) != Some(";") {
            return false;
        }
        let written = self.rest.get(..=length).unwrap_or_default();
        let said = decode_html_entities(written).into_owned();
        if said == written {
            return false;
        }
        let line = self.line;
        said.chars().for_each(|c| self.out.push(c, line));
        self.advance(length + 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &str) -> String {
        read(page, false).as_str().to_owned()
    }

    #[test]
    fn tags_go_and_what_only_looks_like_one_stays() {
        assert_eq!(
            text("<em>t</em>(28) = 2.20, <i>p</i> = .036"),
            "t(28) = 2.20, p = .036"
        );
        assert_eq!(text("p <.05, p < .01, 3<4"), "p <.05, p < .01, 3<4");
        assert_eq!(text("a<!-- p = .5 -->b<script>p = .5 < 3</SCRIPT>c"), "abc");
        assert_eq!(text("<td title='a > b'>1</td><td>2</td></tr>"), "1\t2\t\n");
        assert_eq!(
            text("&chi;<sup>2</sup>&thinsp;&lt; &#8722;1 &#x3c7; &nothing; &"),
            "χ^2\u{2009}< \u{2212}1 χ &nothing; &"
        );
        assert_eq!(text("<a <a <a"), "<a <a <a");
        assert_eq!(text("<p title=don't>x</p>"), "\n\nx\n\n");
    }

    #[test]
    fn hostile_pages_take_no_longer_than_their_length() {
        for piece in ["<a ", "<a \"", "<!--", "<script>", "&amp", "</", "<td>'"] {
            let page = piece.repeat(200_000);
            assert!(read(&page, true).as_str().len() <= page.len());
        }
        let nothing_closes = format!("{}>", "<a \"".repeat(200_000));
        assert!(read(&nothing_closes, false).as_str().len() <= nothing_closes.len());
    }
}
