//! Cells that the file itself casts doubt on: identifiers that their type has rounded, levels that are declared missing.

use super::cells::Cells;
use super::levels::Matching;
use super::table::Table;
use super::typing::{Noted, Typing, short};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::Role;

impl Typing<'_> {
    /// The reason not to believe the cells, if there is one.
    pub(super) fn doubted(&self, cells: &Cells, table: &Table) -> Option<Diagnostic> {
        self.rounded(cells, table).or_else(|| self.declared(cells, table))
    }

    /// Identifiers that were stored as numbers larger than their type can tell apart, or cut to a few digits by a
    /// spreadsheet program (`9.0072E+15`): several people may have become one.
    fn rounded(&self, cells: &Cells, table: &Table) -> Option<Diagnostic> {
        if !matches!(self.variable.role, Role::Id | Role::Cluster) {
            return None;
        }
        let mut found = Noted::default();
        let inexact = self.said.is_some_and(|s| s.inexact);
        for (cell, line) in cells.iter().zip(&table.lines) {
            let cell = cell.trim();
            let large = || cell.parse::<f64>().is_ok_and(|v| v.abs() >= EXACT);
            if scientific(cell) || (inexact && large()) {
                found.add(*line, cell);
            }
        }
        (found.count > 0).then(|| {
            let message = format!(
                "{} identifiers in `{}` (variable `{}`) were rounded before they came into this file: {}",
                found.count,
                self.raw,
                self.name,
                found.shown()
            );
            let help = "keep identifiers as text where they are exported; those in this file may stand for several people each";
            self.refuse(codes::ID_ROUNDED, message, &found, help.to_owned())
        })
    }

    /// Cells that the file declares missing and labels as a registered level.
    fn declared(&self, cells: &Cells, table: &Table) -> Option<Diagnostic> {
        let said = self.said.filter(|s| !s.missing.is_empty())?;
        let matching = Matching {
            names: &self.variable.levels.names,
            labels: self.labels,
            values: None,
            said: self.said,
        };
        let settled =
            |cell: &str| self.missing.contains(cell) || self.values.is_some_and(|v| v.contains_key(cell));
        let missing = said.missing.iter().filter(|cell| !settled(cell));
        let mut both = missing.filter_map(|cell| Some((cell, matching.find(cell).code()?)));
        let (declared, code) = both.next()?;
        let level = self.variable.levels.names.get(code as usize)?;
        let mut found = Noted::default();
        let here = cells
            .iter()
            .zip(&table.lines)
            .filter(|(cell, _)| cell.trim() == declared);
        here.for_each(|(cell, line)| found.add(*line, cell));
        let message = format!(
            "column `{}` (variable `{}`): the file declares '{}' missing, and it stands for the level `{level}`",
            self.raw,
            self.name,
            short(declared)
        );
        let help = format!(
            "say which is meant: data.values: {{{name}: {{{declared}: {level}}}}} or data.missing_codes: {{{name}: [{declared}]}}",
            name = self.name
        );
        Some(self.refuse(codes::AMBIGUOUS_LABEL, message, &found, help))
    }
}

/// From here on, the narrowest type of the formats that are read, Stata's `float`, no longer tells whole numbers apart.
const EXACT: f64 = 16_777_216.0;

/// A number as a spreadsheet program cuts it.
fn scientific(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let Some((mantissa, exponent)) = cell.split_once("E+") else {
        return false;
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && exponent.len() == 2 && digits(exponent)
}
