//! What stands beside a test's p-value, in words: its effect size and its Bayes factor.

use super::number;
use crate::record::{BayesFactor, EffectSize, Supports, TestResult};

/// A phrase each, such as `Cohen’s d = 0.41, 95% CI 0.20 to 0.62`.
pub(super) fn phrases(result: &TestResult) -> Vec<String> {
    let size = result.effect_size.as_ref().map(effect_size);
    let factor = result.bayes_factor.as_ref().map(bayes_factor);
    size.into_iter().chain(factor).collect()
}

fn effect_size(size: &EffectSize) -> String {
    let name = match size.name.as_str() {
        "cohens_d" => "Cohen’s d",
        "hedges_g" => "Hedges’ g",
        "glass_delta" => "Glass’s Δ",
        "d_z" => "Cohen’s d_z (of differences)",
        "d_av" => "Cohen’s d_av (of the mean variance)",
        "partial_omega_squared" => "partial ω²",
        "eta_squared" => "η²",
        "partial_eta_squared" => "partial η²",
        "omega_squared" => "ω²",
        "odds_ratio" => "odds ratio",
        "risk_ratio" => "risk ratio",
        "risk_difference" => "risk difference",
        "cramers_v" => "Cramér’s V",
        other => other,
    };
    match (size.estimate, size.conf_low, size.conf_high) {
        (Some(estimate), Some(low), Some(high)) => format!(
            "{name} = {}, {}% CI {} to {}",
            number::estimate(estimate),
            number::percent(size.conf_level),
            number::estimate(low),
            number::estimate(high)
        ),
        _ => format!("{name}: {}", size.note.as_deref().unwrap_or("not defined")),
    }
}

fn bayes_factor(factor: &BayesFactor) -> String {
    let Some(log) = factor.log_bf10 else {
        return format!("BF₁₀: {}", factor.note.as_deref().unwrap_or("not defined"));
    };
    let turned = if log < 0.0 {
        format!(", BF₀₁ = {}", number::factor(-log))
    } else {
        String::new()
    };
    let threshold = factor
        .at_least
        .map(|t| format!("; it decides from {t}"))
        .unwrap_or_default();
    format!(
        "BF₁₀ = {}{turned} (prior: {}{threshold})",
        number::factor(log),
        factor.prior
    )
}

/// The decision of a test, in words.
pub(super) fn decision(result: &TestResult) -> &'static str {
    let supports = result.bayes_factor.as_ref().and_then(|b| b.supports);
    match (result.rejects, supports) {
        (None, _) => "not run",
        (Some(true), _) => "rejects",
        (Some(false), Some(Supports::Null)) => "supports the null",
        (Some(false), Some(Supports::Neither)) => "undecided",
        (Some(false), _) => "does not reject",
    }
}
