//! A figure as a PDF of one page: vectors, and text in Helvetica, which every reader of PDF files has.

use super::Figure;
use super::drawing::Shape;
use super::ink::{Colour, Ink, ink};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// The circle's four Bézier arcs: 4/3 (√2 − 1) of the radius.
const ARC: f64 = 0.552_284_75;

/// Nothing if a text has letters that Helvetica's Western encoding lacks: the SVG has them.
pub(super) fn pdf(figure: &Figure) -> Option<Vec<u8>> {
    let drawing = &figure.wide;
    let mut content = Content::new();
    for shape in &drawing.shapes {
        draw(&mut content, shape, drawing.height)?;
    }
    let [catalog, pages, page, plain, bold, stream, info] = [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
    let mut file = Pdf::new();
    file.catalog(catalog).pages(pages);
    file.pages(pages).kids([page]).count(1);
    let mut sheet = file.page(page);
    sheet.media_box(Rect::new(0.0, 0.0, drawing.width as f32, drawing.height as f32));
    sheet.parent(pages).contents(stream);
    sheet
        .resources()
        .fonts()
        .pair(Name(b"F"), plain)
        .pair(Name(b"B"), bold);
    sheet.finish();
    for (id, name) in [(plain, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        file.type1_font(id)
            .base_font(Name(name))
            .encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    file.document_info(info)
        .title(TextStr(&figure.title))
        .subject(TextStr(&figure.description));
    file.stream(stream, &content.finish());
    Some(file.finish())
}

fn draw(content: &mut Content, shape: &Shape, height: f64) -> Option<()> {
    let up = |y: f64| (height - y) as f32;
    match shape {
        Shape::Line {
            class,
            x1,
            y1,
            x2,
            y2,
        } => {
            let ink = begin(content, class);
            content.move_to(*x1 as f32, up(*y1)).line_to(*x2 as f32, up(*y2));
            end(content, ink);
        }
        Shape::Rect {
            class,
            x,
            y,
            width,
            height: tall,
        } => {
            let ink = begin(content, class);
            content.rect(*x as f32, up(y + tall), *width as f32, *tall as f32);
            end(content, ink);
        }
        Shape::Dot { class, x, y, r, .. } => {
            let ink = begin(content, class);
            circle(content, *x as f32, up(*y), *r as f32);
            end(content, ink);
        }
        Shape::Text {
            class,
            x,
            y,
            anchor,
            text,
        } => {
            let ink = ink(class);
            let bytes = encoded(text)?;
            let width = width(&bytes) * ink.size;
            let left = match *anchor {
                "end" => x - width,
                "middle" => x - width / 2.0,
                _ => *x,
            };
            fill(content, ink.fill.unwrap_or([0; 3]));
            content.begin_text();
            content.set_font(Name(if ink.bold { b"B" } else { b"F" }), ink.size as f32);
            content.next_line(left as f32, up(*y));
            content.show(Str(&bytes));
            content.end_text();
        }
    }
    Some(())
}

fn begin(content: &mut Content, class: &str) -> Ink {
    let ink = ink(class);
    content.save_state();
    if let Some([r, g, b]) = ink.stroke {
        let part = |v: u8| f32::from(v) / 255.0;
        content.set_stroke_rgb(part(r), part(g), part(b));
        content.set_line_width(ink.width as f32);
    }
    if let Some(colour) = ink.fill {
        fill(content, colour);
    }
    if ink.dashed {
        content.set_dash_pattern([3.0, 3.0], 0.0);
    }
    ink
}

fn end(content: &mut Content, ink: Ink) {
    match (ink.fill.is_some(), ink.stroke.is_some()) {
        (true, true) => content.fill_nonzero_and_stroke(),
        (true, false) => content.fill_nonzero(),
        (false, _) => content.stroke(),
    };
    content.restore_state();
}

fn fill(content: &mut Content, [r, g, b]: Colour) {
    let part = |v: u8| f32::from(v) / 255.0;
    content.set_fill_rgb(part(r), part(g), part(b));
}

fn circle(content: &mut Content, x: f32, y: f32, r: f32) {
    let k = ARC as f32 * r;
    content
        .move_to(x + r, y)
        .cubic_to(x + r, y + k, x + k, y + r, x, y + r)
        .cubic_to(x - k, y + r, x - r, y + k, x - r, y)
        .cubic_to(x - r, y - k, x - k, y - r, x, y - r)
        .cubic_to(x + k, y - r, x + r, y - k, x + r, y)
        .close_path();
}

/// A text in Windows-1252, a minus as the dash of its width.
fn encoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for c in text.replace('≤', "<=").chars() {
        bytes.push(match c {
            '\u{2212}' | '\u{2013}' => 0x96,
            '\u{2014}' => 0x97,
            '\u{2018}' => 0x91,
            '\u{2019}' => 0x92,
            '\u{201C}' => 0x93,
            '\u{201D}' => 0x94,
            '\u{2026}' => 0x85,
            '\u{20AC}' => 0x80,
            c if c.is_control() => continue,
            c if c.is_ascii() || ('\u{A0}'..='\u{FF}').contains(&c) => u8::try_from(u32::from(c)).ok()?,
            _ => return None,
        });
    }
    Some(bytes)
}

/// Helvetica's advance widths of ASCII from the space on, in thousandths (Adobe Font Metrics); others are as wide as a digit.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

fn width(bytes: &[u8]) -> f64 {
    let one = |byte: &u8| {
        let place = usize::from(*byte).checked_sub(32);
        place.and_then(|p| WIDTHS.get(p)).copied().unwrap_or(556)
    };
    bytes.iter().map(|b| f64::from(one(b))).sum::<f64>() / 1000.0
}
