//! Horvitz and Thompson's difference of two arms' means, by the registered probabilities.
//!
//! (Σ_treated y/p − Σ_control y/(1 − p))/N, and the variance that Young's inequality makes estimable:
//! Σ (y/π)² + Σ_{i≠j} c_ij (y_i/π_i)(y_j/π_j) within arms − 2 Σ c_ij (y_i/π_i)(y_j/π_j) between them, over N², with
//! c_ij = (π_ij − π_i π_j)/π_ij: zero where every unit was drawn by itself, else from the levels dealt out in a stratum.
//! The variance of one arm's mean is Horvitz and Thompson's own.
//!
//! Horvitz & Thompson (1952), doi:10.1080/01621459.1952.10483446; Aronow & Middleton (2013), doi:10.1515/jci-2012-0009.
//! estimatr's `horvitz_thompson(se_type = "youngs")`, with z. Held by tests/oracle/experiments.R.

use super::{Fit, Link, Reference, Response};
use crate::design::{Design, Input, Refusal};
use crate::diagnostic::codes;
use crate::plan::ModelPlan;
use std::collections::BTreeMap;

/// The units of a stratum: of each arm, the reference first, (y/π, π).
#[derive(Clone, Debug, Default)]
struct Stratum {
    arms: [Vec<(f64, f64)>; 2],
}

/// Variances of the two totals, and of their difference by Young's bound.
#[derive(Clone, Copy, Debug, Default)]
struct Variances {
    arms: [f64; 2],
    difference: f64,
}

/// # Errors
/// E005 where not both arms have rows; E015 for a cluster in both, and where the registered allocation cannot give these arms.
pub fn fit(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    let dealt = model.weights.as_ref().and_then(|w| w.dealt.as_ref());
    let rows = design.rows() as f64;
    let mut totals = [0.0; 2];
    let mut all = Variances::default();
    for stratum in strata(design)?.values() {
        let own = variances(stratum, dealt.is_some())?;
        for (total, units) in totals.iter_mut().zip(&stratum.arms) {
            *total += units.iter().map(|(y, _)| y).sum::<f64>();
        }
        for (total, of_arm) in all.arms.iter_mut().zip(own.arms) {
            *total += of_arm;
        }
        all.difference += own.difference;
        if own.arms.iter().chain([&own.difference]).any(|v| *v < 0.0) {
            return Err(undefined(
                "the estimated variance is below zero under this allocation",
            ));
        }
    }
    let [control, treated] = totals.map(|t| t / rows);
    let [of_control, of_treated] = all.arms.map(|v| v / (rows * rows));
    let of_difference = all.difference / (rows * rows);
    // The intercept is the reference's mean, so that the two together have the other's variance.
    let shared = (of_treated - of_control - of_difference) / 2.0;
    Ok(Fit {
        coefficients: vec![control, treated - control],
        vcov: vec![vec![of_control, shared], vec![shared, of_difference]],
        reference: Reference::Normal,
        response: Response::Mean(Link::Identity),
        names: design.columns.iter().map(|c| c.name.clone()).collect(),
        terms: design.columns.iter().map(|c| c.term).collect(),
        df_residual: rows - 2.0,
        sigma: None,
        r_squared: None,
        log_likelihood: None,
        draws: None,
        exact: false,
    })
}

/// The units, clusters where these were dealt out, by stratum.
fn strata(design: &Design) -> Result<BTreeMap<u32, Stratum>, Refusal> {
    let Some(Input::Levels { names, codes }) = design.inputs.values().next() else {
        return Err(Refusal::new(codes::ESTIMAND_ABSENT, "the model has no arms"));
    };
    if names.len() != 2 {
        return Err(Refusal::new(
            codes::LEVEL_EMPTY,
            "one of the two arms has no analysed row",
        ));
    }
    let mut units: BTreeMap<u32, (u32, u32, f64, f64)> = BTreeMap::new();
    for (row, (code, (y, weight))) in codes.iter().zip(design.y.iter().zip(&design.weights)).enumerate() {
        let unit = design.clusters.first().and_then(|c| c.get(row)).copied();
        let stratum = design.strata.get(row).copied().unwrap_or(0);
        let unit = units
            .entry(unit.unwrap_or(row as u32))
            .or_insert((stratum, *code, 0.0, 1.0 / weight));
        if unit.1 != *code {
            return Err(undefined(
                "a cluster has rows of both levels, though clusters were assigned",
            ));
        }
        unit.2 += y * weight;
    }
    let mut all: BTreeMap<u32, Stratum> = BTreeMap::new();
    for (stratum, arm, total, probability) in units.into_values() {
        if let Some(arm) = all.entry(stratum).or_default().arms.get_mut(arm as usize) {
            arm.push((total, probability));
        }
    }
    Ok(all)
}

fn variances(stratum: &Stratum, dealt: bool) -> Result<Variances, Refusal> {
    let sum = |arm: usize| stratum.arms[arm].iter().map(|(y, _)| y).sum::<f64>();
    let squares = |arm: usize| stratum.arms[arm].iter().map(|(y, _)| y * y).sum::<f64>();
    let own = |arm: usize| {
        stratum.arms[arm]
            .iter()
            .map(|(y, p)| y * y * (1.0 - p))
            .sum::<f64>()
    };
    let shares = match dealt {
        true => dependence(stratum)?,
        false => [0.0; 3],
    };
    let among = |arm: usize| shares[arm] * (sum(arm) * sum(arm) - squares(arm));
    let between = 2.0 * shares[2] * sum(0) * sum(1);
    Ok(Variances {
        arms: [own(0) + among(0), own(1) + among(1)],
        difference: squares(0) + squares(1) + among(0) + among(1) - between,
    })
}

/// c of two units of the reference, of two of the other arm, and of one of each, where pn of n units are treated; between
/// two whole numbers, one of them by chance, so that the mean is kept.
fn dependence(stratum: &Stratum) -> Result<[f64; 3], Refusal> {
    let [control, treated] = &stratum.arms;
    let n = (control.len() + treated.len()) as f64;
    let reference = control.first().map(|(_, p)| *p);
    let p = treated
        .first()
        .map(|(_, p)| *p)
        .or(reference.map(|p| 1.0 - p))
        .unwrap_or(f64::NAN);
    let low = (p * n).floor();
    let chance = p * n - low;
    let pair = |count: f64, other: f64| count * other / (n * (n - 1.0));
    let mixed = |of: &dyn Fn(f64) -> f64| chance * of(low + 1.0) + (1.0 - chance) * of(low);
    let joint = [
        (
            mixed(&|m| pair(n - m, n - m - 1.0)),
            (1.0 - p) * (1.0 - p),
            control.len() > 1,
        ),
        (mixed(&|m| pair(m, m - 1.0)), p * p, treated.len() > 1),
        (
            mixed(&|m| pair(m, n - m)),
            p * (1.0 - p),
            !control.is_empty() && !treated.is_empty(),
        ),
    ];
    let mut found = [0.0; 3];
    for (c, (both, apart, needed)) in found.iter_mut().zip(joint) {
        if needed && both <= 0.0 {
            return Err(undefined(
                "the registered allocation cannot give these arms: the probability of two of its units together is zero",
            ));
        }
        *c = if needed { (both - apart) / both } else { 0.0 };
    }
    Ok(found)
}

fn undefined(message: &str) -> Refusal {
    Refusal::new(codes::NOT_DEFINED, message)
}
