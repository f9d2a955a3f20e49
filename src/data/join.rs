//! Columns from another file, by a key. Every row of the data stays, as R's `merge(x, y, all.x = TRUE)` keeps it: one
//! without a partner gets empty cells and is counted. A key that occurs twice where it must not is refused.

use super::table::{ColumnFacts, Table};
use super::typing::Noted;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::record::{JoinedFacts, JoinedKey, RowFacts};
use crate::source::Source;
use crate::spec::join::{Join, Matches};
use std::collections::{BTreeMap, BTreeSet};

/// A file that is joined, as it was read.
pub struct Joined<'a> {
    pub spec: &'a Join,
    pub source: &'a Source,
}

/// # Errors
/// A003 and A004 for columns that are not there or would stand twice; A018 for keys that occur twice or match nothing.
pub(super) fn join(table: &mut Table, file: &str, joined: &Joined<'_>) -> Result<(), Vec<Diagnostic>> {
    let (spec, other_file) = (joined.spec, joined.source.name.as_str());
    let other = super::read(joined.source, &spec.reading)?;
    let mut errors = Vec::new();
    let here = keys(table, file, spec.by.iter().map(|(here, _)| here), &mut errors);
    let there = keys(
        &other,
        other_file,
        spec.by.iter().map(|(_, there)| there),
        &mut errors,
    );
    let columns = columns(table, &other, joined, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut twice = Noted::default();
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, key) in there.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
        if rows.insert(key, row).is_some() {
            twice.add(line(&other, row), &shown(key));
        }
    }
    errors.extend(repeated(
        &twice,
        other_file,
        "the joined rows could not be told apart",
    ));
    let partners: Vec<Option<usize>> = here.iter().map(|key| rows.get(key.as_str()).copied()).collect();
    if spec.matches.value == Matches::OneToOne {
        let mut seen = BTreeSet::new();
        let mut twice = Noted::default();
        for (row, key) in here.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            if !seen.insert(key) {
                twice.add(line(table, row), &shown(key));
            }
        }
        let why = "`matches: many_to_one` is for files in which several rows have one partner";
        errors.extend(repeated(&twice, file, why));
    }
    let facts = facts(table, &other, joined, &here, &partners);
    if facts.matched == 0 && errors.is_empty() {
        let message = format!("no row of {file} has a partner in {other_file}");
        let help = "name the columns that identify a row in both files: `by: {column here: column there}`";
        errors.push(
            Diagnostic::error(codes::JOIN_KEY, message)
                .at(spec.path.at.clone())
                .help(help),
        );
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    for (name, position) in columns {
        let cells: Vec<&str> = other.texts(position).collect();
        let cell = |partner: &Option<usize>| {
            partner
                .and_then(|p| cells.get(p))
                .map_or(String::new(), |c| (*c).to_owned())
        };
        let taken: Vec<String> = partners.iter().map(cell).collect();
        let said = other.columns.get(&position).cloned().unwrap_or_default();
        table.append(
            &name,
            &taken,
            ColumnFacts {
                made_of: Some(position),
                ..said
            },
        );
    }
    table.warnings.extend(other.warnings.iter().cloned());
    table.warnings.extend(unmatched(&facts, file, joined));
    table.shape.joined.push(facts);
    Ok(())
}

fn line(table: &Table, row: usize) -> u64 {
    table.lines.get(row).copied().unwrap_or(0)
}

/// Between the parts of a key; no survey platform writes it into a cell.
const BETWEEN: char = '\u{1F}';

fn shown(key: &str) -> String {
    key.replace(BETWEEN, ", ")
}

/// Each row's key; empty where a part of it is.
fn keys<'k>(
    table: &Table,
    file: &str,
    by: impl Iterator<Item = &'k crate::spec::Located<String>>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let mut positions = Vec::new();
    for name in by {
        match table.position(name, file) {
            Ok(position) if table.columns.get(&position).is_some_and(|c| c.inexact) => {
                let message = format!(
                    "{file}: keys in `{}` were rounded before they came into the file",
                    name.value
                );
                let help = "keep identifiers as text where they are exported";
                errors.push(
                    Diagnostic::error(codes::ID_ROUNDED, message)
                        .at(name.at.clone())
                        .help(help),
                );
            }
            Ok(position) => positions.push(position),
            Err(error) => errors.push(error),
        }
    }
    let mut parts: Vec<Vec<&str>> = vec![Vec::new(); table.rows()];
    for position in positions {
        for (key, cell) in parts.iter_mut().zip(table.texts(position)) {
            key.push(cell.trim());
        }
    }
    let whole = |key: &Vec<&str>| !key.iter().any(|part| part.is_empty());
    parts
        .iter()
        .map(|key| {
            if whole(key) {
                key.join(&BETWEEN.to_string())
            } else {
                String::new()
            }
        })
        .collect()
}

/// The columns that are taken, under their new names.
fn columns(
    table: &Table,
    other: &Table,
    joined: &Joined<'_>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<(String, usize)> {
    let spec = joined.spec;
    let key = |name: &String| spec.by.iter().any(|(_, there)| there.value == *name);
    let positions: Vec<usize> = if spec.columns.is_empty() {
        (0..other.names.len())
            .filter(|p| !other.names.get(*p).is_some_and(key))
            .collect()
    } else {
        let mut found = Vec::new();
        for name in &spec.columns {
            match other.position(name, &joined.source.name) {
                Ok(position) => found.push(position),
                Err(error) => errors.push(error),
            }
        }
        found
    };
    let suffix = spec.suffix.as_ref().map_or("", |s| s.value.as_str());
    let named = |p: usize| Some((format!("{}{suffix}", other.names.get(p)?), p));
    let columns: Vec<(String, usize)> = positions.into_iter().filter_map(named).collect();
    let both: Vec<&str> = columns
        .iter()
        .map(|(n, _)| n.as_str())
        .filter(|n| table.names.iter().any(|t| t == n))
        .collect();
    if !both.is_empty() {
        let message = format!(
            "{} has columns that the data have as well: {}",
            joined.source.name,
            both.join(", ")
        );
        let help = "write `columns:` with those that are wanted, or a `suffix:` for their names";
        errors.push(
            Diagnostic::error(codes::COLUMN_DUPLICATE, message)
                .at(spec.path.at.clone())
                .help(help),
        );
    }
    columns
}

fn repeated(twice: &Noted, file: &str, why: &str) -> Option<Diagnostic> {
    let first = twice.rows.first()?;
    let mut place = Place::file(file);
    place.line = usize::try_from(first.line).unwrap_or(1);
    let message = format!(
        "{} rows of {file} repeat the key of an earlier one: {}",
        twice.count,
        twice.shown()
    );
    Some(Diagnostic::error(codes::JOIN_KEY, message).at(place).help(why))
}

fn facts(
    table: &Table,
    other: &Table,
    joined: &Joined<'_>,
    here: &[String],
    partners: &[Option<usize>],
) -> JoinedFacts {
    let spec = joined.spec;
    let taken: BTreeSet<usize> = partners.iter().flatten().copied().collect();
    let without = || {
        partners
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_none())
            .map(|(row, _)| row)
    };
    let unused = || (0..other.rows()).filter(|row| !taken.contains(row));
    let alone = |row: usize| RowFacts {
        line: line(table, row),
        value: here.get(row).map(|key| shown(key)).unwrap_or_default(),
    };
    JoinedFacts {
        file: joined.source.name.clone(),
        digest: joined.source.digest.clone(),
        pinned: spec.sha256.as_ref().map(|s| s.value.clone()),
        read: other.facts.clone(),
        by: spec
            .by
            .iter()
            .map(|(here, there)| JoinedKey {
                column: here.value.clone(),
                theirs: there.value.clone(),
            })
            .collect(),
        matches: spec.matches.value,
        matched: partners.iter().flatten().count() as u64,
        unmatched: without().count() as u64,
        unmatched_rows: without().take(10).map(alone).collect(),
        unused: unused().count() as u64,
        unused_lines: unused().take(10).map(|row| line(other, row)).collect(),
    }
}

fn unmatched(facts: &JoinedFacts, file: &str, joined: &Joined<'_>) -> Option<Diagnostic> {
    if facts.unmatched == 0 && facts.unused == 0 {
        return None;
    }
    let message = format!(
        "{} rows of {file} have no partner in {}, and {} rows there are nobody's",
        facts.unmatched, facts.file, facts.unused
    );
    Some(
        Diagnostic::warning(codes::JOIN_UNMATCHED, message)
            .at(joined.spec.path.at.clone())
            .help(
                "rows without a partner stay, with empty cells in the joined columns; the record counts both",
            ),
    )
}
