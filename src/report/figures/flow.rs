//! The flow of rows as CONSORT draws it: who stayed down the middle, who left at the side.

use super::drawing::{Drawing, LINE, wrap};
use super::{Figure, rounded};

/// A box of the middle, and what left after it.
pub(in crate::report) struct Station {
    pub stays: Vec<String>,
    pub leaves: Option<Vec<String>>,
}

struct Layout {
    width: f64,
    main: (f64, f64),
    side: (f64, f64),
    /// Boxes at the side stand beside the arrow; on a phone below it.
    beside: bool,
}

const PAD: f64 = 12.0;
const GAP: f64 = 28.0;

pub(in crate::report) fn flow(stations: &[Station]) -> Figure {
    let wide = Layout {
        width: 704.0,
        main: (0.0, 320.0),
        side: (368.0, 336.0),
        beside: true,
    };
    let narrow = Layout {
        width: 340.0,
        main: (0.0, 340.0),
        side: (44.0, 296.0),
        beside: false,
    };
    Figure {
        name: String::from("flow"),
        title: String::from("Flow of rows"),
        description: format!(
            "{} steps from the collected rows to the analysed ones. The table below has the same counts.",
            stations.len()
        ),
        note: String::new(),
        wide: draw(stations, &wide),
        narrow: draw(stations, &narrow),
    }
}

fn draw(stations: &[Station], layout: &Layout) -> Drawing {
    let mut drawing = Drawing::new(layout.width);
    let spine = if layout.beside {
        layout.main.0 + layout.main.1 / 2.0
    } else {
        layout.main.0 + 20.0
    };
    let mut y = 2.0;
    for (position, station) in stations.iter().enumerate() {
        y = boxed(&mut drawing, "box", layout.main, y, &station.stays);
        let last = position + 1 == stations.len();
        match &station.leaves {
            Some(leaves) => {
                let height = height(leaves, layout.side.1);
                let middle = y + GAP / 2.0 + height / 2.0;
                boxed(&mut drawing, "box out", layout.side, y + GAP / 2.0, leaves);
                drawing.line("flow", (spine, middle), (layout.side.0, middle));
                arrow(&mut drawing, (layout.side.0, middle), (-6.0, 4.0));
                drawing.line("flow", (spine, y), (spine, y + height + GAP));
                y += height + GAP;
            }
            None if !last => {
                drawing.line("flow", (spine, y), (spine, y + GAP));
                y += GAP;
            }
            None => {}
        }
        if !last {
            arrow_down(&mut drawing, (spine, y));
        }
    }
    drawing.height = rounded(y + 2.0);
    drawing
}

/// A box with its lines of text, the first of them strong; returns where it ends.
fn boxed(
    drawing: &mut Drawing,
    class: &'static str,
    (left, width): (f64, f64),
    top: f64,
    text: &[String],
) -> f64 {
    let tall = height(text, width);
    drawing.rect(class, (left, top), (width, tall));
    let mut y = top + PAD + 12.0;
    for (position, one) in text.iter().enumerate() {
        let class = if position == 0 { "strong" } else { "label" };
        y = drawing.lines(class, (left + PAD, y), "start", &wrap(one, width - 2.0 * PAD, 3));
    }
    top + tall
}

fn height(text: &[String], width: f64) -> f64 {
    let lines: usize = text.iter().map(|one| wrap(one, width - 2.0 * PAD, 3).len()).sum();
    lines as f64 * LINE + 2.0 * PAD - 3.0
}

/// The two strokes of an arrow that points to the right.
fn arrow(drawing: &mut Drawing, tip: (f64, f64), (back, half): (f64, f64)) {
    drawing.line("flow", tip, (tip.0 + back, tip.1 - half));
    drawing.line("flow", tip, (tip.0 + back, tip.1 + half));
}

fn arrow_down(drawing: &mut Drawing, tip: (f64, f64)) {
    drawing.line("flow", tip, (tip.0 - 4.0, tip.1 - 6.0));
    drawing.line("flow", tip, (tip.0 + 4.0, tip.1 - 6.0));
}
