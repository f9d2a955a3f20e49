//! The rules, one file each, in the order of their codes.

pub mod allocation_off;
pub mod alpha_changed;
pub mod alternative_changed;
pub mod amended_after_results;
pub mod bayes_factor_changed;
pub mod cluster_changed;
pub mod codebook_changed;
pub mod collected_outside_window;
pub mod contingency_changed;
pub mod correction_changed;
pub mod covariate_added;
pub mod covariate_dropped;
pub mod data_before_registration;
pub mod data_edited;
pub mod decision_rule_changed;
pub mod derivation_changed;
pub mod design_changed;
pub mod differential_attrition;
pub mod direction_changed;
pub mod document_edited;
pub mod effect_size_changed;
pub mod estimand_changed;
pub mod estimator_changed;
pub mod exclusion_added;
pub mod exclusion_changed;
pub mod exclusion_dropped;
pub mod factor_added;
pub mod family_changed;
pub mod fixed_effects_changed;
pub mod forbidden_cell;
pub mod formula_changed;
pub mod hypothesis_added;
pub mod hypothesis_dropped;
pub mod interaction_added;
pub mod interaction_dropped;
pub mod late_amendment;
pub mod ledger_edited;
pub mod level_missing;
pub mod level_unregistered;
pub mod lock_missing;
pub mod missing_rule_changed;
pub mod null_changed;
pub mod out_of_range;
pub mod outcome_changed;
pub mod plan_changed;
pub mod population_or_provider_changed;
pub mod post_treatment_exclusion;
pub mod recoded;
pub mod reference_changed;
pub mod registered_after_access;
pub mod registration_edited;
pub mod reverse_coding_changed;
pub mod rows_kept_against_rule;
pub mod rows_missing_without_rule;
pub mod rows_not_collected;
pub mod sample_above_maximum;
pub mod sample_below_minimum;
pub mod scale_changed;
pub mod sesoi_changed;
pub mod status_changed;
pub mod stopping_rule_missed;
pub mod subset_changed;
pub mod test_not_registered;
pub mod test_not_run;
pub mod unit_repeated;
pub mod unlocked_run;
pub mod vcov_changed;
pub mod weight_changed;

mod analysed;

use super::diff::place;
use super::effects::touched;
use super::{Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::record::{CodebookKind, Observed};

/// Every rule, in the order of their codes.
pub const RULES: &[Rule] = &[
    hypothesis_dropped::RULE,
    hypothesis_added::RULE,
    direction_changed::RULE,
    status_changed::RULE,
    decision_rule_changed::RULE,
    test_not_run::RULE,
    test_not_registered::RULE,
    estimand_changed::RULE,
    family_changed::RULE,
    sample_below_minimum::RULE,
    sample_above_maximum::RULE,
    exclusion_added::RULE,
    exclusion_dropped::RULE,
    exclusion_changed::RULE,
    rows_missing_without_rule::RULE,
    post_treatment_exclusion::RULE,
    stopping_rule_missed::RULE,
    collected_outside_window::RULE,
    unit_repeated::RULE,
    population_or_provider_changed::RULE,
    level_missing::RULE,
    level_unregistered::RULE,
    allocation_off::RULE,
    factor_added::RULE,
    recoded::RULE,
    outcome_changed::RULE,
    out_of_range::RULE,
    formula_changed::RULE,
    estimator_changed::RULE,
    vcov_changed::RULE,
    subset_changed::RULE,
    alpha_changed::RULE,
    alternative_changed::RULE,
    correction_changed::RULE,
    null_changed::RULE,
    reference_changed::RULE,
    fixed_effects_changed::RULE,
    scale_changed::RULE,
    missing_rule_changed::RULE,
    derivation_changed::RULE,
    data_before_registration::RULE,
    registered_after_access::RULE,
    late_amendment::RULE,
    registration_edited::RULE,
    document_edited::RULE,
    data_edited::RULE,
    unlocked_run::RULE,
    plan_changed::RULE,
    lock_missing::RULE,
    codebook_changed::RULE,
    design_changed::RULE,
    weight_changed::RULE,
    cluster_changed::RULE,
    sesoi_changed::RULE,
    contingency_changed::RULE,
    forbidden_cell::RULE,
    effect_size_changed::RULE,
    bayes_factor_changed::RULE,
    covariate_added::RULE,
    covariate_dropped::RULE,
    interaction_added::RULE,
    interaction_dropped::RULE,
    reverse_coding_changed::RULE,
    differential_attrition::RULE,
    amended_after_results::RULE,
    ledger_edited::RULE,
    rows_kept_against_rule::RULE,
    rows_not_collected::RULE,
];

/// The rule that a more particular one was split from: a disclosure of it covers both.
const GENERAL: [(&str, &str); 11] = [
    ("direction-changed", "alternative-changed"),
    ("population-or-provider-changed", "design-changed"),
    ("factor-added", "codebook-changed"),
    ("reference-changed", "codebook-changed"),
    ("scale-changed", "codebook-changed"),
    ("fixed-effects-changed", "formula-changed"),
    ("covariate-added", "formula-changed"),
    ("covariate-dropped", "formula-changed"),
    ("interaction-added", "formula-changed"),
    ("interaction-dropped", "formula-changed"),
    ("reverse-coding-changed", "derivation-changed"),
];

/// The general rule of a particular one, if it has one.
pub(super) fn general(slug: &str) -> Option<&'static Rule> {
    let (_, general) = GENERAL.iter().find(|(particular, _)| *particular == slug)?;
    rule(general)
}

/// A rule by its code or its slug.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|r| r.code.eq_ignore_ascii_case(name) || r.slug == name)
}

/// A finding for each change that a rule accounts for.
fn changed(
    evidence: &Evidence<'_>,
    claims: fn(&FieldChange) -> bool,
    message: impl Fn(&FieldChange) -> String,
) -> Vec<Finding> {
    evidence
        .changes
        .iter()
        .filter(|change| claims(change))
        .map(|change| Finding::Deviation {
            of: change.of(),
            message: message(change),
            executed_at: executed_at(evidence, change),
            registered_at: change.registered_at.clone(),
            registered: change.registered.clone(),
            executed: change.executed.clone(),
            tests: touched(change, evidence.promised, evidence.requested),
            hypotheses: if change.section() == "hypotheses" {
                vec![change.key().to_owned()]
            } else {
                Vec::new()
            },
        })
        .collect()
}

/// Where the request says it. What it leaves out or merges into stands at the departure, or else in the file that did.
fn executed_at(evidence: &Evidence<'_>, change: &FieldChange) -> Option<Place> {
    let written = change.executed_at.as_ref().filter(|_| change.executed.is_some());
    if let Some(at) = written.filter(|at| at.file == evidence.pipeline_file) {
        return Some(at.clone());
    }
    let list = evidence
        .departures
        .get(change.section())
        .filter(|_| matches!(change.section(), "exclusions" | "contingencies") && change.executed.is_none());
    let edited = evidence.edits.iter().any(|edit| edit.path == change.path);
    let departure = evidence.departures.get(&change.of()).or(list);
    departure.or(written).cloned().or_else(|| {
        Some(Place::file(if edited {
            evidence.registration_file
        } else {
            evidence.pipeline_file
        }))
    })
}

/// The pipeline as a whole.
fn request(evidence: &Evidence<'_>) -> Option<Place> {
    Some(Place::file(evidence.pipeline_file))
}

/// A finding about a field of the design that the data speak to.
fn of_design(
    evidence: &Evidence<'_>,
    field: &str,
    message: String,
    registered: String,
    executed: String,
) -> Finding {
    Finding::Deviation {
        of: format!("design.{field}"),
        message,
        executed_at: None,
        registered_at: place(evidence.promised_places, &["design", field].map(str::to_owned)),
        registered: Some(registered),
        executed: Some(executed),
        tests: Vec::new(),
        hypotheses: Vec::new(),
    }
}

/// A finding about a variable that the data speak to.
fn of_variable(
    evidence: &Evidence<'_>,
    variable: &str,
    message: String,
    registered: String,
    executed: String,
) -> Finding {
    let change = FieldChange::of_variable(variable, None);
    Finding::Deviation {
        of: variable.to_owned(),
        message,
        executed_at: None,
        registered_at: place(
            evidence.promised_places,
            &["variables", variable].map(str::to_owned),
        ),
        registered: Some(registered),
        executed: Some(executed),
        tests: touched(&change, evidence.promised, evidence.requested),
        hypotheses: Vec::new(),
    }
}

/// Findings about cells that the codebook does not know, with the data file's line and field.
fn codebook(evidence: &Evidence<'_>, observed: &Observed, kind: CodebookKind, what: &str) -> Vec<Finding> {
    observed
        .codebook
        .iter()
        .filter(|facts| facts.kind == kind)
        .map(|facts| {
            let rows: Vec<String> = facts
                .rows
                .iter()
                .map(|r| format!("line {} ({})", r.line, r.value))
                .collect();
            let more = if facts.count > facts.rows.len() as u64 {
                ", …"
            } else {
                ""
            };
            let message = format!(
                "{} of `{}` {what}: {}{more}",
                if facts.count == 1 {
                    String::from("1 cell")
                } else {
                    format!("{} cells", facts.count)
                },
                facts.variable,
                rows.join(", ")
            );
            let registered = evidence
                .promised
                .variables
                .get(&facts.variable)
                .map(|v| match v.scale {
                    Some(scale) => super::words::scale(scale),
                    None => v.levels.names.join(", "),
                });
            let finding = of_variable(
                evidence,
                &facts.variable,
                message,
                registered.unwrap_or_default(),
                rows.join(", "),
            );
            match finding {
                Finding::Deviation {
                    of,
                    message,
                    registered_at,
                    registered,
                    executed,
                    tests,
                    hypotheses,
                    ..
                } => {
                    let mut at = Place::file(&facts.file);
                    at.line = facts
                        .rows
                        .first()
                        .and_then(|r| usize::try_from(r.line).ok())
                        .unwrap_or(1);
                    at.column = usize::try_from(facts.field).unwrap_or(1);
                    Finding::Deviation {
                        of,
                        message,
                        executed_at: Some(at),
                        registered_at,
                        registered,
                        executed,
                        tests,
                        hypotheses,
                    }
                }
                other => other,
            }
        })
        .collect()
}
