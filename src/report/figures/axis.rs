//! Axes with ticks at round numbers: 1, 2, 2.5 and 5 times powers of ten, the nice numbers of
//! Talbot, Lin & Hanrahan (2010), doi:10.1109/TVCG.2010.130.

use super::{Tick, rounded};
use crate::report::number;

/// A linear scale from values to coordinates.
pub(super) struct Axis {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
}

impl Axis {
    /// Spans `values` generously, from coordinate `from` to `to`, with about five ticks.
    pub fn over(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Axis {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if high - low < 1e-9 * low.abs().max(1e-9) {
            (low, high) = (low - 0.5, high + 0.5);
        }
        let step = nice((high - low) / 5.0);
        Axis {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            from,
            to,
            step,
        }
    }

    pub fn at(&self, value: f64) -> f64 {
        rounded(self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from))
    }

    pub fn ticks(&self) -> Vec<Tick> {
        let count = ((self.high - self.low) / self.step).round() as usize;
        let places = (0..6).find(|p| {
            let scaled = self.step * 10f64.powi(*p);
            (scaled - scaled.round()).abs() < 1e-6 * scaled
        });
        (0..=count.min(20))
            .map(|i| {
                let value = self.low + i as f64 * self.step;
                Tick {
                    x: self.at(value),
                    label: number::decimals(value, places.unwrap_or(6) as usize),
                }
            })
            .collect()
    }
}

fn nice(raw: f64) -> f64 {
    let power = 10f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    steps
        .iter()
        .map(|s| s * power)
        .find(|s| *s >= raw * 0.999)
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover() {
        let axis = Axis::over([-0.31, 1.47].into_iter(), 0.0, 100.0);
        let labels: Vec<String> = axis.ticks().into_iter().map(|t| t.label).collect();
        assert_eq!(labels, ["\u{2212}0.5", "0.0", "0.5", "1.0", "1.5"]);
        assert!(Axis::over([3.0, 3.0].into_iter(), 0.0, 1.0).ticks().len() > 2);
    }
}
