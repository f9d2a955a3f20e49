//! Figures as views that the templates draw: every coordinate is computed here, every text is escaped there.

mod axis;
mod forest;
mod margins;

pub(super) use forest::{Forest as ForestView, forest};
pub(super) use margins::{Panels, panels};

use serde::Serialize;

/// A mark with its interval, in the figure's own coordinates.
#[derive(Serialize)]
pub(super) struct Mark {
    pub y: f64,
    pub x: f64,
    pub low: f64,
    pub high: f64,
    /// As requested, where that differs from as registered.
    pub hollow: bool,
}

#[derive(Serialize)]
pub(super) struct Tick {
    pub x: f64,
    pub label: String,
}

/// A coordinate to a tenth of a unit: finer is noise in the file.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
