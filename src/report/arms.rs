//! Section 5: the rows of each arm, step by step.

use super::number;
use crate::plan::Wording;
use crate::record::Record;
use serde::Serialize;

/// The rows of each arm of one factor, step by step.
#[derive(Serialize)]
pub(super) struct ArmsView {
    factor: String,
    levels: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

pub(super) fn arms(record: &Record, wording: &Wording) -> Vec<ArmsView> {
    let level = |factor: &str, level: &Option<String>| match level {
        Some(level) => wording.level(factor, level).to_owned(),
        None => String::from("not known"),
    };
    let flows = record.observed.flow_by_arm.iter();
    flows
        .map(|flow| ArmsView {
            factor: wording.variable(&flow.factor).to_owned(),
            levels: flow.levels.iter().map(|l| level(&flow.factor, l)).collect(),
            rows: flow
                .steps
                .iter()
                .map(|s| {
                    (
                        s.step.clone(),
                        s.rows.iter().copied().map(number::count).collect(),
                    )
                })
                .collect(),
        })
        .collect()
}
