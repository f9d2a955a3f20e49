//! Rows of labelled marks over one axis: forest plots, margins, effects, balance and time lines are all of this kind.
//!
//! On wide paper labels stand in a column of their own, as journals print them; on a phone each stands above its mark.

use super::axis::Axis;
use super::drawing::{Drawing, LINE, wrap};
use super::{Tick, rounded};

/// A row: its words, its marks, its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip {
    /// A heading that stands above it, where a new panel begins.
    pub panel: Option<String>,
    pub label: String,
    /// What it is, in words, below the label.
    pub detail: String,
    pub value: String,
    /// A second number below the first, softer.
    pub aside: String,
    pub marks: Vec<StripMark>,
    /// The values of its own dashed line and of its pale band.
    pub null: Option<f64>,
    pub band: Option<(f64, f64)>,
    /// All its marks stand on one line; two that are compared stand below each other.
    pub flat: bool,
}

#[derive(Clone, Debug)]
pub(super) struct StripMark {
    pub at: f64,
    /// The interval, if it has one.
    pub span: Option<(f64, f64)>,
    /// As requested, where that differs from as registered.
    pub hollow: bool,
    pub tip: String,
}

/// What all rows share.
pub(super) struct Frame<'a> {
    pub unit: &'a str,
    pub ticks: Option<Vec<(f64, String)>>,
    /// The width of the number column on wide paper.
    pub values: f64,
    /// Whether the value axis includes this.
    pub include: Option<f64>,
}

struct Layout {
    width: f64,
    /// The label column; nothing where labels stand above.
    labels: Option<f64>,
    from: f64,
    to: f64,
}

/// The same rows on wide paper and on a phone.
pub(super) fn strips(rows: &[Strip], frame: &Frame<'_>) -> (Drawing, Drawing) {
    let labels = 240.0;
    let wide = Layout {
        width: 704.0,
        labels: Some(labels),
        from: labels + 24.0,
        to: 704.0 - frame.values - 16.0,
    };
    let narrow = Layout {
        width: 340.0,
        labels: None,
        from: 24.0,
        to: 316.0,
    };
    (draw(rows, frame, &wide), draw(rows, frame, &narrow))
}

fn draw(rows: &[Strip], frame: &Frame<'_>, layout: &Layout) -> Drawing {
    let values = rows.iter().flat_map(|r| {
        let marks = r.marks.iter().flat_map(|m| {
            let (low, high) = m.span.unwrap_or((m.at, m.at));
            [low, m.at, high]
        });
        let band = r.band.into_iter().flat_map(|(low, high)| [low, high]);
        marks.chain(r.null).chain(band).collect::<Vec<f64>>()
    });
    let axis = Axis::over(values.chain(frame.include), layout.from, layout.to);
    let mut drawing = Drawing::new(layout.width);
    let mut placed = Vec::new();
    let mut y = 8.0;
    for row in rows {
        if let Some(panel) = &row.panel {
            let above = if placed.is_empty() { 0.0 } else { 12.0 };
            placed.push(Placed::Panel(y + above + 16.0, panel));
            y += above + 28.0;
        }
        let height = height(row, layout);
        placed.push(Placed::Row(y, height, row));
        y += height;
    }
    let ticks = match &frame.ticks {
        Some(ticks) => ticks
            .iter()
            .map(|(value, label)| Tick {
                x: axis.at(*value),
                label: label.clone(),
            })
            .collect(),
        None => axis.ticks(),
    };
    for tick in &ticks {
        drawing.line("grid", (tick.x, 4.0), (tick.x, y));
    }
    for one in placed {
        match one {
            Placed::Panel(at, text) => drawing.text("panel", (0.0, at), "start", text),
            Placed::Row(top, height, row) => strip(&mut drawing, row, (top, height), &axis, layout),
        }
    }
    drawing.line("axis", (layout.from, y), (layout.to, y));
    let mut right = f64::NEG_INFINITY;
    for tick in &ticks {
        let half = super::drawing::width_of(&tick.label) / 2.0;
        if tick.x - half > right + 4.0 && tick.x + half <= layout.width + 8.0 {
            drawing.text("tick", (tick.x, y + 18.0), "middle", &tick.label);
            right = tick.x + half;
        }
    }
    let middle = rounded((layout.from + layout.to) / 2.0);
    let room = 2.0 * (layout.width - middle).min(middle);
    let unit = wrap(frame.unit, room, 2);
    let below = drawing.lines("tick", (middle, y + 38.0), "middle", &unit);
    drawing.height = rounded(if frame.unit.is_empty() {
        y + 26.0
    } else {
        below - 6.0
    });
    drawing
}

enum Placed<'a> {
    Panel(f64, &'a str),
    Row(f64, f64, &'a Strip),
}

fn words(row: &Strip, layout: &Layout) -> (Vec<String>, Vec<String>) {
    let value = super::drawing::width_of(&row.value) + super::drawing::width_of(&row.aside) + 20.0;
    let (first, rest) = match layout.labels {
        Some(width) => (width, width),
        None => (layout.width - value, layout.width),
    };
    let lines = |text: &str, width: f64, most: usize| {
        if text.is_empty() {
            Vec::new()
        } else {
            wrap(text, width, most)
        }
    };
    (lines(&row.label, first, 2), lines(&row.detail, rest, 3))
}

fn height(row: &Strip, layout: &Layout) -> f64 {
    let (label, detail) = words(row, layout);
    let text = (label.len() + detail.len()) as f64 * LINE;
    let several = if row.marks.len() > 1 && !row.flat {
        10.0
    } else {
        0.0
    };
    match layout.labels {
        Some(_) => {
            let numbers = if row.aside.is_empty() { 30.0 } else { 44.0 };
            (text + 13.0).max(numbers + several)
        }
        None => text + 30.0 + several,
    }
}

fn strip(drawing: &mut Drawing, row: &Strip, (top, height): (f64, f64), axis: &Axis, layout: &Layout) {
    let (label, detail) = words(row, layout);
    let middle = match layout.labels {
        Some(_) => top + height / 2.0,
        None => top + (label.len() + detail.len()) as f64 * LINE + 13.0,
    };
    if let Some((low, high)) = row.band {
        drawing.rect(
            "band",
            (axis.at(low), top),
            (axis.at(high) - axis.at(low), height),
        );
    }
    if let Some(null) = row.null {
        let from = if layout.labels.is_some() {
            top
        } else {
            middle - 11.0
        };
        let to = if layout.labels.is_some() {
            top + height
        } else {
            middle + 11.0
        };
        drawing.line("null", (axis.at(null), from), (axis.at(null), to));
    }
    let block = (label.len() + detail.len()) as f64 * LINE;
    let text = match layout.labels {
        Some(_) => top + (height - block) / 2.0 + 13.0,
        None => top + 13.0,
    };
    let next = drawing.lines(
        if detail.is_empty() { "label" } else { "strong" },
        (0.0, text),
        "start",
        &label,
    );
    drawing.lines("detail", (0.0, next), "start", &detail);
    let value = if layout.labels.is_some() {
        middle + 5.0
    } else {
        text
    };
    match (row.aside.is_empty(), layout.labels) {
        (true, _) => drawing.text("value", (layout.width, value), "end", &row.value),
        (false, Some(_)) => {
            drawing.text("value strong", (layout.width, middle - 3.0), "end", &row.value);
            drawing.text("detail", (layout.width, middle + LINE - 3.0), "end", &row.aside);
        }
        (false, None) => {
            let both = format!("{}  {}", row.value, row.aside);
            drawing.text("value", (layout.width, value), "end", &both);
        }
    }
    marks(drawing, row, middle, axis);
}

fn marks(drawing: &mut Drawing, row: &Strip, middle: f64, axis: &Axis) {
    let several = row.marks.len() > 1 && !row.flat;
    let at = |position: usize| match (several, position) {
        (false, _) => middle,
        (true, 0) => middle - 6.0,
        (true, _) => middle + 6.0,
    };
    if let ([one, other], false) = (row.marks.as_slice(), row.flat) {
        drawing.line("join", (axis.at(one.at), at(0)), (axis.at(other.at), at(1)));
    }
    for (position, mark) in row.marks.iter().enumerate() {
        let y = at(position);
        let (ci, dot) = if mark.hollow {
            ("ci other", "dot hollow")
        } else {
            ("ci", "dot")
        };
        if let Some((low, high)) = mark.span {
            drawing.line(ci, (axis.at(low), y), (axis.at(high), y));
        }
        drawing.dot(dot, (axis.at(mark.at), y), &mark.tip);
    }
}
