//! Which registered level a cell stands for.
//!
//! By the pipeline's mapping alone, if it names the cell. Otherwise by the level's name, by its registered label, and by
//! the label that the file itself gives to the cell: all that apply must agree, or the cell is ambiguous.

use super::table::ColumnFacts;
use crate::record::CellRule;
use crate::spec::Located;
use std::collections::BTreeMap;

/// The names and labels by which cells are matched.
pub(super) struct Matching<'a> {
    pub names: &'a [String],
    /// Level → registered label.
    pub labels: &'a [(String, String)],
    /// Raw value → level, by the pipeline.
    pub values: Option<&'a BTreeMap<String, Located<String>>>,
    pub said: Option<&'a ColumnFacts>,
}

/// What a cell stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Match {
    /// A level by its own name.
    Name(u32),
    By(CellRule, u32),
    None,
    /// Two levels, by two rules.
    Ambiguous(u32, u32),
}

impl Matching<'_> {
    pub fn find(&self, cell: &str) -> Match {
        if let Some(mapped) = self.values.and_then(|v| v.get(cell)) {
            return match self.named(&mapped.value) {
                Some(code) => Match::By(CellRule::Mapped, code),
                None => Match::None,
            };
        }
        let said = self.said.and_then(|s| s.labels.get(cell)).map(|l| l.trim());
        let found = [
            self.named(cell).map(Match::Name),
            self.labelled(cell)
                .map(|code| Match::By(CellRule::RegisteredLabel, code)),
            said.and_then(|l| self.named(l).or_else(|| self.labelled(l)))
                .map(|code| Match::By(CellRule::FileLabel, code)),
        ];
        let mut found = found.into_iter().flatten();
        let Some(first) = found.next() else {
            return Match::None;
        };
        match found.find(|other| other.code() != first.code()) {
            Some(other) => Match::Ambiguous(first.code().unwrap_or(0), other.code().unwrap_or(0)),
            None => first,
        }
    }

    fn named(&self, name: &str) -> Option<u32> {
        let position = self.names.iter().position(|l| l == name)?;
        u32::try_from(position).ok()
    }

    /// The level that alone has this label.
    fn labelled(&self, label: &str) -> Option<u32> {
        let mut having = self.labels.iter().filter(|(_, l)| l == label);
        match (having.next(), having.next()) {
            (Some((name, _)), None) => self.named(name),
            _ => None,
        }
    }
}

impl Match {
    pub fn code(self) -> Option<u32> {
        match self {
            Match::Name(code) | Match::By(_, code) => Some(code),
            Match::None | Match::Ambiguous(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_agree_or_the_cell_is_ambiguous() {
        let names = ["democracy".to_owned(), "autocracy".to_owned(), "1".to_owned()];
        let labels = [
            ("democracy".to_owned(), "Democracy".to_owned()),
            ("autocracy".to_owned(), "Not a democracy".to_owned()),
            ("1".to_owned(), "One".to_owned()),
        ];
        let said = ColumnFacts {
            labels: BTreeMap::from([
                ("0".to_owned(), "Not a democracy".to_owned()),
                ("1".to_owned(), "Democracy".to_owned()),
                ("2".to_owned(), "autocracy".to_owned()),
            ]),
            ..ColumnFacts::default()
        };
        let matching = Matching {
            names: &names,
            labels: &labels,
            values: None,
            said: Some(&said),
        };
        for (cell, expected) in [
            ("democracy", Match::Name(0)),
            ("Not a democracy", Match::By(CellRule::RegisteredLabel, 1)),
            ("0", Match::By(CellRule::FileLabel, 1)),
            ("2", Match::By(CellRule::FileLabel, 1)),
            ("1", Match::Ambiguous(2, 0)),
            ("3", Match::None),
        ] {
            assert_eq!(matching.find(cell), expected, "{cell}");
        }
    }
}
