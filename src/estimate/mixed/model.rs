//! A registered mixed model: its design to a fit that tests can use.

use super::{Term, fit, satterthwaite};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::{self, Link, Reference, Response, least_squares};
use crate::plan::ModelPlan;

/// Fits a registered model; `df_residual` is lme4's, n less the coefficients, θ and σ.
///
/// # Errors
/// E001 naming the columns of the fixed effects that depend on others; as [`fit`]; E011 where the variance parameters
/// are at no maximum, so that there are no degrees of freedom.
pub fn model(design: &Design, model: &ModelPlan) -> Result<estimate::Fit, Refusal> {
    let Some(likelihood) = model.likelihood else {
        let message = "the plan does not say whether REML or ML is meant";
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    };
    least_squares(&design.x, &design.y).map_err(|columns| design.dependent(&columns))?;
    let pairs = model.formula.random.iter().zip(&design.random);
    let terms: Vec<Term> = pairs
        .map(|(term, columns)| Term {
            name: term.to_string(),
            codes: columns.codes.clone(),
            groups: columns.groups,
            columns: columns.columns.clone(),
            correlated: true,
        })
        .collect();
    let mixed = fit(&design.x, &design.y, &terms, likelihood)?;
    let k = mixed.coefficients.len();
    for position in 0..k {
        let unit: Vec<f64> = (0..k).map(|j| if j == position { 1.0 } else { 0.0 }).collect();
        satterthwaite(&mixed, &unit)?;
    }
    let parameters = k + mixed.theta.iter().map(Vec::len).sum::<usize>() + 1;
    Ok(estimate::Fit {
        coefficients: mixed.coefficients.clone(),
        vcov: mixed.vcov.clone(),
        response: Response::Mean(Link::Identity),
        names: design.columns.iter().map(|c| c.name.clone()).collect(),
        terms: design.columns.iter().map(|c| c.term).collect(),
        df_residual: design.rows() as f64 - parameters as f64,
        sigma: Some(mixed.sigma),
        r_squared: None,
        log_likelihood: Some(mixed.log_likelihood),
        draws: None,
        exact: false,
        reference: Reference::Satterthwaite(Box::new(mixed)),
    })
}
