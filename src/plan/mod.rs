//! 2 MEANT: what a registration or a pipeline *means*, with no defaults left.
//!
//! The promised and the requested plan are the same type, so they can be compared field by field.
//! A plan holds meaning alone: labels and layout are [`Wording`], which no comparison sees.

mod compared;
pub mod contingency;
pub mod contrast;
pub mod decision;
mod derivation;
mod direct;
mod evidence;
mod exclusion;
pub mod expectation;
pub mod expression;
pub mod formula;
mod imputation;
pub mod lower;
mod model;
mod probability;
pub mod restriction;
mod test;
pub mod text;
mod weights;
mod wording;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use contingency::ContingencyPlan;
pub use decision::Rule;
pub use derivation::{Derivation, DerivedPlan, Margins, Over, Trim};
pub use direct::{Layout, Parameter};
pub use evidence::{Decide, EffectSize, Prior};
pub use exclusion::{ExclusionPlan, ExclusionRule, Keep, OutlierMethod};
pub use expectation::{Expectation, Expectations};
pub use expression::Expr;
pub use formula::{Atom, Basis, Formula, Function, Knots, RandomTerm, Term};
pub use imputation::ImputationPlan;
pub use lower::{Lowered, lower};
pub use model::{
    Bootstrap, BootstrapKind, Coding, Estimator, Information, Intervals, Likelihood, ModelPlan, Vcov,
};
pub use probability::{Blocked, Probability, Shares};
pub use test::{
    Adjust, Alternative, Average, Better, FamilyPlan, Frame, Gate, GateRule, HypothesisPlan, JointStatistic,
    PlannedTest, PredictionScale, Quantity, Randomization, RandomizationStatistic, Setting, Status,
    SumOfSquares, Weighing,
};
pub use weights::{Dealt, WeightKind, WeightsPlan};
pub use wording::{Registry, Wording};

/// Everything a registration promises, or a pipeline requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub study: StudyPlan,
    pub design: DesignPlan,
    pub variables: BTreeMap<String, VariablePlan>,
    /// In order: each may use the variables and the derived variables before it.
    pub derived: Vec<DerivedPlan>,
    /// In order: a row leaves at the first that is true of it.
    pub exclusions: Vec<ExclusionPlan>,
    /// Role → rule. Roles without a rule are not in the map.
    pub missing: BTreeMap<Role, MissingRule>,
    /// Of the rule `multiple_imputation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imputation: Option<ImputationPlan>,
    pub models: BTreeMap<String, ModelPlan>,
    pub tests: BTreeMap<String, PlannedTest>,
    pub families: BTreeMap<String, FamilyPlan>,
    pub hypotheses: BTreeMap<String, HypothesisPlan>,
    /// In order: each is decided once, with the branches before it in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contingencies: Vec<ContingencyPlan>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyPlan {
    pub id: String,
    pub timing: Timing,
    /// The date of the public registration, as the registration states it (YYYY-MM-DD).
    pub registered: Option<String>,
}

/// When the registration was written, by EGAP's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    BeforeCollection,
    DuringCollection,
    BeforeAccess,
    AfterAccess,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignPlan {
    pub kind: DesignKind,
    /// The variable that identifies a unit.
    pub unit: Option<String>,
    pub target: Option<u64>,
    pub minimum: Option<u64>,
    pub maximum: Option<u64>,
    pub counted: Counted,
    /// First and last day of collection (YYYY-MM-DD), both included.
    pub collected: Option<Window>,
    pub stopping_rule: Option<String>,
    /// Whom the sample stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub population: Option<String>,
    /// Who supplies it: a panel, a platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    pub allocation: Allocation,
    /// Cells that no unit may be in: factor → level. Sorted, each once.
    pub forbidden: Vec<BTreeMap<String, String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DesignKind {
    BetweenSubjects,
    FactorialVignette,
    Conjoint,
    WithinSubjects,
    Observational,
}

impl DesignKind {
    /// Whether a unit has a row for each of its tasks or moments.
    pub fn has_several_rows(self) -> bool {
        matches!(self, DesignKind::Conjoint | DesignKind::WithinSubjects)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    BeforeExclusions,
    AfterExclusions,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allocation {
    /// Every factor drawn for every unit by its `probability`, independently of the others.
    Independent,
    Complete,
    Blocked,
    Clustered,
    /// Nothing was assigned.
    None,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VariablePlan {
    pub role: Role,
    /// Empty for a variable that has no levels.
    pub levels: Levels,
    pub reference: Option<String>,
    /// Of a factor that was assigned.
    pub probability: Option<Probability>,
    pub scale: Option<Scale>,
    /// Whether it was measured before or after treatment, if the registration says.
    pub stage: Option<Stage>,
    /// A regular expression that its texts match whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether its numbers are whole.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
}

/// A variable's levels in the order they were written, which means something only if they are `ordered`.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    pub names: Vec<String>,
    pub ordered: bool,
}

impl Levels {
    pub fn contains(&self, level: &str) -> bool {
        self.names.iter().any(|l| l == level)
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    fn canonical(&self) -> CanonicalLevels {
        let mut names = self.names.clone();
        if self.ordered {
            return CanonicalLevels::Ordered(names);
        }
        names.sort();
        CanonicalLevels::Unordered(names)
    }
}

/// The form that is compared and hashed: sorted where the order means nothing.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CanonicalLevels {
    Ordered(Vec<String>),
    Unordered(Vec<String>),
}

impl PartialEq for Levels {
    fn eq(&self, other: &Levels) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Serialize for Levels {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.canonical().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Levels {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Levels, D::Error> {
        Ok(match CanonicalLevels::deserialize(deserializer)? {
            CanonicalLevels::Ordered(names) => Levels { names, ordered: true },
            CanonicalLevels::Unordered(names) => Levels {
                names,
                ordered: false,
            },
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    pub min: Option<f64>,
    pub max: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    PreTreatment,
    PostTreatment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Factor,
    Outcome,
    Covariate,
    Weight,
    Cluster,
    Check,
    Id,
    Time,
    Block,
    /// Free text.
    Text,
}

impl Role {
    pub const ALL: [(&'static str, Role); 10] = [
        ("factor", Role::Factor),
        ("outcome", Role::Outcome),
        ("covariate", Role::Covariate),
        ("weight", Role::Weight),
        ("cluster", Role::Cluster),
        ("check", Role::Check),
        ("id", Role::Id),
        ("time", Role::Time),
        ("block", Role::Block),
        ("text", Role::Text),
    ];

    pub fn word(self) -> &'static str {
        Role::ALL.iter().find(|(_, r)| *r == self).map_or("", |(w, _)| w)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingRule {
    DropFromTest,
    DropFromStudy,
    Fail,
    /// Mean imputation with an indicator column (covariates alone).
    Indicator,
    /// Several completed data sets, whose estimates are pooled (covariates alone).
    MultipleImputation,
}

impl Plan {
    /// Where a column called `name` comes from.
    pub fn has_column(&self, name: &str) -> bool {
        self.variables.contains_key(name) || self.derived.iter().any(|d| d.name == name)
    }

    /// The derived variables that wait for the exclusions: computed over the kept rows, or derived from such.
    pub fn derived_late(&self) -> Vec<&str> {
        let mut late: Vec<&str> = Vec::new();
        for derived in &self.derived {
            if derived.rule.is_over_kept()
                || derived.rule.columns().iter().any(|c| late.contains(&c.as_str()))
            {
                late.push(&derived.name);
            }
        }
        late
    }

    /// The role by which a column's missing values are handled in a model: a derived one is an outcome, a weight or a covariate.
    pub fn role_in(&self, model: &ModelPlan, column: &str) -> Role {
        match self.variables.get(column) {
            // What a model explains is never imputed, whatever the codebook calls it.
            Some(variable)
                if matches!(variable.role, Role::Covariate | Role::Check)
                    && model.formula.is_outcome(column) =>
            {
                Role::Outcome
            }
            Some(variable) if variable.role == Role::Check => Role::Covariate,
            Some(variable) => variable.role,
            None if model.formula.is_outcome(column) => Role::Outcome,
            None if model.weights.as_ref().is_some_and(|w| w.column == column) => Role::Weight,
            None => Role::Covariate,
        }
    }

    /// The share of each level of an assigned factor: its registered probability, less what forbidden cells take.
    pub fn shares(&self, factor: &str) -> Option<Probability> {
        restriction::shares(&self.design.forbidden, factor, &self.variables)
    }

    /// The family that a test is in, if any. A test is in at most one.
    pub fn family_of(&self, test: &str) -> Option<(&String, &FamilyPlan)> {
        self.families
            .iter()
            .find(|(_, f)| f.tests.iter().any(|t| t == test))
    }

    /// The first hypothesis whose decision rules name the test, itself or through its family.
    pub fn hypothesis_of(&self, test: &str) -> Option<&str> {
        let named = |rule: &Rule| rule.tests(&self.families).contains(test);
        self.hypotheses
            .iter()
            .find(|(_, h)| named(&h.corroborated_if) || h.contradicted_if.as_ref().is_some_and(named))
            .map(|(id, _)| id.as_str())
    }
}
