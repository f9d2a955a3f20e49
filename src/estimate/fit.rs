//! What a fitted model hands on: coefficients, their variance, and the distribution they are referred to.

use super::mixed;
use super::resample::{Draws, bca, percentile};
use super::response::Response;
use super::tails;
use super::vcov::BellMcCaffrey;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::{Alternative, Intervals};

/// A fitted model.
#[derive(Clone, Debug)]
pub struct Fit {
    /// k coefficients: in the order of the design's columns, then cutpoints; by category in a multinomial model.
    pub coefficients: Vec<f64>,
    /// k × k, by rows.
    pub vcov: Vec<Vec<f64>>,
    pub reference: Reference,
    pub response: Response,
    /// The coefficients' names.
    pub names: Vec<String>,
    /// For each coefficient, its term's position in the formula, if it has one.
    pub terms: Vec<Option<usize>>,
    /// n − k.
    pub df_residual: f64,
    /// Residual standard deviation of a linear model.
    pub sigma: Option<f64>,
    /// Nothing outside linear models, or without variation to explain.
    pub r_squared: Option<f64>,
    /// Of a model fitted by maximum likelihood.
    pub log_likelihood: Option<f64>,
    /// Of a bootstrap.
    pub draws: Option<Draws>,
    /// The residuals are rounding: there is nothing to test against.
    pub exact: bool,
}

impl Fit {
    /// The interval of a function of the coefficients by its own values over the draws, where that is registered.
    ///
    /// # Errors
    /// E015 where it is corrected and all draws lie on one side of the estimate, or nothing has influence on it.
    pub fn drawn(&self, value: &dyn Fn(&[f64]) -> f64, level: f64) -> Result<Option<(f64, f64)>, Refusal> {
        let Some(draws) = self.draws.as_ref().filter(|d| d.intervals != Intervals::Normal) else {
            return Ok(None);
        };
        let values: Vec<f64> = draws.coefficients.iter().map(|b| value(b)).collect();
        let Some(without) = &draws.without else {
            return Ok(percentile(&values, level));
        };
        let corrected = bca(
            &values,
            value(&self.coefficients),
            &without.influences(value),
            level,
        );
        let message = "the bias or the acceleration that bca corrects for is not finite over these draws";
        corrected
            .map(Some)
            .ok_or_else(|| Refusal::new(codes::NOT_DEFINED, message))
    }
}

/// The distribution of an estimate over its standard error.
#[derive(Clone, Debug)]
pub enum Reference {
    T(f64),
    Normal,
    /// t, with degrees of freedom for each linear combination.
    BellMcCaffrey(Box<BellMcCaffrey>),
    /// t, with Welch's degrees of freedom from each arm's s²/n and n − 1, the reference arm first.
    Welch(Vec<(f64, f64)>),
    /// t, with Satterthwaite's degrees of freedom for each linear combination of a mixed model's fixed effects.
    Satterthwaite(Box<mixed::Fit>),
}

impl Reference {
    /// Degrees of freedom for the combination `row` of coefficients; infinite for the normal, no number where there
    /// are none.
    pub fn df(&self, row: &[f64]) -> f64 {
        match self {
            Reference::T(df) => *df,
            Reference::Normal => f64::INFINITY,
            Reference::BellMcCaffrey(moments) => moments.df(row),
            Reference::Welch(arms) => welch(arms, row),
            Reference::Satterthwaite(mixed) => mixed::satterthwaite(mixed, row).unwrap_or(f64::NAN),
        }
    }
}

/// (Σ w²s²/n)² / Σ (w²s²/n)²/(n − 1) (Welch 1947, doi:10.1093/biomet/34.1-2.28), w the combination's weights of the
/// arms' means: those of the other arms are their coefficients', the reference has the rest of the intercept's.
fn welch(arms: &[(f64, f64)], row: &[f64]) -> f64 {
    let others: f64 = row.iter().skip(1).sum();
    let first = row.first().copied().unwrap_or(0.0) - others;
    let weights = std::iter::once(first).chain(row.iter().skip(1).copied());
    let parts: Vec<(f64, f64)> = weights
        .zip(arms)
        .map(|(w, (variance, df))| (w * w * variance, *df))
        .collect();
    let total: f64 = parts.iter().map(|(v, _)| v).sum();
    total * total
        / parts
            .iter()
            .filter(|(v, _)| *v > 0.0)
            .map(|(v, df)| v * v / df)
            .sum::<f64>()
}

/// p-value of an estimate with its standard error, degrees of freedom (infinite: normal) and null value.
///
/// Two one-sided tests for equivalence: the larger p (Schuirmann 1987, doi:10.1007/BF01068419).
pub fn p_value(estimate: f64, std_error: f64, df: f64, null: f64, alternative: Alternative) -> f64 {
    use crate::plan::Better::{Higher, Lower};
    let above = |null: f64| tails::t_sf((estimate - null) / std_error, df);
    let below = |null: f64| tails::t_sf((null - estimate) / std_error, df);
    match alternative {
        Alternative::TwoSided => tails::t_two_sided((estimate - null) / std_error, df),
        Alternative::Greater => above(null),
        Alternative::Less => below(null),
        Alternative::Equivalent { low, high } => above(low).max(below(high)),
        Alternative::NotInferior {
            margin,
            better: Higher,
        } => above(-margin),
        Alternative::NotInferior {
            margin,
            better: Lower,
        } => below(margin),
        Alternative::Superior {
            margin,
            better: Higher,
        } => above(margin),
        Alternative::Superior {
            margin,
            better: Lower,
        } => below(-margin),
    }
}

/// The statistic that goes with [`p_value`]: of the two for equivalence, the one with the larger p.
pub fn statistic(estimate: f64, std_error: f64, null: f64, alternative: Alternative) -> f64 {
    use crate::plan::Better::{Higher, Lower};
    let against = |null: f64| (estimate - null) / std_error;
    match alternative {
        Alternative::TwoSided | Alternative::Greater | Alternative::Less => against(null),
        Alternative::Equivalent { low, high } => {
            if against(low) <= -against(high) {
                against(low)
            } else {
                against(high)
            }
        }
        Alternative::NotInferior {
            margin,
            better: Higher,
        } => against(-margin),
        Alternative::NotInferior {
            margin,
            better: Lower,
        } => against(margin),
        Alternative::Superior {
            margin,
            better: Higher,
        } => against(margin),
        Alternative::Superior {
            margin,
            better: Lower,
        } => against(-margin),
    }
}
