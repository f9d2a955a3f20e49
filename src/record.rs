//! OBSERVED: the complete, ordered, serialisable account of a run.
//!
//! [`Observed`] is what a run saw and computed. It cannot pronounce itself compliant: only
//! [`crate::deviation`] turns it into a [`Record`], which adds the deviations and the verdict.

mod allocation;
mod analysed;
mod attrition;
mod beside;
mod claims;
mod codebook;
mod deviation;
mod estimand;
mod evidence;
mod file;
mod flow;
mod ledger;
mod model;
mod raking;
mod reliability;
mod shape;
mod twin;

use crate::digest::Digest;
pub use crate::spec::pipeline::Provenance;
pub use allocation::{BalanceFacts, BlockFacts, FactorFacts, ForbiddenFacts, LevelFacts, ListFacts};
pub use analysed::{AnalysedFacts, CellDifference, ColumnFacts, LineFacts};
pub use attrition::{AttritionFacts, AttritionLevel};
pub use beside::{ContingencyRecord, Exploration, FactRecord, SettingRecord};
pub use claims::{Against, ClaimFinding, ClaimPoint, ClaimRecord, ClaimResult, ClaimsRecord, Rounding};
pub use codebook::{CodebookFacts, CodebookKind};
pub use deviation::{Deviation, Disclosure, Effect, NotChecked, Numbers};
pub use estimand::{BoundsRecord, ContrastRecord};
pub use evidence::{BayesFactor, EffectSize, Supports};
pub use file::{CellFacts, CellRule, FileFacts, FlaggedFacts};
pub use flow::{ArmFlow, ArmStep, ExclusionFacts, FlowStep};
pub use ledger::{AmendedAfter, EntryFacts, LedgerFacts};
pub use model::{
    Coefficient, DrawsRecord, ImputedCells, ImputedRecord, MixedRecord, ModelRecord, RandomCorrelation,
    RandomEffect, RandomRecord,
};
pub use raking::{RakedFacts, RakedLevel, RakedMargin};
pub use reliability::ReliabilityFacts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
pub use shape::{JoinedFacts, JoinedKey, KeyFacts, LongColumnFacts, LongFacts, ShapeFacts};
pub use twin::{Alone, AloneTest, Curve, Flip, HypothesisCurve, Specification, TestCurve};

/// The version of the record's format: keys are added, never renamed.
pub const FORMAT_VERSION: u32 = 1;

/// `record.json`: what a run did, found and judged.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Record {
    pub format_version: u32,
    pub tool: Tool,
    pub study: String,
    pub verdict: Verdict,
    #[serde(flatten)]
    pub observed: Observed,
    pub deviations: Vec<Deviation>,
    /// What every combination of the departures makes of the registered tests, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<Curve>,
    /// Points at which promise and evidence could not be compared here: neither passed nor failed.
    pub not_checked: Vec<NotChecked>,
    /// What the manuscript says, if the pipeline names its claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimsRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

impl Tool {
    pub fn this() -> Tool {
        Tool {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// The state of the whole study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    AsRegistered,
    DeviatesDisclosed,
    DeviatesUndisclosed,
    NotCheckable,
}

/// What a run saw and computed, before anybody compares it with the promise.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Observed {
    pub provenance: Provenance,
    pub blind: bool,
    pub digests: Digests,
    pub lock: Option<LockFacts>,
    /// What was recorded of the study, up to this analysis.
    pub ledger: LedgerFacts,
    pub collection: Collection,
    /// The authors' own analysed file beside the raw data, if the pipeline names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analysed: Option<AnalysedFacts>,
    /// How the data file was read.
    pub file: FileFacts,
    /// How its rows were made of those of the files, where they are not the file's own.
    #[serde(skip_serializing_if = "ShapeFacts::is_empty")]
    pub shape: ShapeFacts,
    /// Responses that the survey platform marks as previews, tests or spam.
    pub flagged: Vec<FlaggedFacts>,
    /// Every change to a cell on the way from the file to the sample.
    pub cells: Vec<CellFacts>,
    /// The rows that left and stayed, under the plan as requested.
    pub flow: Vec<FlowStep>,
    /// The same under the registered plan.
    pub flow_as_registered: Vec<FlowStep>,
    /// The rows of each arm under the plan as requested, for every factor that was assigned.
    pub flow_by_arm: Vec<ArmFlow>,
    /// For each exclusion of either plan: how it bears on the rows.
    pub exclusions: Vec<ExclusionFacts>,
    pub assignment: Vec<FactorFacts>,
    /// Standardised differences between the arms, of what was measured before treatment.
    pub balance: Vec<BalanceFacts>,
    /// Rows that were lost before each outcome, by arm, under the registered plan.
    pub attrition: Vec<AttritionFacts>,
    /// Weights that were raked to registered margins, on the analysed rows.
    pub raked: Vec<RakedFacts>,
    /// Reliability of the scale scores, on the analysed rows.
    pub reliability: Vec<ReliabilityFacts>,
    /// Forbidden cells in which rows were collected.
    pub forbidden: Vec<ForbiddenFacts>,
    pub codebook: Vec<CodebookFacts>,
    pub tests: Vec<TestRecord>,
    pub models: Vec<ModelRecord>,
    pub hypotheses: Vec<HypothesisRecord>,
    /// Predictive margins and conditional effects, for the figures.
    pub margins: Vec<MarginTable>,
    /// What the registration left to a convention, and which one was applied.
    pub conventions: Vec<String>,
    /// Registered contingencies, as the collected data decided them.
    pub contingencies: Vec<ContingencyRecord>,
    /// What was looked at beside the plan, labelled so.
    pub exploratory: Exploration,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Digests {
    /// Of `registration.yaml` as it was read.
    pub registration: Digest,
    /// Of the promised plan's canonical JSON.
    pub plan: Digest,
    /// Of the requested plan's canonical JSON.
    pub requested_plan: Digest,
    pub data: Digest,
    pub pipeline: Digest,
    /// The lock's root digest.
    pub lock: Option<Digest>,
}

/// What the lock says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LockFacts {
    pub file: String,
    pub root: Digest,
    pub fingerprint: String,
    /// By the author's own clock.
    pub locked_at: String,
    /// When the first lock of the chain was written, by the same clock.
    pub first_locked_at: String,
    pub amendments: Vec<AmendmentFacts>,
    pub files: Vec<LockedFileFacts>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct AmendmentFacts {
    pub root: Digest,
    pub locked_at: String,
    pub reason: Option<String>,
    /// What it promises otherwise than the lock before it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeFacts>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChangeFacts {
    pub of: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A registered file: its digest in the lock and on the disk.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LockedFileFacts {
    pub path: String,
    pub locked: Digest,
    /// Nothing if the file is gone.
    pub found: Option<Digest>,
}

/// When and how much was collected.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Collection {
    /// Rows in the file.
    pub rows: u64,
    /// The rows that the registration's sample size counts.
    pub counted: u64,
    /// First and last response (ISO 8601), by the variable whose role is `time`.
    pub first: Option<String>,
    pub last: Option<String>,
    /// Rows outside the registered window, with their line in the file.
    pub outside_window: Vec<RowFacts>,
    /// Rows outside the window altogether.
    pub outside_window_count: u64,
    /// Rows without a date, of which nothing shows when they were collected.
    pub undated: u64,
    /// Analysed rows that repeat the unit of an earlier one, in a design of one row a unit; the first ten.
    pub repeated_units: Vec<RowFacts>,
    pub repeated_units_count: u64,
    /// The digest that the pipeline pins the data to, if it does.
    pub pinned: Option<Digest>,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RowFacts {
    /// The line in the data file on which the row begins.
    pub line: u64,
    pub value: String,
}

/// The state of a test in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TestState {
    AsRegistered,
    Deviated,
    NotRun,
    NotRegistered,
}

/// One test: the numbers as executed, and, where they differ, as registered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TestRecord {
    pub id: String,
    pub hypothesis: Option<String>,
    pub family: Option<String>,
    /// By which the family's p-values are adjusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
    pub state: TestState,
    pub confirmatory: bool,
    pub model: String,
    pub quantity: String,
    /// The estimand in words: `mean(denounce, sanctions) - status_quo of us_response`.
    pub estimand: String,
    /// Of a contrast: what is compared with what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contrast: Option<ContrastRecord>,
    /// Of a test against a margin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<BoundsRecord>,
    #[serde(flatten)]
    pub result: TestResult,
    /// The registered test's own result, when the executed one deviates from it or did not run.
    pub as_registered: Option<Box<TestResult>>,
}

/// The numbers of a test. All are nothing, with a note that says why, if it could not be run.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TestResult {
    pub estimate: Option<f64>,
    pub std_error: Option<f64>,
    pub statistic: Option<f64>,
    /// The statistic's letter, where it is no t or z of an estimate: U, V, χ², F.
    pub statistic_name: Option<String>,
    /// `[df]` of a t test, `[df1, df2]` of an F test.
    pub df: Option<Vec<f64>>,
    pub p_value: Option<f64>,
    pub p_adjusted: Option<f64>,
    pub conf_level: f64,
    pub conf_low: Option<f64>,
    pub conf_high: Option<f64>,
    pub n: Option<u64>,
    pub dropped_missing: Option<u64>,
    pub alternative: String,
    pub null: f64,
    pub alpha: f64,
    pub rejects: Option<bool>,
    pub vcov: String,
    pub formula: String,
    /// How p came about, where it is not by the model's reference distribution.
    pub method: Option<String>,
    pub effect_size: Option<EffectSize>,
    pub bayes_factor: Option<BayesFactor>,
    /// The fraction of information that is missing, after multiple imputation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing_information: Option<f64>,
    /// How the interval came about, where it is not the estimate and a multiple of its error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HypothesisVerdict {
    Corroborated,
    Contradicted,
    Inconclusive,
}

impl HypothesisVerdict {
    pub fn word(self) -> &'static str {
        match self {
            HypothesisVerdict::Corroborated => "corroborated",
            HypothesisVerdict::Contradicted => "contradicted",
            HypothesisVerdict::Inconclusive => "inconclusive",
        }
    }
}

/// A hypothesis, by its registered rule on its registered tests.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HypothesisRecord {
    pub id: String,
    pub statement: String,
    /// `primary` or `secondary`.
    pub status: String,
    /// By the registered plan: what the authors changed later cannot move it.
    pub verdict: HypothesisVerdict,
    /// What the plan as requested would make of it; nothing if the request dropped it.
    pub verdict_as_requested: Option<HypothesisVerdict>,
    pub corroborated_if: String,
    pub contradicted_if: Option<String>,
    /// The tests that the rule names, in the registration's order.
    pub tests: Vec<String>,
    /// False for a hypothesis that only the request knows.
    pub registered: bool,
    /// Set when tests that the rule needs could not be run.
    pub note: Option<String>,
}

/// Estimates at the levels of a factor, or effects at the levels of a moderator.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MarginTable {
    pub model: String,
    pub kind: MarginKind,
    pub outcome: String,
    /// The factor whose levels are the rows.
    pub of: String,
    /// The factor by whose levels the rows are repeated.
    pub by: Option<String>,
    pub conf_level: f64,
    pub n: u64,
    pub vcov: String,
    pub rows: Vec<MarginRow>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarginKind {
    /// Mean predictions.
    Margin,
    /// Differences from the reference level.
    Effect,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MarginRow {
    pub level: String,
    pub by: Option<String>,
    pub estimate: f64,
    pub std_error: f64,
    pub conf_low: f64,
    pub conf_high: f64,
}
