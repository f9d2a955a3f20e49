//! What a model is: estimator, formula, variance, weights, clusters.

use super::{Expr, Formula, WeightsPlan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelPlan {
    pub estimator: Estimator,
    pub formula: Formula,
    pub vcov: Vcov,
    /// Rows for which it is true are analysed.
    pub subset: Option<Expr>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights: Option<WeightsPlan>,
    /// The columns whose values share their errors: none, one, or two crossed ones. Sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<String>,
    #[serde(default, skip_serializing_if = "Information::is_observed")]
    pub information: Information,
    /// Factors that are not treatment-coded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coding: BTreeMap<String, Coding>,
    /// The column of the trials in which the outcome counts successes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials: Option<String>,
    /// Of `vcov: bootstrap`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<Bootstrap>,
    /// How many items the control list of a list experiment has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<u64>,
    /// Of `estimator: mixed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Likelihood>,
}

/// What a mixed model maximises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Likelihood {
    /// The likelihood of n − k error contrasts.
    Reml,
    /// The likelihood of the outcome.
    Ml,
}

impl Likelihood {
    pub const ALL: [(&'static str, Likelihood); 2] = [("reml", Likelihood::Reml), ("ml", Likelihood::Ml)];

    pub fn word(self) -> &'static str {
        match self {
            Likelihood::Reml => "reml",
            Likelihood::Ml => "ml",
        }
    }
}

/// How coefficients are drawn again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bootstrap {
    pub draws: u64,
    pub kind: BootstrapKind,
    #[serde(default, skip_serializing_if = "Intervals::is_normal")]
    pub intervals: Intervals,
}

/// How a bootstrap's draws give an interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intervals {
    /// The estimate and a multiple of the draws' standard deviation.
    #[default]
    Normal,
    /// The draws' own quantiles, of the quantity itself.
    Percentile,
    /// Their quantiles at levels that are corrected for bias and skewness.
    Bca,
}

impl Intervals {
    pub const ALL: [(&'static str, Intervals); 3] = [
        ("normal", Intervals::Normal),
        ("percentile", Intervals::Percentile),
        ("bca", Intervals::Bca),
    ];

    fn is_normal(&self) -> bool {
        *self == Intervals::Normal
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BootstrapKind {
    Pairs,
    Wild,
}

impl BootstrapKind {
    pub const ALL: [(&'static str, BootstrapKind); 2] =
        [("pairs", BootstrapKind::Pairs), ("wild", BootstrapKind::Wild)];
}

/// How a factor's levels become columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coding {
    Sum,
    Helmert,
    Polynomial,
}

impl Coding {
    pub const ALL: [(&'static str, Option<Coding>); 4] = [
        ("treatment", None),
        ("sum", Some(Coding::Sum)),
        ("helmert", Some(Coding::Helmert)),
        ("polynomial", Some(Coding::Polynomial)),
    ];
}

/// Which information matrix a likelihood's variance inverts; they differ for links that are not canonical.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Information {
    /// As Stata and statsmodels.
    #[default]
    Observed,
    /// As R's `glm`.
    Expected,
}

impl Information {
    pub const ALL: [(&'static str, Information); 2] = [
        ("observed", Information::Observed),
        ("expected", Information::Expected),
    ];

    fn is_observed(&self) -> bool {
        *self == Information::Observed
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Estimator {
    Ols,
    Logit,
    Probit,
    Cloglog,
    Poisson,
    OrderedLogit,
    OrderedProbit,
    Multinomial,
    Mixed,
    DifferenceInMeans,
    /// Average marginal component effects of a conjoint.
    Amce,
    /// Means of the outcome at the levels of a factor.
    MarginalMean,
    ListExperiment,
    /// Means by the inverse of registered probabilities.
    HorvitzThompson,
    StudentT,
    OneSampleT,
    PairedT,
    MannWhitney,
    MannWhitneyUncorrected,
    MannWhitneyExact,
    SignedRank,
    KruskalWallis,
    WelchAnova,
    Levene,
    BrownForsythe,
    KolmogorovSmirnov,
    ChiSquared,
    ChiSquaredYates,
    FisherExact,
    Mcnemar,
    McnemarCorrected,
    Binomial,
    OneProportion,
    OneProportionCorrected,
    TwoProportions,
    TwoProportionsCorrected,
    Pearson,
    Spearman,
    Kendall,
}

impl Estimator {
    pub const ALL: [(&'static str, Estimator); 39] = [
        ("ols", Estimator::Ols),
        ("logit", Estimator::Logit),
        ("probit", Estimator::Probit),
        ("cloglog", Estimator::Cloglog),
        ("poisson", Estimator::Poisson),
        ("ordered_logit", Estimator::OrderedLogit),
        ("ordered_probit", Estimator::OrderedProbit),
        ("multinomial", Estimator::Multinomial),
        ("mixed", Estimator::Mixed),
        ("difference_in_means", Estimator::DifferenceInMeans),
        ("amce", Estimator::Amce),
        ("marginal_mean", Estimator::MarginalMean),
        ("list_experiment", Estimator::ListExperiment),
        ("horvitz_thompson", Estimator::HorvitzThompson),
        ("student_t", Estimator::StudentT),
        ("one_sample_t", Estimator::OneSampleT),
        ("paired_t", Estimator::PairedT),
        ("mann_whitney", Estimator::MannWhitney),
        ("mann_whitney_uncorrected", Estimator::MannWhitneyUncorrected),
        ("mann_whitney_exact", Estimator::MannWhitneyExact),
        ("signed_rank", Estimator::SignedRank),
        ("kruskal_wallis", Estimator::KruskalWallis),
        ("welch_anova", Estimator::WelchAnova),
        ("levene", Estimator::Levene),
        ("brown_forsythe", Estimator::BrownForsythe),
        ("kolmogorov_smirnov", Estimator::KolmogorovSmirnov),
        ("chi_squared", Estimator::ChiSquared),
        ("chi_squared_yates", Estimator::ChiSquaredYates),
        ("fisher_exact", Estimator::FisherExact),
        ("mcnemar", Estimator::Mcnemar),
        ("mcnemar_corrected", Estimator::McnemarCorrected),
        ("binomial", Estimator::Binomial),
        ("one_proportion", Estimator::OneProportion),
        ("one_proportion_corrected", Estimator::OneProportionCorrected),
        ("two_proportions", Estimator::TwoProportions),
        ("two_proportions_corrected", Estimator::TwoProportionsCorrected),
        ("pearson", Estimator::Pearson),
        ("spearman", Estimator::Spearman),
        ("kendall", Estimator::Kendall),
    ];

    pub fn word(self) -> &'static str {
        Estimator::ALL
            .iter()
            .find(|(_, e)| *e == self)
            .map_or("", |(w, _)| w)
    }

    /// Whether its categories are in an order, with cutpoints in the place of an intercept.
    pub fn is_ordered(self) -> bool {
        matches!(self, Estimator::OrderedLogit | Estimator::OrderedProbit)
    }

    /// Whether its outcome is one of several categories.
    pub fn is_categorical(self) -> bool {
        self.is_ordered() || self == Estimator::Multinomial || self.is_table()
    }

    /// Whether it estimates a conjoint's quantities, with z for its reference distribution.
    pub fn is_conjoint(self) -> bool {
        matches!(self, Estimator::Amce | Estimator::MarginalMean)
    }

    /// Whether its outcome may be successes in a number of trials.
    pub fn counts_trials(self) -> bool {
        matches!(self, Estimator::Logit | Estimator::Probit | Estimator::Cloglog)
    }

    /// Whether it is fitted by maximum likelihood, with z for its reference distribution.
    pub fn is_likelihood(self) -> bool {
        let of_means = matches!(
            self,
            Estimator::DifferenceInMeans | Estimator::ListExperiment | Estimator::HorvitzThompson
        );
        let linear = matches!(self, Estimator::Ols | Estimator::Mixed) || of_means || self.is_conjoint();
        !linear && !self.is_direct()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Vcov {
    #[serde(rename = "classical")]
    Classical,
    HC0,
    HC1,
    HC2,
    HC3,
    HC4,
    /// HC0 · n/(n − 1): Stata's `robust` for likelihoods, survey's linearisation.
    #[serde(rename = "robust")]
    Robust,
    CR0,
    CR1,
    CR1S,
    CR2,
    CR3,
    #[serde(rename = "bootstrap")]
    Bootstrap,
    #[serde(rename = "jackknife")]
    Jackknife,
    /// Of Horvitz and Thompson's estimator, by Young's inequality.
    #[serde(rename = "youngs")]
    Youngs,
    /// Of tests that need no model.
    #[serde(rename = "none")]
    None,
}

impl Vcov {
    pub const ALL: [(&'static str, Vcov); 16] = [
        ("classical", Vcov::Classical),
        ("HC0", Vcov::HC0),
        ("HC1", Vcov::HC1),
        ("HC2", Vcov::HC2),
        ("HC3", Vcov::HC3),
        ("HC4", Vcov::HC4),
        ("robust", Vcov::Robust),
        ("CR0", Vcov::CR0),
        ("CR1", Vcov::CR1),
        ("CR1S", Vcov::CR1S),
        ("CR2", Vcov::CR2),
        ("CR3", Vcov::CR3),
        ("bootstrap", Vcov::Bootstrap),
        ("jackknife", Vcov::Jackknife),
        ("youngs", Vcov::Youngs),
        ("none", Vcov::None),
    ];

    pub fn word(self) -> &'static str {
        Vcov::ALL.iter().find(|(_, v)| *v == self).map_or("", |(w, _)| w)
    }

    /// Whether it sums scores within clusters.
    pub fn is_clustered(self) -> bool {
        matches!(self, Vcov::CR0 | Vcov::CR1 | Vcov::CR1S | Vcov::CR2 | Vcov::CR3)
    }

    /// Whether it may be taken over clusters, though it need not.
    pub fn may_cluster(self) -> bool {
        self.is_clustered() || matches!(self, Vcov::Bootstrap | Vcov::Jackknife | Vcov::Youngs)
    }

    /// Whether replicates of a test compute it.
    pub fn is_redrawn(self) -> bool {
        matches!(
            self,
            Vcov::Classical | Vcov::HC0 | Vcov::HC1 | Vcov::HC2 | Vcov::HC3
        )
    }

    /// Whether it needs the leverage of a linear model.
    pub fn needs_leverage(self) -> bool {
        matches!(self, Vcov::HC2 | Vcov::HC3 | Vcov::HC4 | Vcov::CR2 | Vcov::CR3)
    }
}

impl ModelPlan {
    /// Every column that it reads, the outcome first, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = self.formula.columns();
        let more = self
            .weights
            .iter()
            .flat_map(WeightsPlan::columns)
            .chain(self.clusters.iter().map(String::as_str))
            .chain(self.trials.as_deref());
        for name in more {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    }
}
