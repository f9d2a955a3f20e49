//! 6 NUMBERS: models fitted, and their variances. faer and statrs live here.

mod fit;
mod glm;
pub mod likelihood;
mod link;
mod ols;
pub mod tails;
mod vcov;

pub use fit::{Fit, Reference, p_value, statistic};
pub use link::Link;
pub use ols::{Solution, least_squares};
pub use vcov::{BellMcCaffrey, vcov};

use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::ModelPlan;

/// Fits a model to its design.
///
/// # Errors
/// E006 for a value that is not finite; E002 where n ≤ k; what the estimator refuses.
pub fn fit(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    let (n, k) = (design.rows(), design.columns.len());
    let mut values = design.y.iter().chain(design.x.iter().flatten());
    if !values.all(|v| v.is_finite()) || design.x.iter().any(|c| c.len() != n) || design.lines.len() != n {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "a value that enters the model is not a finite number",
        ));
    }
    if n <= k {
        let message = format!("{n} rows cannot determine {k} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    if !model.estimator.is_likelihood() {
        return ols::fit(design, model.vcov);
    }
    let link = Link::of(model.estimator);
    let likelihood = glm::fit(design, link, model.information)?;
    Ok(Fit {
        vcov: likelihood.vcov(model.vcov, &design.clusters)?,
        reference: Reference::Normal,
        link,
        df_residual: (n - k) as f64,
        sigma: None,
        r_squared: None,
        log_likelihood: Some(likelihood.log_likelihood),
        exact: false,
        coefficients: likelihood.coefficients,
    })
}
