//! Text cells to typed columns, by the codebook and the pipeline's mapping. What does not fit is counted.

use super::read::Table;
use super::sample::{Column, Sample};
use super::typing::{Typing, short};
use crate::diagnostic::{Diagnostic, Place, codes, nearest};
use crate::plan::{Derivation, DesignKind, Plan, Role, Wording};
use crate::record::CodebookFacts;
use crate::spec::pipeline::Mapping;
use std::collections::{BTreeMap, BTreeSet};

/// Every row of the file, typed.
#[derive(Clone, Debug)]
pub struct Collected {
    pub sample: Sample,
    pub codebook: Vec<CodebookFacts>,
    pub warnings: Vec<Diagnostic>,
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
        found.extend(model.columns().into_iter().map(str::to_owned));
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
