//! A figure as an SVG file of its own, with its colours written at each mark.

use super::Figure;
use super::drawing::Shape;
use super::ink::{Colour, ink};

/// A whole file: title, description, marks.
pub(super) fn svg(figure: &Figure) -> String {
    let drawing = &figure.wide;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{2}</title>\n<desc id=\"d\">{3}</desc>\n",
        drawing.width,
        drawing.height,
        escaped(&figure.title),
        escaped(&figure.description)
    );
    for shape in &drawing.shapes {
        out.push_str(&one(shape));
        out.push('\n');
    }
    out.push_str("</svg>\n");
    out
}

fn one(shape: &Shape) -> String {
    match shape {
        Shape::Line {
            class,
            x1,
            y1,
            x2,
            y2,
        } => {
            format!(
                "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{}/>",
                paint(class)
            )
        }
        Shape::Rect {
            class,
            x,
            y,
            width,
            height,
        } => format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{}/>",
            paint(class)
        ),
        Shape::Dot { class, x, y, r, .. } => {
            format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\"{}/>", paint(class))
        }
        Shape::Text {
            class,
            x,
            y,
            anchor,
            text,
        } => {
            let ink = ink(class);
            let weight = if ink.bold { " font-weight=\"600\"" } else { "" };
            format!(
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{}\"{weight}{}>{}</text>",
                ink.size,
                paint(class),
                escaped(text)
            )
        }
    }
}

fn paint(class: &str) -> String {
    let ink = ink(class);
    let hex = |[r, g, b]: Colour| format!("#{r:02x}{g:02x}{b:02x}");
    let mut out = match ink.fill {
        Some(fill) => format!(" fill=\"{}\"", hex(fill)),
        None => String::from(" fill=\"none\""),
    };
    if let Some(stroke) = ink.stroke {
        out.push_str(&format!(
            " stroke=\"{}\" stroke-width=\"{}\"",
            hex(stroke),
            ink.width
        ));
    }
    if ink.dashed {
        out.push_str(" stroke-dasharray=\"3 3\"");
    }
    out
}

/// Text and attributes of XML; what XML has no character for is left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => {}
            c => out.push(c),
        }
    }
    out
}
