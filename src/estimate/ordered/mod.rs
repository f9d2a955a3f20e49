//! Ordered logit and probit: P(y ≤ j) = F(ζⱼ − xβ), the cutpoints ζ₁ < … < ζ_{J−1}.
//!
//! (β, ζ) maximises Σ wᵢ ln[F(ζ_{yᵢ} − xᵢβ) − F(ζ_{yᵢ−1} − xᵢβ)] (McCullagh 1980,
//! doi:10.1111/j.2517-6161.1980.tb01109.x), a concave function (Pratt 1981, doi:10.1080/01621459.1981.10477613),
//! by Newton with the analytic Hessian, whose inverse is the variance. The sign is MASS::polr's.
//! Held to ordinal::clm (`tests/ordered.rs`).

mod latent;
mod margins;
mod proportionality;
mod rows;

pub use latent::Latent;
pub use margins::{expected_score, gradients, probabilities, slopes};
pub use proportionality::{Proportionality, proportionality};

use super::likelihood::Likelihood;
use super::newton::{self, Failure};
use super::predictors::{Predictors, Standardised, carried, standardise, weights as checked};
use crate::design::Refusal;
use crate::diagnostic::codes;
use rows::Rows;

/// Fits the model to outcomes `y` in 0..`categories` (n) and k columns without an intercept.
///
/// Coefficients are (β₁..β_k, ζ₁..ζ_{J−1}); `weights` (n) multiply the log-likelihood.
///
/// # Errors
/// E014 for an outcome beyond the categories or fewer than two of them; E005 naming a category that no row of
/// positive weight has; E006 and E013 for values and weights that are not finite; E001 naming dependent columns;
/// E002 where n ≤ k + J − 1; E010 naming the columns that separate the categories; E011 without a maximum.
pub fn fit(
    predictors: Predictors<'_>,
    y: &[u32],
    categories: usize,
    weights: Option<&[f64]>,
    latent: Latent,
) -> Result<Likelihood, Refusal> {
    predictors.finite(y.len())?;
    let weights = checked(weights, y.len())?;
    let shares = shares(y, categories, &weights)?;
    let p = predictors.columns.len() + categories - 1;
    let n = weights.iter().filter(|w| **w > 0.0).count();
    if n <= p {
        let message = format!("{n} rows cannot determine {p} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let standard = standardise(predictors, &weights, true)?;
    let rows = Rows {
        columns: &standard.columns,
        nominal: &[],
        y,
        weights: &weights,
        latent,
    };
    let maximum = newton::maximise(rows.start(&shares), &|point| rows.evaluate(point)).map_err(
        |failure| match failure {
            Failure::Refused(refusal) => refusal,
            Failure::Diverges(direction) => rows.diverges(predictors, &direction),
        },
    )?;
    let back = back(&standard, p);
    let coefficients: Vec<f64> = back
        .iter()
        .map(|row| row.iter().zip(&maximum.point).map(|(t, v)| t * v).sum())
        .collect();
    Ok(Likelihood {
        scores: rows.scores(&maximum.point, predictors.columns)?,
        bread: carried(&back, &maximum.inverse_information),
        coefficients,
        log_likelihood: maximum.value,
        iterations: maximum.iterations,
        gradient: maximum.gradient,
    })
}

/// The weighted share of each category.
pub(super) fn shares(y: &[u32], categories: usize, weights: &[f64]) -> Result<Vec<f64>, Refusal> {
    if categories < 2 {
        let message = format!("an ordered outcome needs two categories at least, not {categories}");
        return Err(Refusal::new(codes::BAD_OUTCOME, message));
    }
    let mut shares = vec![0.0; categories];
    for (row, (y, w)) in y.iter().zip(weights).enumerate() {
        let Some(share) = shares.get_mut(*y as usize) else {
            let message = format!(
                "the outcome of row {} is category {} of {categories}",
                row + 1,
                u64::from(*y) + 1
            );
            return Err(Refusal::new(codes::BAD_OUTCOME, message));
        };
        *share += w;
    }
    if let Some(empty) = shares.iter().position(|s| *s == 0.0) {
        let message = format!(
            "no row has category {} of the outcome's {categories}, so that its bounds cannot be estimated",
            empty + 1
        );
        return Err(Refusal::new(codes::LEVEL_EMPTY, message));
    }
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|s| *s /= total);
    Ok(shares)
}

/// The p × p matrix from standardised parameters to those of the columns as given.
fn back(standard: &Standardised, p: usize) -> Vec<Vec<f64>> {
    let k = standard.scales.len();
    (0..p)
        .map(|a| {
            let mut row = vec![0.0; p];
            row[a] = 1.0;
            if a < k {
                row[a] = 1.0 / standard.scales[a];
            } else {
                (0..k).for_each(|c| row[c] = standard.means[c] / standard.scales[c]);
            }
            row
        })
        .collect()
}
