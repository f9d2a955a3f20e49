//! The authors' analysed file, row by row and cell by cell beside the rows that the rules give.

use super::collect::{Collected, collect};
use super::sample::{Column, Sample};
use super::table::Table;
use super::typing::short;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::plan::expression::Value;
use crate::plan::{Levels, MissingRule, ModelPlan, Plan, Role, VariablePlan, Wording};
use crate::record::{AnalysedFacts, CellDifference, ColumnFacts, LineFacts};
use crate::source::Source;
use crate::spec::analysed::AnalysedSpec;
use std::collections::{BTreeMap, BTreeSet};

/// How many rows or cells are told one by one.
const TOLD: usize = 10;

/// What the analysed file is compared with.
pub struct Ours<'a> {
    /// The collected rows.
    pub collected: &'a Sample,
    /// Those that the rules leave, with everything derived.
    pub kept: &'a Sample,
    pub plan: &'a Plan,
    pub wording: &'a Wording,
}

/// The facts, and the lines of the raw file whose rows the authors analysed.
#[derive(Clone, Debug)]
pub struct Replayed {
    pub facts: AnalysedFacts,
    pub lines: BTreeSet<u64>,
}

/// Compares the file with the rows that a plan gives.
///
/// # Errors
/// A003 where a column that tells rows apart is not there; what the file's cells cannot be typed as.
pub fn replay(
    table: &Table,
    source: &Source,
    spec: &AnalysedSpec,
    ours: &Ours<'_>,
) -> Result<Replayed, Vec<Diagnostic>> {
    let by = identifiers(spec, ours.plan)?;
    let theirs = typed(table, source, spec, ours, &by)?.sample;
    let (raw, kept, own) = (
        rows(ours.collected, &by),
        rows(ours.kept, &by),
        rows(&theirs, &by),
    );
    let in_theirs = |lines: &mut dyn Iterator<Item = &usize>| {
        told(lines.filter_map(|row| theirs.lines.get(*row)).copied())
    };
    let facts = AnalysedFacts {
        file: source.name.clone(),
        digest: source.digest.clone(),
        rows: theirs.rows() as u64,
        matched: own.keys().filter(|id| kept.contains_key(*id)).count() as u64,
        unidentified: (theirs.rows() - own.len()) as u64,
        absent: told(
            kept.iter()
                .filter(|(id, row)| !own.contains_key(*id) && is_used(ours, **row))
                .filter_map(|(_, row)| ours.kept.lines.get(*row).copied()),
        ),
        kept: in_theirs(
            &mut own
                .iter()
                .filter(|(id, _)| raw.contains_key(*id) && !kept.contains_key(*id))
                .map(|(_, row)| row),
        ),
        unknown: in_theirs(
            &mut own
                .iter()
                .filter(|(id, _)| !raw.contains_key(*id))
                .map(|(_, row)| row),
        ),
        columns: theirs
            .columns
            .iter()
            .filter(|(name, _)| !by.contains(name))
            .filter_map(|(name, column)| {
                Some(compared(name, ours.kept.column(name)?, column, ours, &kept, &own))
            })
            .collect(),
        by,
    };
    let lines = own
        .keys()
        .filter_map(|id| raw.get(id))
        .filter_map(|row| ours.collected.lines.get(*row));
    Ok(Replayed {
        facts,
        lines: lines.copied().collect(),
    })
}

fn identifiers(spec: &AnalysedSpec, plan: &Plan) -> Result<Vec<String>, Vec<Diagnostic>> {
    let unknown = spec
        .by
        .iter()
        .filter(|name| !plan.variables.contains_key(&name.value));
    let unknown: Vec<Diagnostic> = unknown
        .map(|name| {
            let message = format!("data.analysed.by: `{}` is no registered variable", name.value);
            Diagnostic::error(codes::UNKNOWN_VARIABLE, message).at(name.at.clone())
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let named: Vec<String> = spec.by.iter().map(|name| name.value.clone()).collect();
    match (&plan.design.unit, named.is_empty()) {
        (_, false) => Ok(named),
        (Some(unit), true) => Ok(vec![unit.clone()]),
        (None, true) => Err(vec![
            Diagnostic::error(
                codes::MISSING_KEY,
                "nothing tells the rows of the analysed file apart",
            )
            .at(spec.at.clone())
            .help("write `by:` with the variables that do, or register `design.unit`"),
        ]),
    }
}

/// The registered and derived columns that the file has, typed by the codebook.
fn typed(
    table: &Table,
    source: &Source,
    spec: &AnalysedSpec,
    ours: &Ours<'_>,
    by: &[String],
) -> Result<Collected, Vec<Diagnostic>> {
    let held = |name: &str| {
        let raw = spec.mapping.columns.get(name).map_or(name, |c| c.value.as_str());
        table.names.iter().any(|n| n == raw)
    };
    let known = |name: &String| ours.plan.has_column(name);
    let mapped = spec.mapping.columns.iter();
    let mut errors: Vec<Diagnostic> = mapped
        .filter(|(name, _)| !known(name))
        .map(|(name, raw)| {
            let message = format!("data.analysed.columns: `{name}` is no registered or derived variable");
            Diagnostic::error(codes::UNREGISTERED_MAPPING, message).at(raw.at.clone())
        })
        .collect();
    errors.extend(by.iter().filter(|name| !held(name)).map(|name| {
        let message = format!(
            "{} has no column for `{name}`, which tells its rows apart",
            source.name
        );
        Diagnostic::error(codes::COLUMN_MISSING, message)
            .at(Place::file(&source.name))
            .help("map it under `data.analysed.columns`, or name others under `by:`")
    }));
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut plan = ours.plan.clone();
    for derived in &ours.plan.derived {
        plan.variables.insert(derived.name.clone(), number());
    }
    plan.variables.retain(|name, _| held(name));
    for variable in plan.variables.values_mut() {
        variable.probability = None;
    }
    plan.models.clear();
    plan.exclusions.clear();
    plan.contingencies.clear();
    plan.design.unit = None;
    collect(table, &source.name, &spec.mapping, &plan, ours.wording)
}

fn number() -> VariablePlan {
    VariablePlan {
        role: Role::Covariate,
        levels: Levels::default(),
        reference: None,
        probability: None,
        scale: None,
        stage: None,
        pattern: None,
        whole: false,
    }
}

/// Identifier → row. The second row of one identifier is told from the first by its number.
fn rows(sample: &Sample, by: &[String]) -> BTreeMap<(Vec<String>, usize), usize> {
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    for row in 0..sample.rows() {
        let id: Option<Vec<String>> = by.iter().map(|name| words(&sample.value(name, row))).collect();
        if let Some(id) = id {
            let before = seen.entry(id.clone()).or_default();
            found.insert((id, *before), row);
            *before += 1;
        }
    }
    found
}

fn words(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some((*text).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Truth(truth) => Some(truth.to_string()),
        Value::Missing => None,
    }
}

fn told(lines: impl Iterator<Item = u64>) -> LineFacts {
    let mut all: Vec<u64> = lines.collect();
    all.sort_unstable();
    LineFacts {
        count: all.len() as u64,
        lines: all.into_iter().take(TOLD).collect(),
    }
}

/// Whether some model would use a row: it is in the model's subset and lacks nothing that the registered rule drops it for.
fn is_used(ours: &Ours<'_>, row: usize) -> bool {
    let value = |name: &str| ours.kept.value(name, row);
    let uses = |model: &ModelPlan| {
        let inside = model
            .subset
            .as_ref()
            .is_none_or(|s| s.truth(&|name| ours.kept.value(name, row)) == Some(true));
        let lacks = model.columns().into_iter().any(|column| {
            let rule = ours.plan.missing.get(&ours.plan.role_in(model, column));
            value(column) == Value::Missing && rule != Some(&MissingRule::Indicator)
        });
        inside && !lacks
    };
    ours.plan.models.values().any(uses)
}

fn compared(
    name: &str,
    raw: &Column,
    analysed: &Column,
    ours: &Ours<'_>,
    kept: &BTreeMap<(Vec<String>, usize), usize>,
    own: &BTreeMap<(Vec<String>, usize), usize>,
) -> ColumnFacts {
    let mut facts = ColumnFacts {
        variable: name.to_owned(),
        derived: !ours.plan.variables.contains_key(name),
        compared: 0,
        rounded: 0,
        differ: 0,
        cells: Vec::new(),
    };
    let mut pairs: Vec<(usize, usize)> = own
        .iter()
        .filter_map(|(id, row)| Some((*kept.get(id)?, *row)))
        .collect();
    pairs.sort_unstable();
    for (mine, theirs) in pairs {
        facts.compared += 1;
        let (before, after) = (raw.value(mine), analysed.value(theirs));
        match agreement(&before, &after) {
            Agreement::Same => {}
            Agreement::Rounded => facts.rounded += 1,
            Agreement::None => {
                facts.differ += 1;
                if facts.cells.len() < TOLD {
                    facts.cells.push(CellDifference {
                        line: ours.kept.lines.get(mine).copied().unwrap_or_default(),
                        raw: words(&before).map(|w| short(&w)),
                        analysed: words(&after).map(|w| short(&w)),
                    });
                }
            }
        }
    }
    facts
}

enum Agreement {
    Same,
    Rounded,
    None,
}

/// Numbers agree to a millionth of themselves, or to the decimals that the file has if these are two or more.
fn agreement(raw: &Value<'_>, analysed: &Value<'_>) -> Agreement {
    let (Value::Number(a), Value::Number(b)) = (raw, analysed) else {
        return if raw == analysed {
            Agreement::Same
        } else {
            Agreement::None
        };
    };
    let apart = (a - b).abs();
    if apart <= 1e-6 * a.abs().max(b.abs()) {
        return Agreement::Same;
    }
    let decimals = b
        .to_string()
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    let unit = 10f64.powi(-i32::try_from(decimals).unwrap_or(0));
    if decimals >= 2 && apart <= 0.5 * unit * (1.0 + 1e-9) {
        Agreement::Rounded
    } else {
        Agreement::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_cell_agrees_and_another_value_does_not() {
        let agree = |a: f64, b: f64| match agreement(&Value::Number(a), &Value::Number(b)) {
            Agreement::Same => "same",
            Agreement::Rounded => "rounded",
            Agreement::None => "none",
        };
        assert_eq!(agree(10.0 / 3.0, 10.0 / 3.0 + 1e-9), "same");
        assert_eq!(agree(10.0 / 3.0, 3.33), "rounded");
        assert_eq!(agree(10.0 / 3.0, 3.34), "none");
        assert_eq!(agree(3.4667, 3.5), "none");
        assert_eq!(agree(3.0, 4.0), "none");
        assert!(matches!(
            agreement(&Value::Number(3.0), &Value::Missing),
            Agreement::None
        ));
    }
}
