//! 5 MATRICES: a model's formula and a sample to the design matrix, by R's coding rules.

mod absorb;
mod basis;
mod bound;
mod coding;
mod contrasts;
mod function;
mod missing;
mod occurring;
mod outcome;
mod random;
mod restricted;
mod row;
mod slope;
mod spline;
mod target;
mod weights;

pub use absorb::{Absorbed, chosen};
pub use coding::{DesignColumn, Input, Part};
pub use random::RandomColumns;
pub use restricted::Profiles;
pub use target::Target;
pub use weights::grouping;

use crate::data::Sample;
use crate::diagnostic::{Code, codes};
use crate::plan::{Atom, Estimator, ModelPlan, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Why a model or a test cannot be run, in the user's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal {
            code,
            message: message.into(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.code.id, self.code.slug, self.message)
    }
}

/// A model's matrix and outcome, and what is needed to predict at other values.
#[derive(Clone, Debug)]
pub struct Design {
    pub columns: Vec<DesignColumn>,
    /// Column by column, `columns.len()` × n.
    pub x: Vec<Vec<f64>>,
    /// n; of a categorical outcome, positions in `categories`.
    pub y: Vec<f64>,
    /// Of pairs, what is taken off the outcome: n, else none.
    pub less: Vec<f64>,
    /// n numbers of trials, of which `y` are successes; none where every row is one.
    pub trials: Vec<f64>,
    /// Of a categorical outcome, in their order.
    pub categories: Vec<String>,
    /// n positive weights, or none where every row weighs the same.
    pub weights: Vec<f64>,
    /// None, one or two groupings of the n rows.
    pub clusters: Vec<Vec<u32>>,
    /// n strata within which levels were dealt out; none where that is all rows, or was not.
    pub strata: Vec<u32>,
    /// What fixed effects took.
    pub absorbed: Absorbed,
    /// What varies by group, in the formula's order.
    pub random: Vec<RandomColumns>,
    /// For each row, its position in the sample.
    pub origin: Vec<usize>,
    /// For each row, its line in the data file.
    pub lines: Vec<u64>,
    /// Rows that left because a value is missing.
    pub dropped_missing: u64,
    /// Rows that left because their weight is zero.
    pub dropped_weight: u64,
    /// Variable → its values in the analysed rows.
    pub inputs: BTreeMap<Atom, Input>,
    /// What the design allows of the assigned factors, where an estimator averages over it.
    pub profiles: Vec<Profiles>,
    /// Factor → registered levels that no analysed row has, though nothing registered takes them out.
    pub empty_levels: BTreeMap<String, Vec<String>>,
}

/// Builds the design of a model: subset, missing values, coding.
///
/// # Errors
/// E013 for a weight that is none; E007 where a missing value has no rule but `fail`; E005 where a reference level does not occur;
/// E002 without rows; E001 for a term whose factor has one level in them, as of a number that does not vary.
pub fn build(plan: &Plan, model: &ModelPlan, sample: &Sample) -> Result<Design, Refusal> {
    let chosen: Vec<usize> = (0..sample.rows())
        .filter(|row| {
            model
                .subset
                .as_ref()
                .is_none_or(|s| s.truth(&|name| sample.value(name, *row)) == Some(true))
        })
        .collect();
    let handled = missing::handle(plan, model, sample, chosen.clone())?;
    let rows = &handled.rows;
    if rows.is_empty() {
        return Err(Refusal::new(codes::TOO_FEW_ROWS, "no rows are left to analyse"));
    }
    let (y, categories) = outcome::outcome(plan, model, sample, rows)?;
    let mut inputs = BTreeMap::new();
    let mut empty_levels = BTreeMap::new();
    let varying = model.formula.random.iter().flat_map(|r| &r.terms);
    let atoms: BTreeSet<&Atom> = model
        .formula
        .terms
        .iter()
        .chain(varying)
        .flat_map(|t| &t.0)
        .collect();
    for atom in atoms {
        let input = coding::input(plan, sample, atom, &handled, &mut empty_levels)?;
        inputs.insert(atom.clone(), input);
    }
    let mut design = Design {
        columns: coding::columns(plan, model, &inputs, &handled.indicators),
        x: Vec::new(),
        y,
        less: outcome::less(model, sample, rows)?,
        trials: outcome::trials(model, sample, rows)?,
        categories,
        weights: handled.weights.clone(),
        clusters: weights::clusters(model, sample, rows)?,
        strata: weights::strata(model, sample, rows)?,
        absorbed: Absorbed::default(),
        random: Vec::new(),
        origin: rows.clone(),
        lines: rows
            .iter()
            .filter_map(|row| sample.lines.get(*row).copied())
            .collect(),
        dropped_missing: handled.dropped,
        dropped_weight: handled.dropped_weight,
        profiles: if model.estimator == Estimator::Amce {
            restricted::profiles(plan, &model.formula)
        } else {
            Vec::new()
        },
        inputs,
        empty_levels: occurring::lost(plan, model, sample, &chosen, empty_levels),
    };
    if model.estimator != Estimator::Amce && !model.estimator.is_direct() {
        design.every_term(&model.formula.terms)?;
    }
    design.reduce();
    if model.estimator.is_ordered() {
        design.columns.retain(|c| !c.parts.is_empty());
    }
    design.x = (0..design.columns.len())
        .map(|c| design.column_values(c))
        .collect();
    design.random = random::random(plan, model, sample, &design)?;
    random::fixed_alone(&model.formula, &mut design.inputs);
    let groupings: Vec<Vec<u32>> = model
        .formula
        .absorbed
        .iter()
        .map(|name| grouping(name, sample, rows))
        .collect::<Result<_, _>>()?;
    absorb::absorb(&mut design, &groupings)?;
    Ok(design)
}
