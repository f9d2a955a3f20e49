//! 6 NUMBERS: models fitted, and their variances. faer and statrs live here.

pub mod anova;
pub mod bayes;
mod compressed;
pub mod direct;
pub mod effect;
mod fit;
mod glm;
mod horvitz_thompson;
pub mod impute;
pub mod likelihood;
mod link;
pub mod list;
mod means;
pub mod mixed;
pub mod multinomial;
mod newton;
pub mod noncentral;
pub mod normal;
mod ols;
pub mod ordered;
pub mod predictors;
mod quadrature;
pub mod reliability;
pub mod resample;
mod response;
pub mod rubin;
pub mod tails;
mod vcov;

pub use fit::{Fit, Reference, p_value, statistic};
pub use link::Link;
pub use ols::{Solution, least_squares, leverage};
pub use response::{Predicted, Response};
pub use vcov::{BellMcCaffrey, vcov};

use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::plan::{Estimator, ModelPlan, Vcov};
pub use ordered::Latent;
use predictors::Predictors;

/// Fits a model to its design.
///
/// # Errors
/// E006 for a value that is not finite; E002 where n ≤ k; what the estimator refuses.
///
/// `seed` is the model's own stream, for variances that draw.
pub fn fit(design: &Design, model: &ModelPlan, seed: [u8; 32]) -> Result<Fit, Refusal> {
    let (n, k) = (design.rows(), design.columns.len());
    let outcomes = design.y.iter().chain(&design.less);
    let mut values = outcomes.chain(design.x.iter().flatten());
    if !values.all(|v| v.is_finite()) || design.x.iter().any(|c| c.len() != n) || design.lines.len() != n {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "a value that enters the model is not a finite number",
        ));
    }
    let all = k + design.absorbed.df;
    if n <= all && !model.estimator.is_direct() {
        let message = format!("{n} rows cannot determine {all} coefficients and their errors");
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    let fit = point(design, model)?;
    resample::resampled(design, model, fit, seed)
}

/// A fit with the variance that needs no draws.
fn point(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    match model.estimator {
        Estimator::Ols => ols::fit(design, model),
        Estimator::DifferenceInMeans => means::fit(design, model),
        Estimator::HorvitzThompson => horvitz_thompson::fit(design, model),
        Estimator::ListExperiment => {
            list::possible(design, model.items.unwrap_or_default())?;
            means::fit(design, model)
        }
        Estimator::Amce | Estimator::MarginalMean => Ok(Fit {
            reference: Reference::Normal,
            ..ols::fit(design, model)?
        }),
        Estimator::Logit => linked(design, model, Link::Logit),
        Estimator::Probit => linked(design, model, Link::Probit),
        Estimator::Cloglog => linked(design, model, Link::Cloglog),
        Estimator::Poisson => linked(design, model, Link::Log),
        Estimator::OrderedLogit => in_order(design, model, Latent::Logistic),
        Estimator::OrderedProbit => in_order(design, model, Latent::Normal),
        Estimator::Multinomial => nominal(design, model),
        Estimator::Mixed => mixed::model(design, model),
        _ => Ok(without_model(design)),
    }
}

/// Tests without a model have rows and no coefficients.
fn without_model(design: &Design) -> Fit {
    Fit {
        coefficients: Vec::new(),
        vcov: Vec::new(),
        reference: Reference::Normal,
        response: Response::Mean(Link::Identity),
        names: Vec::new(),
        terms: Vec::new(),
        df_residual: design.rows() as f64,
        sigma: None,
        r_squared: None,
        log_likelihood: None,
        draws: None,
        exact: false,
    }
}

/// A generalized linear model's maximum, from which every variance of it follows; nothing for other models.
///
/// # Errors
/// What the estimator refuses.
pub fn likelihood(design: &Design, model: &ModelPlan) -> Result<Option<likelihood::Likelihood>, Refusal> {
    let link = match model.estimator {
        Estimator::Logit => Link::Logit,
        Estimator::Probit => Link::Probit,
        Estimator::Cloglog => Link::Cloglog,
        Estimator::Poisson => Link::Log,
        _ => return Ok(None),
    };
    glm::fit(design, link, model.information, None).map(Some)
}

fn linked(design: &Design, model: &ModelPlan, link: Link) -> Result<Fit, Refusal> {
    let likelihood = glm::fit(design, link, model.information, None)?;
    let names = design.columns.iter().map(|c| c.name.clone()).collect();
    let terms = design.columns.iter().map(|c| c.term).collect();
    by_likelihood(design, model, likelihood, Response::Mean(link), names, terms)
}

/// What maximum likelihood of categories takes: columns, the outcome as codes, weights.
fn predictors_of<'a>(
    design: &'a Design,
    names: &'a [&'a str],
) -> (Predictors<'a>, Vec<u32>, Option<&'a [f64]>) {
    let predictors = Predictors {
        columns: &design.x,
        names,
    };
    let codes = design.y.iter().map(|y| *y as u32).collect();
    let weights = (!design.weights.is_empty()).then_some(design.weights.as_slice());
    (predictors, codes, weights)
}

fn in_order(design: &Design, model: &ModelPlan, latent: Latent) -> Result<Fit, Refusal> {
    let borrowed = design.names();
    let (predictors, y, weights) = predictors_of(design, &borrowed);
    let likelihood = ordered::fit(predictors, &y, design.categories.len(), weights, latent)?;
    let mut names: Vec<String> = borrowed.iter().map(|n| (*n).to_owned()).collect();
    let mut terms: Vec<Option<usize>> = design.columns.iter().map(|c| c.term).collect();
    for pair in design.categories.windows(2) {
        names.push(pair.join("|"));
        terms.push(None);
    }
    let categories = design.categories.clone();
    let response = Response::Ordered { latent, categories };
    by_likelihood(design, model, likelihood, response, names, terms)
}

/// The likelihood-ratio test that some columns of an ordered model have the same slope at every cutpoint.
///
/// # Errors
/// As [`ordered::proportionality`].
pub fn proportional(
    design: &Design,
    latent: Latent,
    tested: &[usize],
) -> Result<ordered::Proportionality, Refusal> {
    let names = design.names();
    let (predictors, y, _) = predictors_of(design, &names);
    ordered::proportionality(predictors, &y, design.categories.len(), latent, tested)
}

fn nominal(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    let columns = design.names();
    let (predictors, y, weights) = predictors_of(design, &columns);
    let likelihood = multinomial::fit(predictors, &y, design.categories.len(), weights)?;
    let (mut names, mut terms) = (Vec::new(), Vec::new());
    for category in design.categories.iter().skip(1) {
        names.extend(columns.iter().map(|c| format!("{category}: {c}")));
        terms.extend(design.columns.iter().map(|c| c.term));
    }
    let categories = design.categories.clone();
    let response = Response::Multinomial { categories };
    by_likelihood(design, model, likelihood, response, names, terms)
}

fn by_likelihood(
    design: &Design,
    model: &ModelPlan,
    likelihood: likelihood::Likelihood,
    response: Response,
    names: Vec<String>,
    terms: Vec<Option<usize>>,
) -> Result<Fit, Refusal> {
    Ok(Fit {
        vcov: match model.vcov {
            // Drawn afterwards.
            Vcov::Bootstrap | Vcov::Jackknife => likelihood.bread.clone(),
            kind => likelihood.vcov(kind, &design.clusters)?,
        },
        reference: Reference::Normal,
        response,
        names,
        terms,
        df_residual: design.rows() as f64 - likelihood.coefficients.len() as f64,
        sigma: None,
        r_squared: None,
        log_likelihood: Some(likelihood.log_likelihood),
        draws: None,
        exact: false,
        coefficients: likelihood.coefficients,
    })
}
