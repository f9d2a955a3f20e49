//! Text cells to typed columns, by the codebook and the pipeline's mapping. What does not fit is counted.

use super::flagged::MARKS;
use super::read::Wanted;
use super::repeats::repeats;
use super::sample::Sample;
use super::table::Table;
use super::typing::{Typing, short};
use super::{codebook, decimal, parallel};
use crate::diagnostic::{Diagnostic, Place, codes, nearest};
use crate::plan::{Plan, Role, VariablePlan, Wording};
use crate::record::{CellFacts, CellRule, CodebookFacts, CodebookKind, FileFacts, RowFacts};
use crate::spec::pipeline::{DataSpec, Decimal, Mapping};
use crate::spec::shape::Shape;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every row of the file, typed.
#[derive(Clone, Debug)]
pub struct Collected {
    pub sample: Sample,
    pub file: FileFacts,
    pub cells: Vec<CellFacts>,
    pub codebook: Vec<CodebookFacts>,
    pub warnings: Vec<Diagnostic>,
}

/// The columns that plans register, by their names in the file, and those that a platform marks responses in.
/// All of them where columns are made of others.
pub fn wanted<'p>(spec: &DataSpec, plans: impl IntoIterator<Item = &'p Plan>) -> Wanted {
    if spec.shape != Shape::default() {
        return Wanted::All;
    }
    let names = plans.into_iter().flat_map(|plan| plan.variables.keys());
    let registered = names.map(|name| raw(&spec.mapping, name));
    let names = registered.chain(MARKS).map(str::to_owned);
    Wanted::Named(names.collect())
}

/// What a variable's column is called in the file.
fn raw<'m>(mapping: &'m Mapping, name: &'m str) -> &'m str {
    mapping.columns.get(name).map_or(name, |c| c.value.as_str())
}

/// Types the columns that the plan uses.
pub fn collect(
    table: &Table,
    file: &str,
    mapping: &Mapping,
    plan: &Plan,
    wording: &Wording,
) -> Result<Collected, Vec<Diagnostic>> {
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    let found = columns(table, file, mapping, plan, &mut errors, &mut warnings);
    let passed = found
        .iter()
        .filter_map(|(name, position)| passed_over(table, file, name, *position));
    let mut codebook: Vec<CodebookFacts> = passed.collect();
    let numbers = found
        .iter()
        .filter(|(name, _)| plan.variables.get(**name).is_some_and(is_number))
        .filter_map(|(_, position)| table.column(*position));
    let decimal = match &mapping.decimal {
        Some(declared) => Some(declared.value),
        None => decimal::told(numbers, table, file).unwrap_or_else(|ambiguous| {
            errors.push(ambiguous);
            None
        }),
    };
    for position in found.values() {
        if let Some(why) = table.columns.get(position).and_then(|c| c.unreadable.as_ref()) {
            let unreadable = Diagnostic::error(codes::DATA_SYNTAX, format!("{file}: {why}"));
            errors.push(
                unreadable
                    .at(Place::file(file))
                    .help("write it as a plain column, or export the file as CSV"),
            );
        }
    }
    let mut cells = table.changes.clone();
    let mut typed_columns = BTreeMap::new();
    let found: Vec<(&str, usize)> = found.into_iter().collect();
    let typed = parallel::over(found.len(), &|which| {
        let (name, position) = *found.get(which)?;
        let (variable, column) = (plan.variables.get(name)?, table.column(position)?);
        let missing = mapping.missing_codes.get(name).into_iter().flatten();
        let typing = Typing {
            name,
            variable,
            raw: table.names.get(position).map(String::as_str).unwrap_or_default(),
            position: table.field(position),
            file,
            missing: missing.map(|c| c.value.as_str()).collect(),
            values: mapping.values.get(name),
            labels: wording.levels.get(name).map(Vec::as_slice).unwrap_or_default(),
            said: table.columns.get(&position),
            decimal: decimal.unwrap_or(Decimal::Point),
        };
        Some((name, typing.column(column, table)))
    });
    for (name, typed) in typed.into_iter().flatten() {
        typed_columns.insert(name.to_owned(), Arc::new(typed.column));
        codebook.extend(typed.codebook);
        cells.extend(typed.cells);
        errors.extend(typed.refusal);
    }
    let kept = |c: &&CodebookFacts| matches!(c.kind, CodebookKind::PatternMismatch | CodebookKind::NotWhole);
    warnings.extend(codebook.iter().filter(kept).map(codebook::warning));
    warnings.extend(unused(mapping, &cells));
    let cells = bounded(cells);
    let sample = Sample {
        lines: table.lines.clone(),
        columns: typed_columns,
    };
    warnings.extend(duplicates(&sample, plan, file));
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(Collected {
        sample,
        file: FileFacts {
            decimal,
            ..table.facts.clone()
        },
        cells,
        codebook,
        warnings,
    })
}

/// How many values of one variable are told apart by rule; the rest are counted together.
const TOLD: usize = 100;

/// An account that a column of a million different cells cannot swell.
fn bounded(cells: Vec<CellFacts>) -> Vec<CellFacts> {
    let mut groups: BTreeMap<(String, CellRule), Vec<CellFacts>> = BTreeMap::new();
    for facts in cells {
        let group = groups.entry((facts.variable.clone(), facts.rule)).or_default();
        group.push(facts);
    }
    let mut told = Vec::new();
    for mut group in groups.into_values() {
        let rest = group.split_off(group.len().min(TOLD));
        if let Some(first) = rest.first() {
            let same = rest.iter().all(|f| f.to == first.to);
            group.push(CellFacts {
                from: String::from("other values"),
                to: if same {
                    first.to.clone()
                } else {
                    Some(String::from("what each is mapped to"))
                },
                count: rest.iter().map(|f| f.count).sum(),
                values: Some(rest.len() as u64),
                ..first.clone()
            });
        }
        told.extend(group);
    }
    told
}

fn is_number(variable: &VariablePlan) -> bool {
    variable.levels.is_empty() && !matches!(variable.role, Role::Time | Role::Id | Role::Text)
}

/// Where each variable's column stands in the file. What is absent or stands twice is said.
fn columns<'p>(
    table: &Table,
    file: &str,
    mapping: &Mapping,
    plan: &'p Plan,
    errors: &mut Vec<Diagnostic>,
    warnings: &mut Vec<Diagnostic>,
) -> BTreeMap<&'p str, usize> {
    let needed = needed(plan);
    let mut found = BTreeMap::new();
    for name in plan.variables.keys() {
        let mapped = mapping.columns.get(name);
        let raw = raw(mapping, name);
        let at = mapped.map_or_else(|| Place::file(file), |c| c.at.clone());
        let named = table.names.iter().enumerate().filter(|(_, n)| n.as_str() == raw);
        let places: Vec<usize> = named.map(|(i, _)| i).collect();
        match places.as_slice() {
            [position] => {
                found.insert(name.as_str(), *position);
            }
            [] if needed.contains(name.as_str()) => {
                errors.push(absent(table, name, raw, file, true).at(at));
            }
            [] => warnings.push(absent(table, name, raw, file, false).at(at)),
            several => {
                let message = format!("{file} has {} columns called `{raw}`", several.len());
                let help = format!("rename all but the one that holds `{name}`");
                errors.push(
                    Diagnostic::error(codes::COLUMN_DUPLICATE, message)
                        .at(at)
                        .help(help),
                );
            }
        }
    }
    found
}

/// A variable that is read from another column although the file has one of its own name.
fn passed_over(table: &Table, file: &str, name: &str, position: usize) -> Option<CodebookFacts> {
    let column = table.names.get(position).filter(|n| n.as_str() != name)?;
    table.names.iter().find(|n| n.as_str() == name)?;
    Some(CodebookFacts {
        variable: name.to_owned(),
        column: column.clone(),
        field: position as u64 + 1,
        kind: CodebookKind::OwnColumnPassedOver,
        count: table.lines.len() as u64,
        rows: Vec::new(),
        file: file.to_owned(),
    })
}

/// Variables without which the plan cannot be run or checked.
fn needed(plan: &Plan) -> BTreeSet<&str> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for model in plan.models.values() {
        found.extend(model.columns().into_iter().map(str::to_owned));
        found.extend(model.subset.iter().flat_map(crate::plan::Expr::columns));
    }
    found.extend(plan.exclusions.iter().flat_map(|e| e.rule.columns()));
    let conditions = plan.contingencies.iter().flat_map(|c| c.condition.columns());
    found.extend(conditions.map(str::to_owned));
    for derived in plan
        .derived
        .iter()
        .rev()
        .filter(|d| found.contains(&d.name))
        .cloned()
        .collect::<Vec<_>>()
    {
        found.extend(derived.rule.columns());
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

/// A mapping that matched no cell is often a misspelt one.
fn unused(mapping: &Mapping, cells: &[CellFacts]) -> Vec<Diagnostic> {
    let values = mapping
        .values
        .iter()
        .flat_map(|(n, v)| v.iter().map(move |(raw, l)| (n, raw, &l.at, CellRule::Mapped)));
    let missing = mapping
        .missing_codes
        .iter()
        .flat_map(|(n, v)| v.iter().map(move |c| (n, &c.value, &c.at, CellRule::MissingCode)));
    let used = |name: &String, raw: &String, rule: CellRule| {
        let same = |c: &CellFacts| c.variable == *name && c.from == short(raw) && c.rule == rule;
        cells.iter().any(same)
    };
    values
        .chain(missing)
        .filter(|(name, raw, _, rule)| !used(name, raw, *rule))
        .map(|(name, raw, at, rule)| {
            let key = if rule == CellRule::Mapped {
                "values"
            } else {
                "missing_codes"
            };
            Diagnostic::warning(
                codes::UNUSED_MAPPING,
                format!("data.{key}.{name}: no cell holds '{raw}'"),
            )
            .at(at.clone())
            .help("remove it, or correct its spelling")
        })
        .collect()
}

/// How many repeated rows say which row they repeat.
const SHOWN: usize = 10;

/// Rows that repeat the unit of an earlier row, where the design has one row a unit. `value` says which row that is,
/// never who: what identifies people is in no record.
pub fn repeated(sample: &Sample, plan: &Plan) -> Vec<RowFacts> {
    let several = plan.design.kind.has_several_rows();
    let unit = plan.design.unit.as_ref().filter(|_| !several);
    let Some(column) = unit.and_then(|unit| sample.column(unit)) else {
        return Vec::new();
    };
    let again = repeats(column).into_iter().enumerate().zip(&sample.lines);
    let first = |row: usize| (0..row).find(|other| column.value(*other) == column.value(row));
    again
        .filter(|((_, again), _)| *again)
        .enumerate()
        .map(|(count, ((row, _), line))| RowFacts {
            line: *line,
            value: match (count < SHOWN).then(|| first(row)).flatten() {
                Some(first) => format!("as line {}", sample.lines.get(first).copied().unwrap_or(0)),
                None => String::new(),
            },
        })
        .collect()
}

fn duplicates(sample: &Sample, plan: &Plan, file: &str) -> Option<Diagnostic> {
    let twice = repeated(sample, plan);
    let (first, unit) = (twice.first()?, plan.design.unit.as_ref()?);
    let shown = twice
        .iter()
        .take(10)
        .map(|r| format!("line {} ({})", r.line, r.value));
    let message = format!(
        "{} rows repeat a `{unit}`, though the design has one row a unit: {}",
        twice.len(),
        shown.collect::<Vec<_>>().join(", ")
    );
    let mut place = Place::file(file);
    place.line = usize::try_from(first.line).unwrap_or(1);
    Some(
        Diagnostic::warning(codes::DUPLICATE_ID, message)
            .at(place)
            .help("register an exclusion for repeated units, or correct `design.kind`"),
    )
}
