//! What a test says beside its p-value: an effect size, a Bayes factor, and whether that decides.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectSize {
    CohensD,
    HedgesG,
    GlassDelta,
    R,
    EtaSquared,
    PartialEtaSquared,
    OmegaSquared,
    OddsRatio,
    RiskRatio,
    RiskDifference,
    CramersV,
    /// Of pairs, in standard deviations of the differences.
    #[serde(rename = "d_z")]
    DZ,
    /// Of pairs, in the root mean square of the two standard deviations.
    #[serde(rename = "d_av")]
    DAv,
    PartialOmegaSquared,
}

impl EffectSize {
    pub const ALL: [(&'static str, EffectSize); 14] = [
        ("cohens_d", EffectSize::CohensD),
        ("hedges_g", EffectSize::HedgesG),
        ("glass_delta", EffectSize::GlassDelta),
        ("r", EffectSize::R),
        ("eta_squared", EffectSize::EtaSquared),
        ("partial_eta_squared", EffectSize::PartialEtaSquared),
        ("omega_squared", EffectSize::OmegaSquared),
        ("odds_ratio", EffectSize::OddsRatio),
        ("risk_ratio", EffectSize::RiskRatio),
        ("risk_difference", EffectSize::RiskDifference),
        ("cramers_v", EffectSize::CramersV),
        ("d_z", EffectSize::DZ),
        ("d_av", EffectSize::DAv),
        ("partial_omega_squared", EffectSize::PartialOmegaSquared),
    ];

    pub fn word(self) -> &'static str {
        EffectSize::ALL
            .iter()
            .find(|(_, e)| *e == self)
            .map_or("", |(w, _)| w)
    }

    /// Whether it measures a difference of means in standard deviations.
    pub fn is_standardized(self) -> bool {
        matches!(
            self,
            EffectSize::CohensD
                | EffectSize::HedgesG
                | EffectSize::GlassDelta
                | EffectSize::DZ
                | EffectSize::DAv
        )
    }
}

/// The prior under the alternative of a Bayes factor; the null is a point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prior {
    /// Cauchy(0, scale) on the standardised effect, Jeffreys' on the variance.
    Jzs { scale: f64 },
    /// N(mean, sd²) on the estimand itself.
    Normal { mean: f64, sd: f64 },
}

impl Prior {
    pub const ALL: [&'static str; 2] = ["jzs", "normal"];
}

impl std::fmt::Display for Prior {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Prior::Jzs { scale } => write!(f, "JZS, scale {scale}"),
            Prior::Normal { mean, sd } => write!(f, "normal, mean {mean}, sd {sd}"),
        }
    }
}

/// What rejects, if not p.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decide {
    /// BF₁₀ ≥ `at_least` rejects; BF₁₀ ≤ 1/`at_least` accepts the null.
    BayesFactor { at_least: f64 },
}
