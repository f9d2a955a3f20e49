//! Rows of the design at other values than the observed ones, and their averages.

use super::bound::{Bound, indicator, weight_of};
use super::coding::{DesignColumn, Input, Part};
use super::restricted::Averaged;
use super::target::Target;
use super::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::{Atom, Average};
use std::collections::BTreeMap;

/// A balanced grid with more cells than this is refused.
const GRID_LIMIT: usize = 100_000;

/// A target in the terms of a design.
pub(super) struct Resolved<'d> {
    set: BTreeMap<&'d Atom, u32>,
    pub numbers: BTreeMap<&'d str, f64>,
    /// Rows to average over with their weights, which sum to one.
    pub rows: Vec<(usize, f64)>,
}

impl Design {
    pub fn rows(&self) -> usize {
        self.y.len()
    }

    /// The columns' names.
    pub fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|c| c.name.as_str()).collect()
    }

    /// The refusal that names columns which depend on others.
    pub fn dependent(&self, columns: &[usize]) -> Refusal {
        let names: Vec<&str> = columns
            .iter()
            .filter_map(|c| self.columns.get(*c))
            .map(|c| c.name.as_str())
            .collect();
        let names = names.join(", ");
        let message = format!("these columns depend linearly on the others: {names}");
        Refusal::new(codes::RANK_DEFICIENT, message)
    }

    /// The mean design row at a target: its product with the coefficients is the mean linear predictor.
    ///
    /// # Errors
    /// E005 if no analysed row has a level that is set; E008 if the model does not have the variable.
    pub fn average_row(&self, target: &Target<'_>) -> Result<Vec<f64>, Refusal> {
        let resolved = self.resolve(target)?;
        if !self.profiles.is_empty() && target.average != Average::Observed {
            let averaged = self.averaged(target)?;
            let designed = |c: &DesignColumn| self.designed(&c.parts, &resolved, &averaged);
            return Ok(self.columns.iter().map(designed).collect());
        }
        Ok(self
            .columns
            .iter()
            .map(|column| match target.average {
                Average::Observed | Average::Design => self.observed(&column.parts, &resolved),
                Average::Balanced => self.balanced(&column.parts, &resolved),
            })
            .collect())
    }

    /// The rows whose predictions are averaged, each with its weight; the weights sum to one.
    ///
    /// # Errors
    /// As [`Design::average_row`]; E015 for a balanced grid of more than 100,000 cells.
    pub fn rows_at(&self, target: &Target<'_>) -> Result<Vec<(f64, Vec<f64>)>, Refusal> {
        let resolved = self.resolve(target)?;
        if target.average == Average::Balanced {
            return self.grid(&resolved);
        }
        let columns: Vec<Vec<f64>> = self
            .columns
            .iter()
            .map(|column| {
                resolved
                    .rows
                    .iter()
                    .map(|(row, _)| self.value_at(&column.parts, &resolved, *row))
                    .collect()
            })
            .collect();
        Ok(transposed(&resolved, &columns))
    }

    /// A number of the model at a value that is set.
    fn number_at(&self, part: &Part, atom: &Atom, value: f64) -> f64 {
        match (self.inputs.get(atom), part) {
            (Some(Input::Function { applied, .. }), _) => applied.value(value),
            (Some(Input::Basis { spanned, .. }), Part::Basis { column, .. }) => spanned.value(*column, value),
            _ => value,
        }
    }

    pub(super) fn resolve<'d>(&'d self, target: &Target<'d>) -> Result<Resolved<'d>, Refusal> {
        let mut set: BTreeMap<&Atom, u32> = BTreeMap::new();
        for (factor, level) in &target.levels {
            for (atom, code) in self.set_atoms(factor, level)? {
                set.insert(atom, code);
            }
        }
        let mut groups: BTreeMap<&Atom, u32> = BTreeMap::new();
        for (factor, level) in &target.by {
            for (atom, code) in self.set_atoms(factor, level)? {
                groups.insert(atom, code);
            }
        }
        for column in target.numbers.keys() {
            if !self.inputs.keys().any(|atom| atom.column() == *column) {
                let message = format!("`{column}` is not a number of the model");
                return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
            }
        }
        let belongs = |row: usize| {
            groups.iter().all(|(atom, code)| match self.inputs.get(*atom) {
                Some(Input::Levels { codes, .. }) => codes.get(row) == Some(code),
                _ => false,
            })
        };
        let weight = |row: usize| self.weights.get(row).copied().unwrap_or(1.0);
        let chosen: Vec<usize> = (0..self.rows()).filter(|row| belongs(*row)).collect();
        let total: f64 = chosen.iter().map(|row| weight(*row)).sum();
        if chosen.is_empty() {
            let message = "no analysed row has this combination of levels";
            return Err(Refusal::new(codes::LEVEL_EMPTY, message));
        }
        Ok(Resolved {
            set,
            numbers: target.numbers.clone(),
            rows: chosen.into_iter().map(|row| (row, weight(row) / total)).collect(),
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

    /// What the target fixes of a product, and the parts that it leaves to the row.
    fn fixed<'p>(&self, parts: &'p [Part], at: &Resolved<'_>) -> (f64, Vec<&'p Part>) {
        let mut fixed = 1.0;
        let mut open = Vec::new();
        for part in parts {
            match part {
                Part::Level { atom, level } if at.set.contains_key(atom) => {
                    fixed *= indicator(at.set.get(atom) == Some(level));
                }
                Part::Coded { atom, weights, .. } if at.set.contains_key(atom) => {
                    fixed *= at
                        .set
                        .get(atom)
                        .map_or(f64::NAN, |code| weight_of(weights, *code));
                }
                Part::Number { atom } | Part::Basis { atom, .. }
                    if at.numbers.contains_key(atom.column()) =>
                {
                    let value = at.numbers.get(atom.column()).copied().unwrap_or(f64::NAN);
                    fixed *= self.number_at(part, atom, value);
                }
                // A covariate that is set is not missing.
                Part::Missing { of, .. } if at.numbers.contains_key(of.as_str()) => fixed = 0.0,
                other => open.push(other),
            }
        }
        (fixed, open)
    }

    pub(super) fn value_at(&self, parts: &[Part], at: &Resolved<'_>, row: usize) -> f64 {
        let (fixed, open) = self.fixed(parts, at);
        fixed * open.iter().map(|p| self.bound(p).value(row)).product::<f64>()
    }

    /// The column's mean over the analysed rows.
    fn observed(&self, parts: &[Part], at: &Resolved<'_>) -> f64 {
        let (fixed, open) = self.fixed(parts, at);
        if open.is_empty() || fixed == 0.0 {
            return fixed;
        }
        let open: Vec<Bound<'_>> = open.into_iter().map(|p| self.bound(p)).collect();
        let weighted = at
            .rows
            .iter()
            .map(|(row, weight)| weight * open.iter().map(|p| p.value(*row)).product::<f64>());
        fixed * weighted.sum::<f64>()
    }

    /// The column's mean over what the design allows of the assigned factors, and over the analysed rows for the rest.
    fn designed(&self, parts: &[Part], at: &Resolved<'_>, averaged: &[Averaged<'_>]) -> f64 {
        let (fixed, open) = self.fixed(parts, at);
        let (mean, rest) = self.over_profiles(&open, averaged);
        let rest: Vec<Part> = rest.into_iter().cloned().collect();
        fixed * mean * self.observed(&rest, at)
    }

    /// The column's mean over every combination of the other factors' levels, numbers at their own means.
    fn balanced(&self, parts: &[Part], at: &Resolved<'_>) -> f64 {
        let (fixed, open) = self.fixed(parts, at);
        open.iter().fold(fixed, |product, part| {
            product
                * match part {
                    Part::Level { atom, .. } => match self.inputs.get(atom) {
                        Some(Input::Levels { names, .. }) => 1.0 / names.len() as f64,
                        _ => f64::NAN,
                    },
                    Part::Coded { weights, .. } => weights.iter().sum::<f64>() / weights.len() as f64,
                    number => self.mean(number, at),
                }
        })
    }

    /// A number at its mean, or the mean of a part that is none.
    fn mean(&self, part: &Part, at: &Resolved<'_>) -> f64 {
        let average =
            |value: &dyn Fn(usize) -> f64| at.rows.iter().map(|(row, weight)| weight * value(*row)).sum();
        if let Part::Number { atom } | Part::Basis { atom, .. } = part
            && let Some(Input::Function { of, .. } | Input::Basis { of, .. }) = self.inputs.get(atom)
        {
            let mean = average(&|row| of.get(row).copied().unwrap_or(f64::NAN));
            return self.number_at(part, atom, mean);
        }
        let bound = self.bound(part);
        average(&|row| bound.value(row))
    }

    /// Every combination of the factors that are not set, equally weighted, numbers at their means.
    fn grid(&self, at: &Resolved<'_>) -> Result<Vec<(f64, Vec<f64>)>, Refusal> {
        let mut cells: Vec<BTreeMap<&Atom, u32>> = vec![at.set.clone()];
        for (atom, input) in &self.inputs {
            let Input::Levels { names, .. } = input else {
                continue;
            };
            if at.set.contains_key(atom) {
                continue;
            }
            if cells.len() * names.len() > GRID_LIMIT {
                let message = "the balanced grid has more than 100,000 cells";
                return Err(Refusal::new(codes::NOT_DEFINED, message));
            }
            cells = (0..names.len() as u32)
                .flat_map(|level| {
                    cells.iter().map(move |cell| {
                        let mut cell = cell.clone();
                        cell.insert(atom, level);
                        cell
                    })
                })
                .collect();
        }
        let weight = 1.0 / cells.len() as f64;
        Ok(cells
            .into_iter()
            .map(|set| {
                let cell = Resolved {
                    set,
                    numbers: at.numbers.clone(),
                    rows: at.rows.clone(),
                };
                (
                    weight,
                    self.columns
                        .iter()
                        .map(|c| self.balanced(&c.parts, &cell))
                        .collect(),
                )
            })
            .collect())
    }
}

pub(super) fn transposed(at: &Resolved<'_>, columns: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    at.rows
        .iter()
        .enumerate()
        .map(|(position, (_, weight))| {
            let row = columns.iter().filter_map(|c| c.get(position).copied()).collect();
            (*weight, row)
        })
        .collect()
}
