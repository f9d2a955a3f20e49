//! What a test is: its estimand, its alternative, its level; families and hypotheses over tests.

use super::{Decide, EffectSize, Parameter, Prior, Rule, Term};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedTest {
    pub model: String,
    pub quantity: Quantity,
    pub alternative: Alternative,
    pub null: f64,
    pub alpha: f64,
    pub conf_level: f64,
    /// p from redrawing the registered allocation instead of from a reference distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub randomization: Option<Randomization>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect_size: Option<EffectSize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bayes_factor: Option<Prior>,
    /// By what the test rejects, if not by p.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decide: Option<Decide>,
}

/// Randomization inference under the sharp null that the redrawn factor changes nobody's outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Randomization {
    /// How often the allocation is redrawn, unless every allocation can be looked at.
    pub draws: u64,
    pub statistic: RandomizationStatistic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RandomizationStatistic {
    /// The estimate over its standard error by the model's variance.
    T,
    Estimate,
}

impl RandomizationStatistic {
    pub const ALL: [(&'static str, RandomizationStatistic); 2] = [
        ("t", RandomizationStatistic::T),
        ("estimate", RandomizationStatistic::Estimate),
    ];
}

/// The estimand of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Σ w(level) · margin(level) of the factor `of`; with `across`, the same difference taken again
    /// over the other factors' weights (a contrast of contrasts).
    Contrast {
        of: String,
        weights: BTreeMap<String, f64>,
        #[serde(default, skip_serializing_if = "Weighing::is_by_level")]
        weigh: Weighing,
        across: BTreeMap<String, BTreeMap<String, f64>>,
        average: Average,
        #[serde(default, skip_serializing_if = "Frame::is_plain")]
        frame: Frame,
    },
    /// Test that every coefficient of these terms is zero.
    Joint {
        terms: Vec<Term>,
        #[serde(default, skip_serializing_if = "JointStatistic::is_wald")]
        statistic: JointStatistic,
    },
    /// One coefficient, by its name, such as `us_response[denounce]:regime[democracy]`.
    Coefficient { term: String },
    /// Predictive margin: the mean prediction with `of` set to `level` for everybody.
    Margin {
        of: String,
        level: String,
        average: Average,
        #[serde(default, skip_serializing_if = "Frame::is_plain")]
        frame: Frame,
    },
    /// Average marginal effect: the mean derivative of the prediction by a number.
    Slope { of: String, frame: Frame },
    /// What a test of one sample, of pairs or of two numbers is about.
    Parameter { parameter: Parameter },
    /// F test of one term of an analysis of variance.
    Anova {
        term: Term,
        #[serde(rename = "type")]
        kind: SumOfSquares,
        /// Of type I: the terms that stand before it, which its sum of squares is taken after. Sorted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        after: Vec<Term>,
    },
    /// Likelihood-ratio test that these terms have the same coefficients at every cutpoint of an ordered outcome.
    ProportionalOdds { terms: Vec<Term> },
}

/// By what the levels of each side of a contrast weigh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weighing {
    /// As written: `mean(a, b)` weighs them alike.
    #[default]
    Levels,
    /// By how many analysed rows have them, each side's total as written.
    Rows,
}

impl Weighing {
    pub const ALL: [(&'static str, Weighing); 2] = [("levels", Weighing::Levels), ("rows", Weighing::Rows)];

    pub fn is_by_level(&self) -> bool {
        *self == Weighing::Levels
    }
}

/// How a joint hypothesis is tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JointStatistic {
    /// By the coefficients' own variance.
    #[default]
    Wald,
    /// By the likelihood of the model without them.
    LikelihoodRatio,
}

impl JointStatistic {
    pub const ALL: [(&'static str, JointStatistic); 2] = [
        ("wald", JointStatistic::Wald),
        ("likelihood_ratio", JointStatistic::LikelihoodRatio),
    ];

    pub fn is_wald(&self) -> bool {
        *self == JointStatistic::Wald
    }
}

/// On what scale and for whom a prediction is taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    pub scale: PredictionScale,
    /// Averaged over the rows that have these levels.
    pub by: BTreeMap<String, String>,
    /// Set for everybody: conditional effects at a moderator's level.
    pub at: BTreeMap<String, Setting>,
    /// Of a categorical outcome: whose probability; without one, the mean of an ordered outcome's numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

impl Frame {
    pub fn is_plain(&self) -> bool {
        *self == Frame::default()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictionScale {
    /// Means, probabilities, rates.
    #[default]
    Response,
    /// The linear predictor: log odds, log rates.
    Link,
}

impl PredictionScale {
    pub const ALL: [(&'static str, PredictionScale); 2] = [
        ("response", PredictionScale::Response),
        ("link", PredictionScale::Link),
    ];
}

/// A value that a variable is set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    Level(String),
    Number(f64),
}

impl Quantity {
    pub fn word(&self) -> &'static str {
        match self {
            Quantity::Contrast { .. } => "contrast",
            Quantity::Joint { .. } => "joint",
            Quantity::Coefficient { .. } => "coefficient",
            Quantity::Margin { .. } => "margin",
            Quantity::Slope { .. } => "slope",
            Quantity::Parameter { .. } => "parameter",
            Quantity::Anova { .. } => "anova",
            Quantity::ProportionalOdds { .. } => "proportional_odds",
        }
    }
}

/// What a term's sum of squares is taken after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SumOfSquares {
    /// The terms before it.
    I,
    /// All terms that do not contain it.
    #[serde(rename = "II")]
    Ii,
    /// All other terms, under codings that sum to zero.
    #[serde(rename = "III")]
    Iii,
}

impl SumOfSquares {
    pub const ALL: [(&'static str, SumOfSquares); 3] = [
        ("I", SumOfSquares::I),
        ("II", SumOfSquares::Ii),
        ("III", SumOfSquares::Iii),
    ];

    pub fn word(self) -> &'static str {
        SumOfSquares::ALL
            .iter()
            .find(|(_, s)| *s == self)
            .map_or("", |(w, _)| w)
    }
}

/// Over what the other variables of the model are averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Average {
    /// The analysed sample, as Stata's `margins` and marginaleffects' `avg_predictions`.
    Observed,
    /// Every combination of the other factors' levels equally, numeric covariates at their mean, as emmeans.
    Balanced,
    /// The assigned factors by their registered probabilities, over what restricted cells allow.
    Design,
}

/// The side of the null value on which the alternative lies, or the interval that it must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alternative {
    TwoSided,
    Greater,
    Less,
    /// low < estimand < high, by two one-sided tests.
    Equivalent {
        low: f64,
        high: f64,
    },
    /// Worse by less than the margin.
    NotInferior {
        margin: f64,
        better: Better,
    },
    /// Better by more than the margin.
    Superior {
        margin: f64,
        better: Better,
    },
}

/// Which direction of the estimand is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    Higher,
    Lower,
}

impl Better {
    pub const ALL: [(&'static str, Better); 2] = [("higher", Better::Higher), ("lower", Better::Lower)];
}

impl Alternative {
    pub const ALL: [(&'static str, Alternative); 3] = [
        ("two_sided", Alternative::TwoSided),
        ("greater", Alternative::Greater),
        ("less", Alternative::Less),
    ];

    pub fn word(self) -> &'static str {
        match self {
            Alternative::TwoSided => "two_sided",
            Alternative::Greater => "greater",
            Alternative::Less => "less",
            Alternative::Equivalent { .. } => "equivalent",
            Alternative::NotInferior { .. } => "not_inferior",
            Alternative::Superior { .. } => "superior",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyPlan {
    /// Sorted, but for `fixed_sequence`: its order is its meaning.
    pub tests: Vec<String>,
    pub adjust: Adjust,
    /// The family that must reject before this one may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Of a correction that resamples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draws: Option<u64>,
}

/// Serial gatekeeping (Dmitrienko, Offen & Westfall 2003, doi:10.1002/sim.1526), or a gate that one rejection opens, which
/// holds each family by itself alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    pub family: String,
    pub open_if: GateRule,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateRule {
    All,
    Any,
}

impl GateRule {
    pub const ALL: [(&'static str, GateRule); 2] = [("all", GateRule::All), ("any", GateRule::Any)];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Adjust {
    None,
    Bonferroni,
    Sidak,
    Holm,
    HolmSidak,
    Hochberg,
    Hommel,
    Bh,
    By,
    BhTwoStage,
    FixedSequence,
    WestfallYoung,
    RomanoWolf,
}

impl Adjust {
    pub const ALL: [(&'static str, Adjust); 13] = [
        ("none", Adjust::None),
        ("bonferroni", Adjust::Bonferroni),
        ("sidak", Adjust::Sidak),
        ("holm", Adjust::Holm),
        ("holm_sidak", Adjust::HolmSidak),
        ("hochberg", Adjust::Hochberg),
        ("hommel", Adjust::Hommel),
        ("bh", Adjust::Bh),
        ("by", Adjust::By),
        ("bh_two_stage", Adjust::BhTwoStage),
        ("fixed_sequence", Adjust::FixedSequence),
        ("westfall_young", Adjust::WestfallYoung),
        ("romano_wolf", Adjust::RomanoWolf),
    ];

    /// Whether it draws the statistics of the whole family again.
    pub fn resamples(self) -> bool {
        matches!(self, Adjust::WestfallYoung | Adjust::RomanoWolf)
    }

    pub fn word(self) -> &'static str {
        Adjust::ALL
            .iter()
            .find(|(_, a)| *a == self)
            .map_or("", |(w, _)| w)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HypothesisPlan {
    pub statement: String,
    pub status: Status,
    pub corroborated_if: Rule,
    pub contradicted_if: Option<Rule>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Primary,
    Secondary,
}
