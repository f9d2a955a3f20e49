//! Random terms to groups and columns, coded as R's `model.matrix` codes them.

use super::coding::{self, Input};
use super::{Design, Refusal, grouping};
use crate::data::Sample;
use crate::plan::{Atom, Formula, ModelPlan, Plan, RandomTerm};
use std::collections::BTreeMap;

/// A random term in the analysed rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomColumns {
    /// Each row's group, numbered from zero in the order in which they appear.
    pub codes: Vec<u32>,
    /// How many groups have rows.
    pub groups: usize,
    pub names: Vec<String>,
    pub columns: Vec<Vec<f64>>,
}

/// The columns of every random term, from inputs that hold the variables of all of them.
///
/// # Errors
/// E008 where a grouping column is not in the data.
pub(super) fn random(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    design: &Design,
) -> Result<Vec<RandomColumns>, Refusal> {
    let each = |term: &RandomTerm| {
        let alone = ModelPlan {
            formula: Formula {
                intercept: term.intercept,
                terms: term.terms.clone(),
                random: Vec::new(),
                ..model.formula.clone()
            },
            ..model.clone()
        };
        let columns = coding::columns(plan, &alone, &design.inputs, &BTreeMap::new());
        let codes = combined(&term.group, sample, &design.origin)?;
        Ok(RandomColumns {
            groups: codes.iter().max().map_or(0, |m| *m as usize + 1),
            codes,
            columns: columns.iter().map(|c| design.product(&c.parts)).collect(),
            names: columns.into_iter().map(|c| c.name).collect(),
        })
    };
    model.formula.random.iter().map(each).collect()
}

/// Groups by several columns are the combinations that occur.
fn combined(names: &[String], sample: &Sample, rows: &[usize]) -> Result<Vec<u32>, Refusal> {
    let all: Vec<Vec<u32>> = names
        .iter()
        .map(|name| grouping(name, sample, rows))
        .collect::<Result<_, _>>()?;
    let mut codes_of: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let code = |row: usize| {
        let key = all.iter().filter_map(|g| g.get(row).copied()).collect();
        let next = codes_of.len() as u32;
        *codes_of.entry(key).or_insert(next)
    };
    Ok((0..rows.len()).map(code).collect())
}

/// Inputs of the fixed part alone: what varies only by group is no variable that a prediction can set.
pub(super) fn fixed_alone(formula: &Formula, inputs: &mut BTreeMap<Atom, Input>) {
    inputs.retain(|atom, _| formula.terms.iter().any(|t| t.0.contains(atom)));
}
