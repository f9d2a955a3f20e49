//! Registered contingencies as they came out: which branch the collected data took.

use super::number;
use crate::record::{ContingencyRecord, FactRecord, Record, SettingRecord};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Contingency {
    condition: String,
    facts: Vec<String>,
    outcome: &'static str,
    then: Vec<String>,
    tests: String,
}

pub(super) fn contingencies(record: &Record) -> Vec<Contingency> {
    record.observed.contingencies.iter().map(contingency).collect()
}

fn contingency(c: &ContingencyRecord) -> Contingency {
    Contingency {
        condition: c.condition.clone(),
        facts: c.facts.iter().map(fact).collect(),
        outcome: match c.holds {
            Some(true) => "it holds: the branch was taken",
            Some(false) => "it does not hold: the branch was not taken",
            None => "it could not be known: the branch was not taken",
        },
        then: settings(c),
        tests: c.tests.join(", "),
    }
}

fn settings(c: &ContingencyRecord) -> Vec<String> {
    c.then
        .iter()
        .map(|s| format!("{} = {}", s.path, s.value))
        .collect()
}

fn fact(f: &FactRecord) -> String {
    if let Some(why) = &f.note {
        return format!("{}: {why}", f.fact);
    }
    let refusal = f.fact.starts_with("refused(");
    match f.value {
        None => format!("{} cannot be known", f.fact),
        Some(_) if refusal => format!("{}: it could be fitted", f.fact),
        Some(value) if value.fract() == 0.0 => format!("{} = {value}", f.fact),
        Some(value) => format!("{} = {}", f.fact, number::estimate(value)),
    }
}

/// The branches in force for a test: what they made of its part of the plan, and why.
pub(super) fn in_force(record: &Record, test: &str) -> Vec<String> {
    let taken = record
        .observed
        .contingencies
        .iter()
        .filter(|c| c.holds == Some(true));
    taken
        .filter(|c| c.tests.iter().any(|t| t == test))
        .map(|c| {
            let field = |s: &SettingRecord| {
                let name = s.path.rsplit('.').next().unwrap_or_default();
                format!("{name} = {}", s.value)
            };
            let set: Vec<String> = c.then.iter().map(field).collect();
            format!(
                "by the registered contingency, {} (if {})",
                set.join(", "),
                c.condition
            )
        })
        .collect()
}
