//! A drawing: lines, boxes, dots and words at computed places. The template turns it into SVG and escapes every word.

use super::rounded;
use serde::Serialize;

/// One picture at one width.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct Drawing {
    pub width: f64,
    pub height: f64,
    pub shapes: Vec<Shape>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(in crate::report) enum Shape {
    Line {
        class: &'static str,
        x1: f64,
        y1: f64,
        x2: f64,
        y2: f64,
    },
    Rect {
        class: &'static str,
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    },
    Dot {
        class: &'static str,
        x: f64,
        y: f64,
        r: f64,
        /// What a pointer that rests on it is told.
        tip: String,
    },
    Text {
        class: &'static str,
        x: f64,
        y: f64,
        anchor: &'static str,
        text: String,
    },
}

impl Drawing {
    pub fn new(width: f64) -> Drawing {
        Drawing {
            width,
            height: 0.0,
            shapes: Vec::new(),
        }
    }

    pub fn line(&mut self, class: &'static str, from: (f64, f64), to: (f64, f64)) {
        self.shapes.push(Shape::Line {
            class,
            x1: rounded(from.0),
            y1: rounded(from.1),
            x2: rounded(to.0),
            y2: rounded(to.1),
        });
    }

    pub fn rect(&mut self, class: &'static str, corner: (f64, f64), size: (f64, f64)) {
        self.shapes.push(Shape::Rect {
            class,
            x: rounded(corner.0),
            y: rounded(corner.1),
            width: rounded(size.0),
            height: rounded(size.1),
        });
    }

    pub fn dot(&mut self, class: &'static str, at: (f64, f64), tip: &str) {
        self.shapes.push(Shape::Dot {
            class,
            x: rounded(at.0),
            y: rounded(at.1),
            r: 4.5,
            tip: tip.to_owned(),
        });
    }

    pub fn text(&mut self, class: &'static str, at: (f64, f64), anchor: &'static str, text: &str) {
        self.shapes.push(Shape::Text {
            class,
            x: rounded(at.0),
            y: rounded(at.1),
            anchor,
            text: text.to_owned(),
        });
    }

    /// Lines of text below each other; returns where the next would stand.
    pub fn lines(
        &mut self,
        class: &'static str,
        at: (f64, f64),
        anchor: &'static str,
        lines: &[String],
    ) -> f64 {
        let mut y = at.1;
        for line in lines {
            self.text(class, (at.0, y), anchor, line);
            y += LINE;
        }
        y
    }
}

/// From a line of text to the next.
pub(super) const LINE: f64 = 17.0;

/// The width of a text in a figure, generously: of a sans serif of 15 units.
pub(super) fn width_of(text: &str) -> f64 {
    text.chars().map(letter).sum()
}

fn letter(c: char) -> f64 {
    match c {
        'i' | 'l' | 'j' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '('
        | ')' | '[' | ']' => 5.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 13.0,
        c if c.is_ascii_uppercase() => 10.0,
        c if (c as u32) < 0x1100 => 8.4,
        _ => 15.5,
    }
}

/// A text in at most `most` lines of a width; what does not fit ends in an ellipsis.
pub(super) fn wrap(text: &str, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        for piece in pieces(word, width) {
            let with = if line.is_empty() {
                piece.clone()
            } else {
                format!("{line} {piece}")
            };
            if width_of(&with) <= width {
                line = with;
            } else {
                lines.push(std::mem::replace(&mut line, piece));
            }
            if lines.len() > most {
                break;
            }
        }
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width_of(last) + letter('\u{2026}') > width && last.pop().is_some() {}
            last.push('\u{2026}');
        }
    }
    lines
}

/// A word that is wider than the line, cut where the line ends.
fn pieces(word: &str, width: f64) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut used = 0.0;
    for c in word.chars() {
        let own = letter(c);
        if used + own > width && used > 0.0 {
            found.push(String::new());
            used = 0.0;
        }
        used += own;
        if let Some(last) = found.last_mut() {
            last.push(c);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_cut() {
        assert_eq!(
            wrap("Publicly denounces the ally", 100.0, 3),
            ["Publicly", "denounces", "the ally"]
        );
        assert_eq!(wrap("one two three", 45.0, 2), ["one", "two\u{2026}"]);
        let endless = "x".repeat(10_000);
        let lines = wrap(&endless, 100.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|l| width_of(l) <= 100.0));
        assert_eq!(wrap("", 100.0, 2), [""]);
    }
}
