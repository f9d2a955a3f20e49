//! Rows of the design at other values than the observed ones, and their averages.

use super::coding::{Input, Part};
use super::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::{Atom, Average};
use std::collections::BTreeMap;

/// Factors set to a level for everybody.
pub type Setting<'a> = BTreeMap<&'a str, &'a str>;

impl Design {
    pub fn rows(&self) -> usize {
        self.y.len()
    }

    pub(super) fn column_values(&self, column: usize) -> Vec<f64> {
        let n = self.y.len();
        let Some(column) = self.columns.get(column) else {
            return Vec::new();
        };
        let mut values = vec![1.0; n];
        for part in &column.parts {
            for (row, value) in values.iter_mut().enumerate() {
                *value *= self.part_value(part, row);
            }
        }
        values
    }

    fn part_value(&self, part: &Part, row: usize) -> f64 {
        match part {
            Part::Missing { values } => values.get(row).copied().unwrap_or(0.0),
            Part::Number { atom } => match self.inputs.get(atom) {
                Some(Input::Numbers(values)) => values.get(row).copied().unwrap_or(f64::NAN),
                _ => f64::NAN,
            },
            Part::Level { atom, level } => match self.inputs.get(atom) {
                Some(Input::Levels { codes, .. }) => indicator(codes.get(row) == Some(level)),
                _ => f64::NAN,
            },
        }
    }

    /// The mean design row with some factors set for everybody.
    ///
    /// # Errors
    /// E005 if no analysed row has a level that is set; E008 if the model does not have the factor.
    pub fn average_row(&self, setting: &Setting<'_>, average: Average) -> Result<Vec<f64>, Refusal> {
        let mut set: BTreeMap<&Atom, u32> = BTreeMap::new();
        for (factor, level) in setting {
            for (atom, code) in self.set_atoms(factor, level)? {
                set.insert(atom, code);
            }
        }
        Ok(match average {
            Average::Observed => self
                .columns
                .iter()
                .map(|c| self.observed(&c.parts, &set))
                .collect(),
            Average::Balanced => self
                .columns
                .iter()
                .map(|c| self.balanced(&c.parts, &set))
                .collect(),
        })
    }

    fn set_atoms<'d>(&'d self, factor: &str, level: &str) -> Result<Vec<(&'d Atom, u32)>, Refusal> {
        let mut found = Vec::new();
        for (atom, input) in self.inputs.iter().filter(|(atom, _)| atom.column() == factor) {
            let Input::Levels { names, .. } = input else {
                continue;
            };
            let Some(code) = names.iter().position(|n| n == level) else {
                let message = format!("no analysed row has the level `{level}` of `{factor}`");
                return Err(Refusal::new(codes::LEVEL_EMPTY, message));
            };
            found.push((atom, code as u32));
        }
        if found.is_empty() {
            let message = format!("`{factor}` is not a factor of the model");
            return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
        }
        Ok(found)
    }

    /// The column's mean over the analysed rows.
    fn observed(&self, parts: &[Part], set: &BTreeMap<&Atom, u32>) -> f64 {
        let mut fixed = 1.0;
        let mut open = Vec::new();
        for part in parts {
            match part {
                Part::Level { atom, level } if set.contains_key(atom) => {
                    fixed *= indicator(set.get(atom) == Some(level));
                }
                other => open.push(other),
            }
        }
        if open.is_empty() || fixed == 0.0 {
            return fixed;
        }
        let n = self.rows();
        let total: f64 = (0..n)
            .map(|row| open.iter().map(|p| self.part_value(p, row)).product::<f64>())
            .sum();
        fixed * total / n as f64
    }

    /// The column's mean over every combination of the other factors' levels, numbers at their own means.
    fn balanced(&self, parts: &[Part], set: &BTreeMap<&Atom, u32>) -> f64 {
        parts
            .iter()
            .map(|part| match part {
                Part::Level { atom, level } => match (set.get(atom), self.inputs.get(atom)) {
                    (Some(code), _) => indicator(code == level),
                    (None, Some(Input::Levels { names, .. })) => 1.0 / names.len() as f64,
                    _ => f64::NAN,
                },
                Part::Number { .. } | Part::Missing { .. } => {
                    let n = self.rows();
                    (0..n).map(|row| self.part_value(part, row)).sum::<f64>() / n as f64
                }
            })
            .product()
    }
}

fn indicator(truth: bool) -> f64 {
    if truth { 1.0 } else { 0.0 }
}
