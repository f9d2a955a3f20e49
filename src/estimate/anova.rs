//! Analysis of variance: the F test of one model within another.
//!
//! F = (Σ(ŷ − ŷ₀)²/q)/(Σ(y − ŷ_full)²/(n − k)), ŷ₀ and ŷ the fits without and with q columns, the errors those of the full
//! model. The sum of squares is taken from the fits themselves, so that nothing cancels. Fisher (1925); types I, II and III
//! after SAS (Goodnight 1980, doi:10.1080/03610928008827906). R's `anova`, car's `Anova`, held to both (`tests/direct_oracle.rs`).

use super::{ols, tails};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;

/// An F test with its degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct F {
    pub statistic: f64,
    pub df: [f64; 2],
    pub p_value: f64,
}

/// The test of what `with` adds to `without`, both lists of the design's columns.
///
/// # Errors
/// E001 for columns that depend on others; E002 where no row is left for the errors; E009 where the full model fits every
/// row exactly.
pub fn test(design: &Design, without: &[usize], with: &[usize]) -> Result<F, Refusal> {
    let all: Vec<usize> = (0..design.columns.len()).collect();
    let full = fitted(design, &all)?;
    let errors: f64 = design.y.iter().zip(&full).map(|(y, f)| (y - f).powi(2)).sum();
    let size: f64 = design.y.iter().map(|y| y * y).sum();
    let df = [
        with.len() as f64 - without.len() as f64,
        design.rows() as f64 - all.len() as f64,
    ];
    if df[1] <= 0.0 {
        let message = "there are no more rows than coefficients";
        return Err(Refusal::new(codes::TOO_FEW_ROWS, message));
    }
    if errors <= 1e-28 * size * df[1] {
        let message = "the model fits every row exactly: there is no variation to test against";
        return Err(Refusal::new(codes::NO_VARIATION, message));
    }
    let (before, after) = (fitted(design, without)?, fitted(design, with)?);
    let gained: f64 = before.iter().zip(&after).map(|(b, a)| (a - b).powi(2)).sum();
    let statistic = (gained / df[0]) / (errors / df[1]);
    Ok(F {
        statistic,
        df,
        p_value: tails::f_sf(statistic, df[0], df[1]),
    })
}

fn fitted(design: &Design, columns: &[usize]) -> Result<Vec<f64>, Refusal> {
    if columns.is_empty() {
        return Ok(vec![0.0; design.rows()]);
    }
    let x: Vec<Vec<f64>> = columns.iter().filter_map(|c| design.x.get(*c).cloned()).collect();
    let solution = ols::least_squares(&x, &design.y).map_err(|dependent| {
        let own: Vec<usize> = dependent
            .iter()
            .filter_map(|d| columns.get(*d).copied())
            .collect();
        design.dependent(&own)
    })?;
    let rest = design.y.iter().zip(&solution.residuals);
    Ok(rest.map(|(y, e)| y - e).collect())
}
