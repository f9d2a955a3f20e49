//! Attributes of a conjoint whose order was drawn: a cell names the attribute, another one holds its level.

use super::super::table::ColumnFacts;
use super::super::typing::Noted;
use super::Making;
use crate::diagnostic::{codes, nearest};
use crate::spec::Located;
use crate::spec::long::{ATTRIBUTE, Attributes, filled};
use std::collections::BTreeSet;

impl<'a> Making<'a> {
    /// Attributes in a drawn order: the place of each is looked up in every row.
    pub(super) fn attributes(&mut self, spec: &Attributes) {
        let places = (1..).take_while(|place| {
            let (place, first) = (place.to_string(), self.rows.first());
            let mut row = first.map(|r| r.names.clone()).unwrap_or_default();
            row.insert(ATTRIBUTE, &place);
            self.table.names.contains(&filled(&spec.names.value, &row))
        });
        let places: Vec<String> = places.map(|p: u32| p.to_string()).collect();
        let at_place = |pattern: &Located<String>, place: &str| Located {
            value: pattern.value.replace(&format!("{{{ATTRIBUTE}}}"), place),
            at: pattern.at.clone(),
        };
        let (mut names, mut levels) = (Vec::new(), Vec::new());
        for place in &places {
            names.push(self.positions(&at_place(&spec.names, place), false));
            levels.push(self.positions(&at_place(&spec.levels, place), false));
        }
        if names.iter().chain(&levels).any(|p| p.len() != self.rows.len()) || places.is_empty() {
            if places.is_empty() {
                let message = format!("{} has no columns `{}`", self.file, spec.names.value);
                self.refuse(
                    codes::COLUMN_MISSING,
                    message,
                    &spec.names.at,
                    "names are written as the file writes them",
                );
            }
            return;
        }
        let texts = |positions: &[Vec<Option<usize>>]| -> Vec<Vec<Vec<&'a str>>> {
            let of_place = |p: &Vec<Option<usize>>| {
                p.iter()
                    .flatten()
                    .map(|p| self.table.texts(*p).map(str::trim).collect())
                    .collect()
            };
            positions.iter().map(of_place).collect()
        };
        let (names, levels) = (texts(&names), texts(&levels));
        for (column, label) in &spec.of {
            self.attribute(column, label, spec, &names, &levels);
        }
    }

    fn attribute(
        &mut self,
        column: &str,
        label: &Located<String>,
        spec: &Attributes,
        names: &[Vec<Vec<&'a str>>],
        levels: &[Vec<Vec<&'a str>>],
    ) {
        let mut unclear = Noted::default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut cells = Vec::new();
        for (row, line) in self.table.lines.iter().enumerate() {
            for made in 0..self.rows.len() {
                let at = |place: &Vec<Vec<&'a str>>| {
                    place
                        .get(made)
                        .and_then(|c| c.get(row))
                        .copied()
                        .unwrap_or_default()
                };
                let said: Vec<&str> = names.iter().map(at).collect();
                let places: Vec<usize> = (0..said.len())
                    .filter(|p| said.get(*p) == Some(&label.value.as_str()))
                    .collect();
                seen.extend(said.iter().filter(|s| !s.is_empty()));
                let cell = match places.as_slice() {
                    [place] => levels.get(*place).map(at).unwrap_or_default(),
                    [] if said.iter().all(|s| s.is_empty()) => "",
                    _ => {
                        unclear.add(*line, &said.join(", "));
                        ""
                    }
                };
                cells.push(cell.to_owned());
            }
        }
        if unclear.count > 0 {
            let message = format!(
                "{}: the attribute '{}' does not stand once among the names of a row: {}",
                self.file,
                label.value,
                unclear.shown()
            );
            let help = match nearest(&label.value, seen) {
                Some(near) => format!("did you mean `{near}`?"),
                None => String::from("write what the cells that name the attributes say"),
            };
            self.refuse(codes::UNCLEAR_MARK, message, &label.at, &help);
        }
        self.tell(
            column,
            &format!(
                "{} where {} is {}",
                spec.levels.value, spec.names.value, label.value
            ),
        );
        self.put(column, &label.at, cells, ColumnFacts::default());
    }
}
