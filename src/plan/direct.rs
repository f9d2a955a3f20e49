//! Tests that need no model: what each is taken of, and the parameter that it is about.

use super::Estimator;
use serde::{Deserialize, Serialize};

/// The shape of the data that a test without a model is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `y ~ group`, two of its levels: `contrast: a - b`.
    TwoGroups,
    /// `y ~ group`, all of its levels: `joint: group`.
    Groups,
    /// Either of them.
    AnyGroups,
    /// `y ~ 1`: `parameter:`.
    Sample,
    /// `post - pre ~ 1`: `parameter:` of the difference within a row.
    Pairs,
    /// Either of the two.
    SampleOrPairs,
    /// `y ~ x`, two numbers of a row: `parameter: correlation`.
    Numbers,
}

impl Layout {
    pub fn is_grouped(self) -> bool {
        matches!(self, Layout::TwoGroups | Layout::Groups | Layout::AnyGroups)
    }

    /// How its formula is written.
    pub fn formula(self) -> &'static str {
        match self {
            Layout::TwoGroups | Layout::Groups | Layout::AnyGroups => "y ~ group",
            Layout::Sample => "y ~ 1",
            Layout::Pairs => "post - pre ~ 1",
            Layout::SampleOrPairs => "y ~ 1 or post - pre ~ 1",
            Layout::Numbers => "y ~ x",
        }
    }
}

/// What a test of one sample, of pairs or of two numbers is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parameter {
    Mean,
    /// The median of the means of all pairs of values (Hodges & Lehmann 1963).
    Pseudomedian,
    Proportion,
    Correlation,
}

impl Parameter {
    pub const ALL: [(&'static str, Parameter); 4] = [
        ("mean", Parameter::Mean),
        ("pseudomedian", Parameter::Pseudomedian),
        ("proportion", Parameter::Proportion),
        ("correlation", Parameter::Correlation),
    ];

    pub fn word(self) -> &'static str {
        Parameter::ALL
            .iter()
            .find(|(_, p)| *p == self)
            .map_or("", |(w, _)| w)
    }
}

impl Estimator {
    /// What a test without a model is taken of; nothing for models.
    pub fn layout(self) -> Option<Layout> {
        Some(match self {
            Estimator::StudentT
            | Estimator::MannWhitney
            | Estimator::MannWhitneyUncorrected
            | Estimator::MannWhitneyExact
            | Estimator::TwoProportions
            | Estimator::TwoProportionsCorrected
            | Estimator::KolmogorovSmirnov => Layout::TwoGroups,
            Estimator::KruskalWallis
            | Estimator::WelchAnova
            | Estimator::Levene
            | Estimator::BrownForsythe
            | Estimator::ChiSquared
            | Estimator::ChiSquaredYates => Layout::Groups,
            Estimator::FisherExact => Layout::AnyGroups,
            Estimator::OneSampleT
            | Estimator::Binomial
            | Estimator::OneProportion
            | Estimator::OneProportionCorrected => Layout::Sample,
            Estimator::PairedT | Estimator::Mcnemar | Estimator::McnemarCorrected => Layout::Pairs,
            Estimator::SignedRank => Layout::SampleOrPairs,
            Estimator::Pearson | Estimator::Spearman | Estimator::Kendall => Layout::Numbers,
            _ => return None,
        })
    }

    /// Whether it needs no model, and so has no variance to choose.
    pub fn is_direct(self) -> bool {
        self.layout().is_some()
    }

    /// Whether it counts the outcome's categories in groups.
    pub fn is_table(self) -> bool {
        matches!(
            self,
            Estimator::ChiSquared | Estimator::ChiSquaredYates | Estimator::FisherExact
        )
    }

    /// What a test of one sample, of pairs or of two numbers is about.
    pub fn parameter(self) -> Option<Parameter> {
        match (self, self.layout()?) {
            (Estimator::OneSampleT | Estimator::PairedT, _) => Some(Parameter::Mean),
            (Estimator::SignedRank, _) => Some(Parameter::Pseudomedian),
            (_, Layout::Sample | Layout::Pairs) => Some(Parameter::Proportion),
            (_, Layout::Numbers) => Some(Parameter::Correlation),
            _ => None,
        }
    }

    /// Whether it counts zeroes and ones.
    pub fn is_of_proportions(self) -> bool {
        self.parameter() == Some(Parameter::Proportion)
            || matches!(
                self,
                Estimator::TwoProportions | Estimator::TwoProportionsCorrected
            )
    }

    /// Whether it is a χ², which has one side alone.
    pub fn is_one_sided(self) -> bool {
        matches!(self, Estimator::Mcnemar | Estimator::McnemarCorrected)
    }

    /// Whether its alternative may have margins: its estimate has a standard error.
    pub fn has_error(self) -> bool {
        matches!(
            self,
            Estimator::StudentT | Estimator::OneSampleT | Estimator::PairedT
        )
    }
}
