//! Means of groups: Student's t for two, Welch's analysis of variance for several.

use super::{Direct, mean, no_variation, squares, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// Student's t for two groups, with the variance pooled over the two.
///
/// t = (x̄ − ȳ)/(s√(1/m + 1/n)), m + n − 2 degrees of freedom (Student 1908, doi:10.1093/biomet/6.1.1).
/// Held to R's `t.test(var.equal = TRUE)` and scipy (`tests/direct.rs`). The p-value is left to the alternative.
///
/// # Errors
/// E002 for fewer than two values in a group; E009 without variation in either.
pub fn student(x: &[f64], y: &[f64]) -> Result<Direct, Refusal> {
    if x.len() < 2 || y.len() < 2 {
        return Err(too_few("a group has fewer than two rows"));
    }
    let (m, n) = (x.len() as f64, y.len() as f64);
    let df = m + n - 2.0;
    let variance = (squares(x) + squares(y)) / df;
    let std_error = (variance * (1.0 / m + 1.0 / n)).sqrt();
    let estimate = mean(x) - mean(y);
    let scale = x.iter().chain(y).fold(0.0f64, |s, v| s.max(v.abs()));
    if std_error.is_nan() || std_error <= 1e-14 * scale {
        return Err(no_variation(
            "both groups are constant: there is no variation to test against",
        ));
    }
    Ok(Direct {
        estimate: Some(estimate),
        std_error: Some(std_error),
        df: vec![df],
        ..Direct::new(
            "t",
            estimate / std_error,
            tails::t_two_sided(estimate / std_error, df),
            "Student's t, variances pooled",
        )
    })
}

/// Welch's F for the means of k groups with their own variances (Welch 1951, doi:10.1093/biomet/38.3-4.330).
///
/// With wᵢ = nᵢ/sᵢ²: F = Σwᵢ(x̄ᵢ − x̃)²/(k − 1) / (1 + 2(k − 2)/(k² − 1) Λ), Λ = Σ(1 − wᵢ/Σw)²/(nᵢ − 1), with k − 1
/// and (k² − 1)/3Λ degrees of freedom. Held to R's `oneway.test` and statsmodels (`tests/direct.rs`).
///
/// # Errors
/// E002 for fewer than two groups or two values in one; E009 for a group without variation.
pub fn welch_anova(groups: &[Vec<f64>]) -> Result<Direct, Refusal> {
    if groups.len() < 2 || groups.iter().any(|g| g.len() < 2) {
        return Err(too_few("a group has fewer than two rows"));
    }
    let k = groups.len() as f64;
    let weights: Vec<f64> = groups
        .iter()
        .map(|g| g.len() as f64 * (g.len() as f64 - 1.0) / squares(g))
        .collect();
    if weights.iter().any(|w| !w.is_finite()) {
        return Err(no_variation(
            "a group is constant: its variance cannot weigh its mean",
        ));
    }
    let total: f64 = weights.iter().sum();
    let means: Vec<f64> = groups.iter().map(|g| mean(g)).collect();
    let centre = weights.iter().zip(&means).map(|(w, m)| w * m).sum::<f64>() / total;
    let between: f64 = weights
        .iter()
        .zip(&means)
        .map(|(w, m)| w * (m - centre).powi(2))
        .sum();
    let lambda: f64 = weights
        .iter()
        .zip(groups)
        .map(|(w, g)| (1.0 - w / total).powi(2) / (g.len() as f64 - 1.0))
        .sum();
    let statistic = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * lambda);
    let df = vec![k - 1.0, (k * k - 1.0) / (3.0 * lambda)];
    Ok(Direct {
        df: df.clone(),
        ..Direct::new(
            "F",
            statistic,
            tails::f_sf(statistic, df[0], df[1]),
            "Welch's analysis of variance",
        )
    })
}
