//! The row L whose product with the coefficients is what a test estimates.
//!
//! A predictive margin is L = mean over rows of x(row with `of` set to the level); a contrast is Σ w(level) L(level);
//! a contrast of contrasts is Σ over the outer factors' weights of the same, each set as well.
//! marginaleffects' `avg_predictions` and `avg_comparisons`, Stata's `margins`; `balanced` as emmeans.

use super::models::Fitted;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::plan::{PlannedTest, Quantity};
use std::collections::{BTreeMap, BTreeSet};

/// The linear combination of coefficients that a test is about.
///
/// # Errors
/// E005 for a level that no analysed row has; E008 for a coefficient that the model does not have.
pub(super) fn linear(fitted: &Fitted, test: &PlannedTest) -> Result<Vec<f64>, Refusal> {
    match &test.quantity {
        Quantity::Contrast {
            of,
            weights,
            across,
            average,
        } => {
            let mut cells: Vec<(BTreeMap<&str, &str>, f64)> = weights
                .iter()
                .map(|(level, w)| (BTreeMap::from([(of.as_str(), level.as_str())]), *w))
                .collect();
            for (factor, outer) in across {
                cells = cells
                    .iter()
                    .flat_map(|(setting, weight)| {
                        outer.iter().map(move |(level, w)| {
                            let mut setting = setting.clone();
                            setting.insert(factor, level);
                            (setting, weight * w)
                        })
                    })
                    .collect();
            }
            let mut row = vec![0.0; fitted.design.columns.len()];
            for (setting, weight) in &cells {
                let margin = fitted.design.average_row(setting, *average)?;
                row.iter_mut().zip(margin).for_each(|(r, m)| *r += weight * m);
            }
            Ok(clean(row))
        }
        Quantity::Margin { of, level, average } => fitted
            .design
            .average_row(&BTreeMap::from([(of.as_str(), level.as_str())]), *average),
        Quantity::Coefficient { term } => {
            let wanted: BTreeSet<&str> = term.split(':').collect();
            let found = |name: &str| name == term || name.split(':').collect::<BTreeSet<_>>() == wanted;
            if !fitted.design.columns.iter().any(|c| found(&c.name)) {
                let message = format!("the model has no coefficient `{term}`");
                return Err(Refusal::new(codes::ESTIMAND_ABSENT, message));
            }
            Ok(fitted
                .design
                .columns
                .iter()
                .map(|c| if found(&c.name) { 1.0 } else { 0.0 })
                .collect())
        }
        Quantity::Joint { .. } => Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            "a joint test has no single estimate",
        )),
    }
}

/// Weights that cancel but for rounding are zero: the covariate averages of a contrast drop out exactly.
fn clean(mut row: Vec<f64>) -> Vec<f64> {
    let largest = row.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    row.iter_mut()
        .filter(|v| v.abs() < 1e-14 * largest)
        .for_each(|v| *v = 0.0);
    row
}
