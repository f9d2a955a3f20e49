//! Models fitted for their tests, and what the record says of them.

use super::imputed::{self, Completed, Imputed};
use super::mixed;
use crate::data::Sample;
use crate::design::{self, Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::{self, Fit, Reference, list, tails};
use crate::plan::{ModelPlan, Plan, WeightKind};
use crate::record::{Coefficient, DrawsRecord, ListFacts, ModelRecord};

/// The level of the intervals in coefficient tables.
const CONF_LEVEL: f64 = 0.95;

/// A design with its fit.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    pub design: Design,
    pub fit: Fit,
    /// The formula's terms, which the design's columns point to.
    pub terms: Vec<crate::plan::Term>,
    /// All completed data sets, of which this is the first, where covariates are imputed.
    pub imputed: Option<Imputed>,
}

/// `seed` is the model's own, for variances that draw.
pub(super) fn fitted(
    plan: &Plan,
    model: &ModelPlan,
    sample: &Sample,
    seed: [u8; 32],
) -> Result<Fitted, Refusal> {
    let (samples, record) = match imputed::completed(plan, model, sample, seed)? {
        Completed::AsTheyAre => return complete(plan, model, sample, seed),
        Completed::Drawn(samples, record) => (samples, record),
    };
    let fits = samples.iter().map(|sample| complete(plan, model, sample, seed));
    let fits: Vec<Fitted> = fits.collect::<Result<_, _>>()?;
    let Some(first) = fits.first().cloned() else {
        return complete(plan, model, sample, seed);
    };
    Ok(match fits.len() {
        1 => first,
        _ => Fitted {
            imputed: Some(Imputed { fits, record }),
            ..first
        },
    })
}

/// Without missing values that are to be imputed.
fn complete(plan: &Plan, model: &ModelPlan, sample: &Sample, seed: [u8; 32]) -> Result<Fitted, Refusal> {
    let design = design::build(plan, model, sample)?;
    let fit = estimate::fit(&design, model, seed)?;
    let finite = fit
        .coefficients
        .iter()
        .chain(fit.vcov.iter().flatten())
        .all(|v| v.is_finite());
    if !finite {
        return Err(Refusal::new(
            codes::NOT_FINITE,
            "a coefficient or its variance is not a finite number",
        ));
    }
    Ok(Fitted {
        design,
        fit,
        terms: model.formula.terms.clone(),
        imputed: None,
    })
}

/// (Σw)²/Σw² of weights that stand for unequal chances (Kish 1965, Survey Sampling, section 11.7; Kish 1992,
/// Journal of Official Statistics 8(2), 183–200).
fn effective(model: &ModelPlan, weights: &[f64]) -> Option<f64> {
    let kind = model.weights.as_ref()?.kind;
    let chances = matches!(kind, WeightKind::Probability | WeightKind::InverseProbability);
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    (chances && squares > 0.0).then(|| weights.iter().sum::<f64>().powi(2) / squares)
}

pub(super) fn record(id: &str, model: &ModelPlan, fit: &Result<Fitted, Refusal>) -> ModelRecord {
    let mut record = ModelRecord {
        id: id.to_owned(),
        estimator: model.estimator.word().to_owned(),
        formula: model.formula.to_string(),
        vcov: model.vcov.word().to_owned(),
        n: 0,
        dropped_missing: 0,
        df_residual: 0.0,
        r_squared: None,
        sigma: None,
        log_likelihood: None,
        weights: model.weights.as_ref().map(crate::plan::WeightsPlan::words),
        effective_n: None,
        design_effect: None,
        clusters: model.clusters.clone(),
        dropped_weight: 0,
        lists: Vec::new(),
        trials: model.trials.clone(),
        imputed: None,
        draws: None,
        coefficients: Vec::new(),
        mixed: None,
        note: None,
    };
    match fit {
        Err(refusal) => record.note = Some(refusal.to_string()),
        Ok(fitted) => {
            record.effective_n = effective(model, &fitted.design.weights);
            let n = fitted.design.rows() as f64;
            record.design_effect = record.effective_n.map(|effective| n / effective);
            record.n = fitted.design.rows() as u64;
            record.dropped_missing = fitted.design.dropped_missing;
            record.df_residual = fitted.fit.df_residual;
            record.r_squared = fitted.fit.r_squared;
            record.sigma = fitted.fit.sigma;
            record.log_likelihood = fitted.fit.log_likelihood;
            record.dropped_weight = fitted.design.dropped_weight;
            record.draws = fitted.fit.draws.as_ref().map(|d| DrawsRecord {
                asked: d.asked,
                failed: d.failed,
            });
            record.coefficients = match &fitted.imputed {
                Some(imputed) => imputed::coefficients(imputed, CONF_LEVEL),
                None => coefficients(fitted),
            };
            record.mixed = mixed::record(model, fitted);
            record.note = record.mixed.as_ref().and_then(mixed::singular);
            if let Some(items) = model.items {
                record.lists = lists(&fitted.design, items);
            }
            if let Some(imputed) = &fitted.imputed {
                record.imputed = Some(imputed.record.clone());
                (record.r_squared, record.sigma, record.log_likelihood) = (None, None, None);
            }
            if fitted.fit.exact {
                record.note = Some(String::from(
                    "the model fits every row exactly: its errors are rounding",
                ));
                record.coefficients.clear();
            }
        }
    }
    record
}

fn lists(design: &Design, items: u64) -> Vec<ListFacts> {
    let facts = |ends: list::Ends| ListFacts {
        list: ends.list,
        items: ends.most,
        rows: ends.rows,
        none: ends.none,
        all: ends.all,
    };
    list::ends(design, items).into_iter().map(facts).collect()
}

fn coefficients(fitted: &Fitted) -> Vec<Coefficient> {
    let k = fitted.fit.coefficients.len();
    let unit =
        |position: usize| -> Vec<f64> { (0..k).map(|j| if j == position { 1.0 } else { 0.0 }).collect() };
    let own = !matches!(fitted.fit.reference, Reference::T(_) | Reference::Normal);
    let pairs = fitted.fit.names.iter().zip(&fitted.fit.coefficients).enumerate();
    pairs
        .filter_map(|(position, (name, estimate))| {
            let variance = *fitted.fit.vcov.get(position)?.get(position)?;
            let std_error = variance.sqrt();
            let df = fitted.fit.reference.df(&unit(position));
            let width = tails::t_quantile((1.0 - CONF_LEVEL) / 2.0, df) * std_error;
            let value = |b: &[f64]| b.get(position).copied().unwrap_or(f64::NAN);
            let drawn = fitted.fit.drawn(&value, CONF_LEVEL).ok()?;
            let (conf_low, conf_high) = drawn.unwrap_or((estimate - width, estimate + width));
            (std_error > 0.0 && !df.is_nan()).then(|| Coefficient {
                term: name.clone(),
                estimate: *estimate,
                std_error,
                df: own.then_some(df),
                statistic: estimate / std_error,
                p_value: tails::t_two_sided(estimate / std_error, df),
                conf_low,
                conf_high,
            })
        })
        .collect()
}
