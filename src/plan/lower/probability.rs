//! `probability:` of an assigned factor: `equal`, `{level: p}`, or by the blocks of another variable.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Allocation, Blocked, DesignPlan, Levels, ModelPlan, Probability, Role, Shares};
use crate::spec::codebook::{ProbabilitySpec, SharesSpec, VariableSpec};
use crate::spec::model::ModelSpec;
use crate::spec::registration::Registration;
use std::collections::BTreeSet;

pub(super) fn probability(
    path: &str,
    spec: &VariableSpec,
    levels: &Levels,
    low: &mut Lowering<'_>,
) -> Option<Probability> {
    let written = spec.probability.as_ref()?;
    let path = format!("{path}.probability");
    low.place(&path, written.at());
    match written {
        ProbabilitySpec::Same(each) => Some(Probability::Same(shares(&path, each, levels, low))),
        ProbabilitySpec::Blocked { by, blocks, .. } => Some(Probability::Blocked(Blocked {
            by: by.value.clone(),
            blocks: blocks
                .iter()
                .map(|(block, each)| {
                    let own = format!("{path}.blocks.{}", block.value);
                    (block.value.clone(), shares(&own, each, levels, low))
                })
                .collect(),
        })),
    }
}

fn shares(path: &str, written: &SharesSpec, levels: &Levels, low: &Lowering<'_>) -> Shares {
    let (at, each) = match written {
        SharesSpec::Equal(_) => {
            let share = 1.0 / levels.names.len().max(1) as f64;
            return levels.names.iter().map(|l| (l.clone(), share)).collect();
        }
        SharesSpec::Each(at, each) => (at, each),
    };
    for (level, _) in each.iter().filter(|(l, _)| !levels.contains(&l.value)) {
        let message = format!("{path} has no level `{}`", level.value);
        let known: Vec<&str> = levels.names.iter().map(String::as_str).collect();
        low.unknown(codes::UNKNOWN_LEVEL, &level.value, &level.at, message, known);
    }
    let total: f64 = each.iter().map(|(_, p)| p.value).sum();
    let bad = each.iter().any(|(_, p)| !(0.0..=1.0).contains(&p.value));
    if bad || (total - 1.0).abs() > 1e-9 || each.len() != levels.names.len() {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            at,
            format!("{path}: {} probabilities that sum to {total}", each.len()),
            "give every level one, summing to 1, or write `equal`",
        );
    }
    each.iter().map(|(l, p)| (l.value.clone(), p.value)).collect()
}

/// Whether probabilities that differ by block go with the rest of the design.
pub(super) fn by_block(
    written: &Registration,
    design: &DesignPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) {
    for (name, spec) in &written.variables {
        let Some(ProbabilitySpec::Blocked { by, blocks, .. }) = &spec.probability else {
            continue;
        };
        let path = format!("variables.{}.probability", name.value);
        let Some(variable) = columns.variables().get(&by.value) else {
            let known = columns.variables().keys().map(String::as_str);
            let message = format!("{path}.by: there is no variable `{}`", by.value);
            low.unknown(codes::UNKNOWN_VARIABLE, &by.value, &by.at, message, known);
            continue;
        };
        let named: BTreeSet<&str> = blocks.iter().map(|(block, _)| block.value.as_str()).collect();
        for (block, _) in blocks.iter().filter(|(b, _)| !variable.levels.contains(&b.value)) {
            let message = format!("{path}.blocks: `{}` has no level `{}`", by.value, block.value);
            let known = variable.levels.names.iter().map(String::as_str);
            low.unknown(codes::UNKNOWN_LEVEL, &block.value, &block.at, message, known);
        }
        let absent = variable.levels.names.iter().find(|l| !named.contains(l.as_str()));
        let problem = if variable.levels.is_empty() {
            Some((
                "what differs by block needs blocks with `levels`",
                "list the blocks' levels in the codebook",
            ))
        } else if variable.probability.is_some() || variable.role == Role::Outcome {
            Some((
                "blocks are settled before the draw: neither assigned nor an outcome",
                "name a variable that was known when the factor was drawn",
            ))
        } else if absent.is_some() {
            Some((
                "a level of the blocks has no probabilities",
                "give every block `equal` or {level: p}",
            ))
        } else {
            drawn(&name.value, &variable.role, design)
        };
        if let Some((message, help)) = problem {
            let absent = absent.map(|l| format!(" (`{l}`)")).unwrap_or_default();
            let message = format!("{path}: {message}{absent}");
            low.found.error(codes::INCOMPATIBLE, &by.at, message, help);
        }
    }
}

/// Says that a model compares arms that hold the blocks in other shares, by their own probabilities.
pub(super) fn mixtures(
    path: &str,
    spec: &ModelSpec,
    model: &ModelPlan,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) {
    let read = model.columns();
    for factor in model.formula.columns() {
        let probability = columns.variable(factor).and_then(|v| v.probability.as_ref());
        let Some(by) = probability.and_then(Probability::blocked).map(|b| b.by.as_str()) else {
            continue;
        };
        let chosen = model.subset.as_ref().is_some_and(|s| s.columns().contains(by));
        if chosen || read.contains(&by) {
            continue;
        }
        let message = format!(
            "{path} compares other mixtures of `{by}` in each level of `{factor}`, whose probabilities differ by it"
        );
        low.found.add(
            Diagnostic::warning(codes::INCOMPATIBLE, message)
                .at(spec.at.clone())
                .help(format!("put `{by}` into the formula, or use `estimator: ipw`")),
        );
    }
}

/// What of the allocation stands against probabilities that differ by block.
fn drawn(factor: &str, by: &Role, design: &DesignPlan) -> Option<(&'static str, &'static str)> {
    if design.forbidden.iter().any(|cell| cell.contains_key(factor)) {
        return Some((
            "forbidden cells change the probabilities of a level already",
            "give the factor the same probabilities in every block, or no forbidden cell",
        ));
    }
    match (design.allocation, by) {
        (Allocation::Independent, _) | (Allocation::Blocked, Role::Block) => None,
        _ => Some((
            "levels that are dealt out over the blocks have one probability",
            "write `allocation: independent`, or `blocked` with `role: block` for the variable that it differs by",
        )),
    }
}
