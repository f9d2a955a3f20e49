//! A column's factors with the values that they are taken of, found once rather than in every row.

use super::Design;
use super::coding::{Input, Part};
use super::function::Applied;

/// A part with the values that it is taken of.
pub(super) enum Bound<'d> {
    Missing(&'d [f64]),
    Numbers(&'d [f64]),
    Function(&'d [f64], &'d Applied),
    Level(&'d [u32], u32),
    Coded(&'d [u32], &'d [f64]),
    Absent,
}

impl Bound<'_> {
    pub fn value(&self, row: usize) -> f64 {
        match self {
            Bound::Missing(values) => values.get(row).copied().unwrap_or(0.0),
            Bound::Numbers(values) => values.get(row).copied().unwrap_or(f64::NAN),
            Bound::Function(of, applied) => of.get(row).map_or(f64::NAN, |x| applied.value(*x)),
            Bound::Level(codes, level) => indicator(codes.get(row) == Some(level)),
            Bound::Coded(codes, weights) => codes.get(row).map_or(f64::NAN, |c| weight_of(weights, *c)),
            Bound::Absent => f64::NAN,
        }
    }
}

impl Design {
    pub(super) fn column_values(&self, column: usize) -> Vec<f64> {
        let Some(column) = self.columns.get(column) else {
            return Vec::new();
        };
        self.product(&column.parts)
    }

    /// The product of parts in every row.
    pub fn product(&self, parts: &[Part]) -> Vec<f64> {
        let mut values = vec![1.0; self.y.len()];
        for part in parts {
            let bound = self.bound(part);
            for (row, value) in values.iter_mut().enumerate() {
                *value *= bound.value(row);
            }
        }
        values
    }

    pub(super) fn bound<'d>(&'d self, part: &'d Part) -> Bound<'d> {
        match part {
            Part::Missing { values, .. } => Bound::Missing(values),
            Part::Number { atom } => match self.inputs.get(atom) {
                Some(Input::Numbers(values)) => Bound::Numbers(values),
                Some(Input::Function { of, applied }) => Bound::Function(of, applied),
                _ => Bound::Absent,
            },
            Part::Basis { atom, column } => match self.inputs.get(atom) {
                Some(Input::Basis { columns, .. }) => {
                    columns.get(*column).map_or(Bound::Absent, |c| Bound::Numbers(c))
                }
                _ => Bound::Absent,
            },
            Part::Level { atom, level } => match self.inputs.get(atom) {
                Some(Input::Levels { codes, .. }) => Bound::Level(codes, *level),
                _ => Bound::Absent,
            },
            Part::Coded { atom, weights, .. } => match self.inputs.get(atom) {
                Some(Input::Levels { codes, .. }) => Bound::Coded(codes, weights),
                _ => Bound::Absent,
            },
        }
    }
}

pub(super) fn weight_of(weights: &[f64], code: u32) -> f64 {
    weights.get(code as usize).copied().unwrap_or(f64::NAN)
}

pub(super) fn indicator(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}
