//! 8 COMPARED: promise, request and record, rule by rule. It sees two plans and a record, never data.

mod diff;
mod disclosure;
mod effects;
mod formulas;
mod hybrid;
mod ledger;
mod order;
mod rules;
mod twin;
mod units;
mod words;

pub use diff::{FieldChange, diff, expectations};
pub use formulas::Part;
pub use ledger::{contingencies, explored, hypotheses, tests};
pub use rules::{RULES, rule};
pub use twin::{Runner, Twins, twins};

use crate::diagnostic::{Diagnostic, Place};
use crate::plan::lower::Places;
use crate::plan::{Plan, Wording};
use crate::record::{Deviation, FORMAT_VERSION, NotChecked, Observed, Record, Tool, Verdict};
use crate::spec::pipeline::{DisclosureSpec, Mapping};
use crate::spec::shape::Shape;

/// Everything that a rule may look at.
pub struct Evidence<'a> {
    pub promised: &'a Plan,
    pub requested: &'a Plan,
    /// Promise against request.
    pub changes: &'a [FieldChange],
    /// Locked plan against the registration file as it stands.
    pub edits: &'a [FieldChange],
    pub promised_places: &'a Places,
    pub requested_places: &'a Places,
    /// Where the departures stand, by their path in the pipeline's `analysis:`.
    pub departures: &'a Places,
    /// How raw columns and values became registered ones.
    pub mapping: Option<&'a Mapping>,
    /// How they were made of several columns.
    pub shape: Option<&'a Shape>,
    /// The labels by which the data may name a level.
    pub wording: &'a Wording,
    /// What single departures did, and their combinations.
    pub twins: &'a Twins,
    pub registration_file: &'a str,
    pub pipeline_file: &'a str,
}

/// The kinds of deviation, as Willroth & Atherton (2024) and the reporting standards sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Hypotheses,
    Tests,
    Sample,
    Exclusions,
    Design,
    Variables,
    Model,
    Inference,
    MissingData,
    Timing,
    Integrity,
}

impl Category {
    pub fn word(self) -> &'static str {
        match self {
            Category::Hypotheses => "hypotheses",
            Category::Tests => "tests",
            Category::Sample => "sample",
            Category::Exclusions => "exclusions",
            Category::Design => "design",
            Category::Variables => "variables",
            Category::Model => "model",
            Category::Inference => "inference",
            Category::MissingData => "missing data",
            Category::Timing => "timing",
            Category::Integrity => "integrity",
        }
    }
}

/// A deviation rule. Its file's head is its documentation.
pub struct Rule {
    pub code: &'static str,
    pub slug: &'static str,
    pub category: Category,
    /// The rule's own source file.
    pub source: &'static str,
    /// Which changes between the plans it accounts for, so that none is left to nobody.
    pub claims: fn(&FieldChange) -> bool,
    pub check: fn(&Evidence<'_>, &Observed) -> Vec<Finding>,
}

impl Rule {
    /// The documentation page: the `//!` lines at the head of the rule's file.
    pub fn page(&self) -> String {
        let lines = self.source.lines().take_while(|l| l.starts_with("//!"));
        lines
            .map(|l| l.trim_start_matches("//!"))
            .map(|l| l.strip_prefix(' ').unwrap_or(l))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// What a rule found.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "findings are few")]
pub enum Finding {
    Deviation {
        of: String,
        message: String,
        executed_at: Option<Place>,
        registered_at: Option<Place>,
        registered: Option<String>,
        executed: Option<String>,
        tests: Vec<String>,
        hypotheses: Vec<String>,
    },
    /// Registered, but this run has no means to check it.
    NotChecked { of: String, why: String },
}

/// Compares, matches disclosures and judges. The diagnostics are disclosures that matched nothing.
pub fn judge(
    evidence: &Evidence<'_>,
    observed: Observed,
    disclosures: &[DisclosureSpec],
) -> (Record, Vec<Diagnostic>) {
    let mut deviations: Vec<Deviation> = Vec::new();
    let mut not_checked = Vec::new();
    for rule in RULES {
        for finding in (rule.check)(evidence, &observed) {
            match finding {
                Finding::NotChecked { of, why } => not_checked.push(NotChecked {
                    code: rule.code.to_owned(),
                    slug: rule.slug.to_owned(),
                    of,
                    why,
                }),
                found => deviations.extend(effects::deviation(rule, found, evidence, &observed)),
            }
        }
    }
    let unmatched = disclosure::attach(&mut deviations, disclosures, evidence.changes);
    // Undisclosed first; within that by rule, so that the order is the table's.
    deviations.sort_by_key(|d| d.disclosed);
    let record = Record {
        format_version: FORMAT_VERSION,
        tool: Tool::this(),
        study: evidence.promised.study.id.clone(),
        verdict: verdict(&deviations),
        observed,
        deviations,
        curve: evidence.twins.curve.clone(),
        not_checked,
        claims: None,
    };
    (record, unmatched)
}

/// Without a lock nothing was promised, and no disclosure can mend that.
fn verdict(deviations: &[Deviation]) -> Verdict {
    let unlocked = |d: &Deviation| d.slug == "unlocked-run";
    if deviations.iter().any(|d| !d.disclosed && !unlocked(d)) {
        Verdict::DeviatesUndisclosed
    } else if deviations.iter().any(unlocked) {
        Verdict::NotCheckable
    } else if deviations.is_empty() {
        Verdict::AsRegistered
    } else {
        Verdict::DeviatesDisclosed
    }
}
