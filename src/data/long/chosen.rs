//! Which of the rows that are made of one was chosen.

use super::super::table::ColumnFacts;
use super::super::typing::{Changes, Noted};
use super::Making;
use crate::diagnostic::codes;
use crate::record::CellRule;
use crate::spec::long::{Chosen, NONE};
use crate::spec::shape::MISSING;
use std::collections::BTreeSet;

impl Making<'_> {
    /// 1 in the row that the cell names, 0 in the others, with an account of every cell.
    pub(super) fn chosen(&mut self, name: &str, spec: &Chosen) {
        let positions = self.positions(&spec.of, false);
        if positions.len() != self.rows.len() {
            return;
        }
        let sources: Vec<Vec<&str>> = positions
            .iter()
            .flatten()
            .map(|p| self.table.texts(*p).collect())
            .collect();
        let values: BTreeSet<&str> = self
            .rows
            .iter()
            .filter_map(|r| r.values.get(spec.by.value.as_str()).copied())
            .collect();
        let (mut changes, mut unclear) = (Changes::default(), Noted::default());
        let mut cells = Vec::new();
        for (row, line) in self.table.lines.iter().enumerate() {
            for (of, made) in sources.iter().zip(self.rows) {
                let cell = of.get(row).copied().unwrap_or_default().trim();
                let means = spec.means.get(cell).map_or(cell, |m| m.value.as_str());
                let own = made
                    .values
                    .get(spec.by.value.as_str())
                    .copied()
                    .unwrap_or_default();
                let is = match means {
                    "" | MISSING => "",
                    NONE => "0",
                    _ if means == own => "1",
                    _ if values.contains(means) => "0",
                    _ => {
                        unclear.add(*line, cell);
                        ""
                    }
                };
                if !cell.is_empty() {
                    changes.add(CellRule::Chosen, cell, Some(is).filter(|i| !i.is_empty()), 1);
                }
                cells.push(is.to_owned());
            }
        }
        if unclear.count > 0 {
            let values: Vec<&str> = values.into_iter().collect();
            let message = format!(
                "{}: cells of `{}` are no `{}`: {}",
                self.file,
                spec.of.value,
                spec.by.value,
                unclear.shown()
            );
            let help = format!(
                "say what they mean: data.long.chosen.{name}.means: {{cell: one of {}, none or missing}}",
                values.join(", ")
            );
            self.refuse(codes::UNCLEAR_MARK, message, &spec.of.at, &help);
        }
        self.cells.extend(changes.facts(name, &spec.of.value));
        self.tell(name, &spec.of.value);
        let facts = ColumnFacts {
            made_of: positions.iter().flatten().min().copied(),
            ..ColumnFacts::default()
        };
        self.put(name, &spec.of.at, cells, facts);
    }
}
