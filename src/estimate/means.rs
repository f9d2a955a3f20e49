//! The difference in means: Neyman's variance with Welch's degrees of freedom.
//!
//! ȳ_a − ȳ_b with variance s_a²/n_a + s_b²/n_b (Neyman 1923), which is least squares on the arms with HC2.
//! Held to R's `t.test` (`tests/experiments.rs`). With more than two arms every contrast of means has the same.

use super::{Fit, Reference, ols};
use crate::design::{Design, Input, Refusal};
use crate::diagnostic::codes;
use crate::plan::ModelPlan;

/// # Errors
/// What least squares refuses; E002 for an arm of one.
pub fn fit(design: &Design, model: &ModelPlan) -> Result<Fit, Refusal> {
    let Some(Input::Levels { names, codes }) = design.inputs.values().next() else {
        return Err(Refusal::new(
            crate::diagnostic::codes::ESTIMAND_ABSENT,
            "the model has no arms",
        ));
    };
    let mut arms = Vec::with_capacity(names.len());
    for (code, name) in names.iter().enumerate() {
        let of_arm = || {
            codes
                .iter()
                .zip(&design.y)
                .filter(|(c, _)| **c as usize == code)
                .map(|(_, y)| *y)
        };
        let n = of_arm().count() as f64;
        if n < 2.0 {
            return Err(too_few(name));
        }
        let mean = of_arm().sum::<f64>() / n;
        let squares: f64 = of_arm().map(|y| (y - mean).powi(2)).sum();
        arms.push((squares / (n - 1.0) / n, n - 1.0));
    }
    let fit = ols::fit(design, model)?;
    Ok(Fit {
        reference: Reference::Welch(arms),
        ..fit
    })
}

fn too_few(arm: &str) -> Refusal {
    let message = format!("the arm `{arm}` has one row: its variance cannot be estimated");
    Refusal::new(codes::TOO_FEW_ROWS, message)
}
