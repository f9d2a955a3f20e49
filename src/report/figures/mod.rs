//! Figures as drawings: every coordinate is computed here, every text is escaped in the template.

mod axis;
mod balance;
mod drawing;
mod flow;
mod forest;
mod ladder;
mod margins;
mod strips;
mod timeline;

pub(super) use balance::{LovePlot, love};
pub(super) use flow::{FlowFigure, Station, flow};
pub(super) use forest::{Forest, forests};
pub(super) use ladder::{Ladder, ladder};
pub(super) use margins::{Panels, panels};
pub(super) use timeline::{Moment, TimelineFigure, timeline};

struct Tick {
    x: f64,
    label: String,
}

/// A coordinate to a tenth of a unit: finer is noise in the file.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
