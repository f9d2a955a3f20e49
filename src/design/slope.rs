//! Derivatives of the design's rows by a number.

use super::coding::{Input, Part};
use super::row::{Resolved, transposed};
use super::target::Target;
use super::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::Atom;

impl Design {
    /// The derivatives of [`Design::rows_at`]'s rows by the number `of`.
    ///
    /// # Errors
    /// E015 if the model uses the number as a factor, or in a spline of straight pieces.
    pub fn slopes_at(&self, of: &str, target: &Target<'_>) -> Result<Vec<(f64, Vec<f64>)>, Refusal> {
        let resolved = self.resolve(target)?;
        if self
            .inputs
            .keys()
            .any(|atom| matches!(atom, Atom::Factor(name) if name == of))
        {
            let message = format!("the model uses `{of}` as a factor: it has no slope");
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        if let Some((atom, _)) = self.inputs.iter().find(|(atom, input)| {
            atom.column() == of && matches!(input, Input::Basis { spanned, .. } if spanned.has_corners())
        }) {
            let message = format!("{atom} has no slope where its straight pieces meet");
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        let columns: Vec<Vec<f64>> = self
            .columns
            .iter()
            .map(|column| {
                let rows = resolved.rows.iter();
                rows.map(|(row, _)| self.change(&column.parts, of, &resolved, *row))
                    .collect()
            })
            .collect();
        Ok(transposed(&resolved, &columns))
    }

    /// The derivative of a product by the number `of`: each of its parts in turn.
    fn change(&self, parts: &[Part], of: &str, at: &Resolved<'_>, row: usize) -> f64 {
        let mut total = 0.0;
        for (position, part) in parts.iter().enumerate() {
            let (Part::Number { atom } | Part::Basis { atom, .. }) = part else {
                continue;
            };
            if atom.column() != of {
                continue;
            }
            let value = |own: &[f64]| {
                let set = at.numbers.get(of).copied();
                set.or(own.get(row).copied()).unwrap_or(f64::NAN)
            };
            let slope = match (self.inputs.get(atom), part) {
                (Some(Input::Function { of: own, applied }), _) => applied.slope(value(own)),
                (Some(Input::Basis { of: own, spanned, .. }), Part::Basis { column, .. }) => {
                    spanned.slope(*column, value(own))
                }
                _ => 1.0,
            };
            let others: Vec<Part> = parts
                .iter()
                .enumerate()
                .filter(|(p, _)| *p != position)
                .map(|(_, p)| p.clone())
                .collect();
            total += slope * self.value_at(&others, at, row);
        }
        total
    }
}
