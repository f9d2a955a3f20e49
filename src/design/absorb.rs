//! Fixed effects absorbed by the within transformation: outcome and columns less their means by group.
//!
//! Alternating projections until nothing moves (Guimarães & Portugal 2010, jstor st0212; Gaure 2013,
//! doi:10.1016/j.csda.2013.03.024), weighted as the model is. The degrees of freedom they take are the groups, less one
//! for each connected component that two groupings share. fixest's `feols` and reghdfe do the same.

use super::{Design, Refusal};
use crate::diagnostic::codes;
use std::collections::BTreeMap;

/// A change below this share of the column's size is rounding.
const SETTLED: f64 = 1e-14;
const MAX_SWEEPS: usize = 20_000;
/// A column with less than this share of its size left within groups is explained by them.
const EXPLAINED: f64 = 1e-9;

/// What the fixed effects took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Absorbed {
    /// For each grouping, the rows' groups.
    pub groupings: Vec<Vec<u32>>,
    /// Degrees of freedom.
    pub df: usize,
    /// Of groupings that no cluster contains; the others' are the clusters' already.
    pub df_beside_clusters: usize,
}

/// Sweeps the groupings out of the design.
///
/// # Errors
/// E004 and E001 for an outcome and columns that the groups explain; E011 where the sweeps do not settle.
pub(super) fn absorb(design: &mut Design, groupings: &[Vec<u32>]) -> Result<(), Refusal> {
    if groupings.is_empty() {
        return Ok(());
    }
    let kept: Vec<bool> = design.columns.iter().map(|c| !c.parts.is_empty()).collect();
    let mut keep = kept.iter();
    design.columns.retain(|_| keep.next().copied().unwrap_or(true));
    let mut keep = kept.iter();
    design.x.retain(|_| keep.next().copied().unwrap_or(true));
    let within = swept(&design.y, &design.weights, groupings)?;
    if is_explained(&design.y, &within) {
        return Err(Refusal::new(
            codes::CONSTANT_OUTCOME,
            "the outcome does not vary within the fixed effects",
        ));
    }
    design.y = within;
    let mut explained = Vec::new();
    for position in 0..design.x.len() {
        let within = swept(&design.x[position], &design.weights, groupings)?;
        if is_explained(&design.x[position], &within) {
            explained.push(position);
        }
        design.x[position] = within;
    }
    if !explained.is_empty() {
        return Err(design.dependent(&explained));
    }
    let nested = |g: &Vec<u32>| design.clusters.iter().any(|c| contains(c, g));
    let beside: Vec<Vec<u32>> = groupings.iter().filter(|g| !nested(g)).cloned().collect();
    design.absorbed = Absorbed {
        groupings: groupings.to_vec(),
        df: taken(groupings),
        // The constant that the nested ones hold stays.
        df_beside_clusters: taken(&beside).max(1),
    };
    Ok(())
}

/// The rows that stand at least once, weighted by how often; what was absorbed is swept out under these weights, which
/// what was swept out before does not change.
///
/// # Errors
/// E001 naming columns that the groups explain in these rows; E011 where the sweeps do not settle.
pub fn chosen(design: &Design, times: &[f64]) -> Result<Design, Refusal> {
    let rows: Vec<usize> = (0..design.rows())
        .filter(|row| times.get(*row).is_some_and(|t| *t > 0.0))
        .collect();
    let pick = |values: &[f64]| -> Vec<f64> { rows.iter().filter_map(|r| values.get(*r).copied()).collect() };
    let weight = |row: &usize| times[*row] * design.weights.get(*row).copied().unwrap_or(1.0);
    let mut chosen = Design {
        columns: design.columns.clone(),
        x: design.x.iter().map(|column| pick(column)).collect(),
        y: pick(&design.y),
        less: Vec::new(),
        trials: pick(&design.trials),
        categories: design.categories.clone(),
        weights: rows.iter().map(weight).collect(),
        clusters: Vec::new(),
        strata: Vec::new(),
        absorbed: Absorbed::default(),
        origin: Vec::new(),
        lines: rows
            .iter()
            .filter_map(|r| design.lines.get(*r).copied())
            .collect(),
        dropped_missing: 0,
        dropped_weight: 0,
        inputs: BTreeMap::new(),
        empty_levels: BTreeMap::new(),
        profiles: Vec::new(),
        random: Vec::new(),
    };
    let group =
        |groups: &Vec<u32>| -> Vec<u32> { rows.iter().filter_map(|r| groups.get(*r).copied()).collect() };
    let groupings: Vec<Vec<u32>> = design.absorbed.groupings.iter().map(group).collect();
    absorb(&mut chosen, &groupings)?;
    Ok(chosen)
}

fn swept(values: &[f64], weights: &[f64], groupings: &[Vec<u32>]) -> Result<Vec<f64>, Refusal> {
    let mut within = values.to_vec();
    let scale = size(values).max(f64::MIN_POSITIVE);
    for _ in 0..MAX_SWEEPS {
        let mut moved = 0.0f64;
        for groups in groupings {
            moved = moved.max(sweep(&mut within, weights, groups));
        }
        if groupings.len() == 1 || moved <= SETTLED * scale {
            return Ok(within);
        }
    }
    let message = format!("the fixed effects were not absorbed in {MAX_SWEEPS} sweeps");
    Err(Refusal::new(codes::NO_CONVERGENCE, message))
}

/// Takes the groups' means off; the largest of them.
fn sweep(values: &mut [f64], weights: &[f64], groups: &[u32]) -> f64 {
    let count = groups.iter().max().map_or(0, |m| *m as usize + 1);
    let (mut sums, mut totals) = (vec![0.0; count], vec![0.0; count]);
    let weight = |row: usize| weights.get(row).copied().unwrap_or(1.0);
    for (row, (value, group)) in values.iter().zip(groups).enumerate() {
        sums[*group as usize] += weight(row) * value;
        totals[*group as usize] += weight(row);
    }
    let means: Vec<f64> = sums
        .iter()
        .zip(&totals)
        .map(|(s, t)| if *t > 0.0 { s / t } else { 0.0 })
        .collect();
    values
        .iter_mut()
        .zip(groups)
        .for_each(|(v, g)| *v -= means[*g as usize]);
    means.iter().fold(0.0, |m, v| m.max(v.abs()))
}

/// Whether what is left within the groups is rounding.
fn is_explained(values: &[f64], within: &[f64]) -> bool {
    size(within) <= EXPLAINED * centred_size(values) + SETTLED * size(values)
}

fn size(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |m: f64, v| m.max(v.abs()))
}

fn centred_size(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().fold(0.0, |m: f64, v| m.max((v - mean).abs()))
}

/// Whether every group lies in one cluster.
fn contains(clusters: &[u32], groups: &[u32]) -> bool {
    let mut cluster_of = BTreeMap::new();
    groups
        .iter()
        .zip(clusters)
        .all(|(g, c)| *cluster_of.entry(*g).or_insert(*c) == *c)
}

/// Degrees of freedom of the groupings: of one its groups, of two less their connected components, of more less one
/// each, which is at most what they take.
fn taken(groupings: &[Vec<u32>]) -> usize {
    let count = |groups: &Vec<u32>| groups.iter().max().map_or(0, |m| *m as usize + 1);
    match groupings {
        [] => 0,
        [only] => count(only),
        [first, second] => {
            count(first) + count(second) - components(first, second, count(first), count(second))
        }
        [first, rest @ ..] => count(first) + rest.iter().map(|g| count(g) - 1).sum::<usize>(),
    }
}

/// Connected components of the graph whose edges are the rows.
fn components(first: &[u32], second: &[u32], left: usize, right: usize) -> usize {
    let mut parent: Vec<usize> = (0..left + right).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    let mut found = left + right;
    for (a, b) in first.iter().zip(second) {
        let (a, b) = (
            root(&mut parent, *a as usize),
            root(&mut parent, left + *b as usize),
        );
        if a != b {
            parent[a] = b;
            found -= 1;
        }
    }
    found
}
