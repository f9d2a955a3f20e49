//! Text cells to typed columns, by the codebook and the pipeline's mapping. What does not fit is counted.

use super::dates;
use super::read::Table;
use super::sample::{Column, Sample};
use crate::diagnostic::{Code, Diagnostic, Place, codes, nearest};
use crate::plan::{Derivation, DesignKind, Plan, Role, VariablePlan, Wording};
use crate::record::{CodebookFacts, CodebookKind, RowFacts};
use crate::spec::pipeline::Mapping;
use polars::prelude::StringChunked;
use std::collections::{BTreeMap, BTreeSet};

/// Every row of the file, typed.
#[derive(Clone, Debug)]
pub struct Collected {
    pub sample: Sample,
    pub codebook: Vec<CodebookFacts>,
    pub warnings: Vec<Diagnostic>,
}

/// What is needed to type one column.
struct Typing<'a> {
    name: &'a str,
    variable: &'a VariablePlan,
    raw: &'a str,
    position: usize,
    file: &'a str,
    missing: BTreeSet<&'a str>,
    values: Option<&'a BTreeMap<String, crate::spec::Located<String>>>,
    labels: &'a [(String, String)],
}

/// Cells that cannot be typed, by line.
struct Refused {
    code: Code,
    expected: &'static str,
    cells: Vec<RowFacts>,
    count: u64,
}

/// Types the columns that the plan uses.
pub fn collect(
    table: &Table,
    file: &str,
    mapping: &Mapping,
    plan: &Plan,
    wording: &Wording,
) -> Result<Collected, Vec<Diagnostic>> {
    let needed = needed(plan);
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let mut codebook = Vec::new();
    let mut columns = BTreeMap::new();
    let mut used = BTreeSet::new();
    for (name, variable) in &plan.variables {
        let raw = mapping
            .columns
            .get(name)
            .map_or(name.as_str(), |c| c.value.as_str());
        let places: Vec<usize> = table
            .names
            .iter()
            .enumerate()
            .filter(|(_, n)| n.as_str() == raw)
            .map(|(i, _)| i)
            .collect();
        let at = mapping
            .columns
            .get(name)
            .map_or_else(|| Place::file(file), |c| c.at.clone());
        let Some(&position) = places.first() else {
            let diagnostic = absent(table, name, raw, file, needed.contains(name.as_str())).at(at);
            if needed.contains(name.as_str()) {
                errors.push(diagnostic)
            } else {
                warnings.push(diagnostic)
            }
            continue;
        };
        if places.len() > 1 {
            let message = format!("{file} has {} columns called `{raw}`", places.len());
            let help = format!("rename all but the one that holds `{name}`");
            errors.push(
                Diagnostic::error(codes::COLUMN_DUPLICATE, message)
                    .at(at)
                    .help(help),
            );
            continue;
        }
        let Some(cells) = table.column(position) else {
            continue;
        };
        let missing = mapping
            .missing_codes
            .get(name)
            .into_iter()
            .flatten()
            .map(|c| c.value.as_str());
        let typing = Typing {
            name,
            variable,
            raw,
            position,
            file,
            missing: missing.collect(),
            values: mapping.values.get(name),
            labels: wording.levels.get(name).map(Vec::as_slice).unwrap_or_default(),
        };
        let (column, refused) = typing.column(cells, table, &mut codebook, &mut used);
        columns.insert(name.clone(), column);
        errors.extend(refused.map(|r| typing.refusal(&r)));
    }
    warnings.extend(unused(mapping, &used));
    let sample = Sample {
        lines: table.lines.clone(),
        columns,
    };
    warnings.extend(duplicates(&sample, plan, file));
    if errors.is_empty() {
        Ok(Collected {
            sample,
            codebook,
            warnings,
        })
    } else {
        Err(errors)
    }
}

/// Variables without which the plan cannot be run or checked.
fn needed(plan: &Plan) -> BTreeSet<&str> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for model in plan.models.values() {
        found.extend(model.formula.columns().into_iter().map(str::to_owned));
        found.extend(model.subset.iter().flat_map(crate::plan::Expr::columns));
    }
    found.extend(plan.exclusions.iter().flat_map(|e| e.drop_if.columns()));
    for derived in plan
        .derived
        .iter()
        .rev()
        .filter(|d| found.contains(&d.name))
        .cloned()
        .collect::<Vec<_>>()
    {
        match &derived.rule {
            Derivation::MeanOf { items, .. } | Derivation::SumOf { items, .. } => {
                found.extend(items.iter().cloned());
            }
            Derivation::When(expression) => found.extend(expression.columns()),
        }
    }
    found.extend(plan.design.unit.clone());
    plan.variables
        .iter()
        .filter(|(name, v)| found.contains(*name) || v.probability.is_some() || matches!(v.role, Role::Time))
        .map(|(name, _)| name.as_str())
        .collect()
}

fn absent(table: &Table, name: &str, raw: &str, file: &str, needed: bool) -> Diagnostic {
    let message = format!("{file} has no column `{raw}` for the variable `{name}`");
    let help = match nearest(raw, table.names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`? Map it under `data.columns`: {{{name}: {near}}}"),
        None => format!("map it under `data.columns`: {{{name}: the column's name in the file}}"),
    };
    if needed {
        Diagnostic::error(codes::COLUMN_MISSING, message).help(help)
    } else {
        Diagnostic::warning(
            codes::COLUMN_MISSING,
            format!("{message}; nothing in the plan uses it"),
        )
        .help(help)
    }
}

impl<'a> Typing<'a> {
    fn column(
        &self,
        cells: &'a StringChunked,
        table: &Table,
        codebook: &mut Vec<CodebookFacts>,
        used: &mut BTreeSet<(String, String)>,
    ) -> (Column, Option<Refused>) {
        let cells = cells.iter().map(|c| c.unwrap_or_default().trim()).map(|cell| {
            let missing = cell.is_empty() || self.missing.contains(cell);
            if missing && !cell.is_empty() {
                used.insert((self.name.to_owned(), cell.to_owned()));
            }
            (!missing).then_some(cell)
        });
        let cells: Vec<Option<&str>> = cells.collect();
        for cell in cells.iter().flatten() {
            if let Some((raw, _)) = self.values.and_then(|v| v.get_key_value(*cell))
                && !used.contains(&(self.name.to_owned(), raw.clone()))
            {
                used.insert((self.name.to_owned(), raw.clone()));
            }
        }
        if !self.variable.levels.is_empty() {
            return (self.levels(&cells, table, codebook), None);
        }
        match self.variable.role {
            Role::Time => self.times(&cells, table),
            Role::Id => (
                Column::Text(cells.iter().map(|c| c.map(str::to_owned)).collect()),
                None,
            ),
            _ => self.numbers(&cells, table, codebook),
        }
    }

    /// A level by the mapping, by its name, or by a label that only one level has.
    fn levels(&self, cells: &[Option<&str>], table: &Table, codebook: &mut Vec<CodebookFacts>) -> Column {
        let names = &self.variable.levels.names;
        let code = |name: &str| {
            names
                .iter()
                .position(|l| l == name)
                .and_then(|p| u32::try_from(p).ok())
        };
        let by_label = |cell: &str| {
            let mut labelled = self.labels.iter().filter(|(_, label)| label == cell);
            match (labelled.next(), labelled.next()) {
                (Some((name, _)), None) => code(name),
                _ => None,
            }
        };
        let mut known: BTreeMap<&str, Option<u32>> = BTreeMap::new();
        let mut unregistered = Vec::new();
        let mut count = 0;
        let mut coded = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                coded.push(None);
                continue;
            };
            let level = *known.entry(cell).or_insert_with(|| {
                let mapped = self.values.and_then(|v| v.get(*cell)).map(|l| l.value.as_str());
                mapped
                    .and_then(code)
                    .or_else(|| code(cell))
                    .or_else(|| by_label(cell))
            });
            if level.is_none() {
                note(&mut unregistered, &mut count, *line, cell);
            }
            coded.push(level);
        }
        self.facts(CodebookKind::UnregisteredLevel, unregistered, count, codebook);
        Column::Factor {
            levels: names.clone(),
            codes: coded,
        }
    }

    fn numbers(
        &self,
        cells: &[Option<&str>],
        table: &Table,
        codebook: &mut Vec<CodebookFacts>,
    ) -> (Column, Option<Refused>) {
        let mut refused = Refused {
            code: codes::NOT_A_NUMBER,
            expected: "a number",
            cells: Vec::new(),
            count: 0,
        };
        let (mut beyond, mut beyond_count) = (Vec::new(), 0);
        let mut numbers = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let Some(cell) = cell else {
                numbers.push(None);
                continue;
            };
            let mapped = self
                .values
                .and_then(|v| v.get(*cell))
                .map_or(*cell, |l| l.value.as_str());
            let number = number(mapped);
            match number {
                None => note(&mut refused.cells, &mut refused.count, *line, cell),
                Some(value) if !self.in_scale(value) => note(&mut beyond, &mut beyond_count, *line, cell),
                Some(_) => {}
            }
            numbers.push(number);
        }
        self.facts(CodebookKind::OutOfRange, beyond, beyond_count, codebook);
        (Column::Number(numbers), (refused.count > 0).then_some(refused))
    }

    fn times(&self, cells: &[Option<&str>], table: &Table) -> (Column, Option<Refused>) {
        let mut refused = Refused {
            code: codes::NOT_A_DATE,
            expected: "a date such as 2024-11-04 10:22:31",
            cells: Vec::new(),
            count: 0,
        };
        let mut times = Vec::with_capacity(cells.len());
        for (cell, line) in cells.iter().zip(&table.lines) {
            let time = cell.and_then(dates::normalised);
            if let (Some(cell), None) = (cell, &time) {
                note(&mut refused.cells, &mut refused.count, *line, cell);
            }
            times.push(time);
        }
        (Column::Text(times), (refused.count > 0).then_some(refused))
    }

    fn in_scale(&self, value: f64) -> bool {
        let Some(scale) = self.variable.scale else {
            return true;
        };
        scale.min.is_none_or(|min| value >= min) && scale.max.is_none_or(|max| value <= max)
    }

    fn facts(&self, kind: CodebookKind, rows: Vec<RowFacts>, count: u64, codebook: &mut Vec<CodebookFacts>) {
        if count > 0 {
            codebook.push(CodebookFacts {
                variable: self.name.to_owned(),
                column: self.raw.to_owned(),
                field: self.position as u64 + 1,
                kind,
                count,
                rows,
                file: self.file.to_owned(),
            });
        }
    }

    fn refusal(&self, refused: &Refused) -> Diagnostic {
        let shown: Vec<String> = refused
            .cells
            .iter()
            .map(|r| format!("line {}: '{}'", r.line, short(&r.value)))
            .collect();
        let message = format!(
            "{} cells of `{}` (variable `{}`) are not {}: {}{}",
            refused.count,
            self.raw,
            self.name,
            refused.expected,
            shown.join(", "),
            if refused.count > 10 { ", …" } else { "" }
        );
        let mut place = Place::file(self.file);
        place.line = refused
            .cells
            .first()
            .and_then(|r| usize::try_from(r.line).ok())
            .unwrap_or(1);
        place.column = self.position + 1;
        Diagnostic::error(refused.code, message).at(place).help(format!(
            "if they stand for missing values, declare them: data.missing_codes: {{{}: […]}}; or map them under data.values",
            self.name
        ))
    }
}

/// A finite number as people write one; words such as inf and nan are none.
fn number(cell: &str) -> Option<f64> {
    let plain = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    cell.parse::<f64>()
        .ok()
        .filter(|value| plain && value.is_finite())
}

fn note(rows: &mut Vec<RowFacts>, count: &mut u64, line: u64, value: &str) {
    *count += 1;
    if rows.len() < 10 {
        rows.push(RowFacts {
            line,
            value: short(value),
        });
    }
}

fn short(value: &str) -> String {
    let cut: String = value.chars().take(60).collect();
    if cut.len() < value.len() {
        format!("{cut}…")
    } else {
        cut
    }
}

/// A mapping that matched no cell is often a misspelt one.
fn unused(mapping: &Mapping, used: &BTreeSet<(String, String)>) -> Vec<Diagnostic> {
    let values = mapping
        .values
        .iter()
        .flat_map(|(n, v)| v.iter().map(move |(raw, l)| (n, raw, &l.at, "values")));
    let missing = mapping
        .missing_codes
        .iter()
        .flat_map(|(n, v)| v.iter().map(move |c| (n, &c.value, &c.at, "missing_codes")));
    values
        .chain(missing)
        .filter(|(name, raw, _, _)| !used.contains(&((*name).clone(), (*raw).clone())))
        .map(|(name, raw, at, key)| {
            Diagnostic::warning(
                codes::UNUSED_MAPPING,
                format!("data.{key}.{name}: no cell holds '{raw}'"),
            )
            .at(at.clone())
            .help("remove it, or correct its spelling")
        })
        .collect()
}

fn duplicates(sample: &Sample, plan: &Plan, file: &str) -> Option<Diagnostic> {
    let one_row = !matches!(
        plan.design.kind,
        DesignKind::Conjoint | DesignKind::WithinSubjects
    );
    let unit = plan.design.unit.as_ref().filter(|_| one_row)?;
    let Column::Text(ids) = sample.column(unit)? else {
        return None;
    };
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut twice = Vec::new();
    for (id, line) in ids.iter().zip(&sample.lines) {
        if let Some(first) = id.as_deref().and_then(|id| seen.insert(id, *line).map(|_| id)) {
            twice.push(format!("line {line}: '{}'", short(first)));
        }
    }
    let shown = twice.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    (!twice.is_empty()).then(|| {
        Diagnostic::warning(
            codes::DUPLICATE_ID,
            format!(
                "{} rows repeat a `{unit}`, though the design has one row a unit: {shown}",
                twice.len()
            ),
        )
        .at(Place::file(file))
        .help("register an exclusion for repeated units, or correct `design.kind`")
    })
}
