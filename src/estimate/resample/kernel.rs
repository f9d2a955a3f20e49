//! One fit under other multiplicities of the rows.
//!
//! Least squares in an orthonormal basis of the columns, on the residuals of the whole sample, so that normal equations
//! lose no digits: with X = QR and multiplicities T, β* = β + R⁻¹(Q′TQ)⁻¹Q′Te. Rows with the same q are one cell. What is not least squares is
//! fitted again from the start.

use crate::design::{self, Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::normal::{cholesky, solve};
use crate::estimate::ols::{self, Solution};
use crate::estimate::{Fit, Latent, Link, glm, multinomial, ordered, predictors_of};
use crate::plan::{Estimator, ModelPlan};
use std::collections::BTreeMap;

/// Reusable memory of one thread.
#[derive(Default)]
pub(super) struct Work {
    /// By unit.
    pub counts: Vec<f64>,
    /// By row.
    pub times: Vec<f64>,
    weights: Vec<f64>,
    sums: Vec<f64>,
}

pub(super) enum Kernel<'a> {
    Cells(Box<Cells>),
    Refit {
        design: &'a Design,
        model: &'a ModelPlan,
        from: &'a [f64],
    },
}

impl<'a> Kernel<'a> {
    pub fn new(design: &'a Design, model: &'a ModelPlan, fit: &'a Fit) -> Result<Kernel<'a>, Refusal> {
        if model.estimator.is_likelihood() || !design.absorbed.groupings.is_empty() {
            let from = &fit.coefficients;
            return Ok(Kernel::Refit { design, model, from });
        }
        Ok(Kernel::Cells(Box::new(Cells::new(design)?)))
    }

    pub fn coefficients(&self, work: &mut Work) -> Result<Vec<f64>, Refusal> {
        match self {
            Kernel::Cells(cells) => cells.coefficients(work),
            Kernel::Refit { design, model, from } => again(design, model, &work.times, Some(from)),
        }
    }
}

/// The coefficients of a model where row i stands `times[i]` times.
///
/// # Errors
/// What the estimator refuses.
pub fn refit(design: &Design, model: &ModelPlan, times: &[f64]) -> Result<Vec<f64>, Refusal> {
    if model.estimator.is_likelihood() || !design.absorbed.groupings.is_empty() {
        return again(design, model, times, None);
    }
    let mut work = Work {
        times: times.to_vec(),
        ..Work::default()
    };
    Cells::new(design)?.coefficients(&mut work)
}

fn again(
    design: &Design,
    model: &ModelPlan,
    times: &[f64],
    from: Option<&[f64]>,
) -> Result<Vec<f64>, Refusal> {
    let chosen = design::chosen(design, times)?;
    let link = match model.estimator {
        Estimator::Logit => Link::Logit,
        Estimator::Probit => Link::Probit,
        Estimator::Cloglog => Link::Cloglog,
        Estimator::Poisson => Link::Log,
        Estimator::OrderedLogit => return in_order(&chosen, Latent::Logistic),
        Estimator::OrderedProbit => return in_order(&chosen, Latent::Normal),
        Estimator::Multinomial => return nominal(&chosen),
        _ => return Ok(ols::solved(&chosen)?.coefficients),
    };
    Ok(glm::fit(&chosen, link, model.information, from)?.coefficients)
}

fn in_order(design: &Design, latent: Latent) -> Result<Vec<f64>, Refusal> {
    let names = design.names();
    let (predictors, y, weights) = predictors_of(design, &names);
    Ok(ordered::fit(predictors, &y, design.categories.len(), weights, latent)?.coefficients)
}

fn nominal(design: &Design) -> Result<Vec<f64>, Refusal> {
    let names = design.names();
    let (predictors, y, weights) = predictors_of(design, &names);
    Ok(multinomial::fit(predictors, &y, design.categories.len(), weights)?.coefficients)
}

/// A linear model's rows, those with the same values together.
pub(super) struct Cells {
    solution: Solution,
    /// For each row, its cell.
    of_row: Vec<u32>,
    /// A row of each cell.
    first: Vec<usize>,
}

impl Cells {
    /// # Errors
    /// E001 naming dependent columns.
    pub fn new(design: &Design) -> Result<Cells, Refusal> {
        let x = ols::weighted_columns(design);
        let mut known: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
        let mut first = Vec::new();
        let of_row = (0..design.rows())
            .map(|i| {
                let key: Vec<u64> = x.iter().map(|column| column[i].to_bits()).collect();
                *known.entry(key).or_insert_with(|| {
                    first.push(i);
                    first.len() as u32 - 1
                })
            })
            .collect();
        Ok(Cells {
            solution: ols::solved(design)?,
            of_row,
            first,
        })
    }

    fn coefficients(&self, work: &mut Work) -> Result<Vec<f64>, Refusal> {
        for sums in [&mut work.weights, &mut work.sums] {
            sums.clear();
            sums.resize(self.first.len(), 0.0);
        }
        for ((cell, times), e) in self.of_row.iter().zip(&work.times).zip(&self.solution.residuals) {
            work.weights[*cell as usize] += times;
            work.sums[*cell as usize] += times * e;
        }
        let Solution {
            coefficients,
            basis,
            from_basis,
            ..
        } = &self.solution;
        let k = coefficients.len();
        let mut normal = vec![vec![0.0; k]; k];
        let mut right = vec![0.0; k];
        for ((at, weight), sum) in self.first.iter().zip(&work.weights).zip(&work.sums) {
            if *weight == 0.0 {
                continue;
            }
            let row = &basis[*at];
            right.iter_mut().zip(row).for_each(|(r, q)| *r += q * sum);
            for (a, target) in normal.iter_mut().enumerate() {
                let scaled = weight * row[a];
                target
                    .iter_mut()
                    .zip(&row[..=a])
                    .for_each(|(t, q)| *t += scaled * q);
            }
        }
        let singular = || Refusal::new(codes::RANK_DEFICIENT, "its columns depend on each other");
        cholesky(&mut normal).ok_or_else(singular)?;
        let change = solve(&normal, right);
        let moved = |row: &Vec<f64>| row.iter().zip(&change).map(|(t, c)| t * c).sum::<f64>();
        Ok(coefficients
            .iter()
            .zip(from_basis)
            .map(|(b, row)| b + moved(row))
            .collect())
    }
}
