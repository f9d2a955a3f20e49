//! Figures as drawings: every coordinate is computed here, every text is escaped in the template.

mod axis;
mod balance;
mod drawing;
mod flow;
mod forest;
mod ink;
mod ladder;
mod margins;
mod pdf;
mod strips;
mod svg;
mod timeline;

pub(super) use balance::{LovePlot, love};
pub(super) use flow::{Station, flow};
pub(super) use forest::forests;
pub(super) use ladder::ladder;
pub(super) use margins::{Panels, panels, title as margin_title};
pub(super) use timeline::{Moment, timeline};

use drawing::Drawing;
use serde::Serialize;

/// A figure at both widths, with the words around it.
#[derive(Clone, Serialize)]
pub(super) struct Figure {
    /// The name of its own files.
    pub name: String,
    pub title: String,
    pub description: String,
    pub note: String,
    wide: Drawing,
    narrow: Drawing,
}

impl Figure {
    /// As files of its own: SVG, and PDF where Helvetica has its letters.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        };
        let name: String = self.name.chars().take(120).map(plain).collect();
        let svg = (format!("{name}.svg"), svg::svg(self).into_bytes());
        let pdf = pdf::pdf(self).map(|bytes| (format!("{name}.pdf"), bytes));
        std::iter::once(svg).chain(pdf).collect()
    }
}

struct Tick {
    x: f64,
    label: String,
}

/// A coordinate to a tenth of a unit: finer is noise in the file.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
