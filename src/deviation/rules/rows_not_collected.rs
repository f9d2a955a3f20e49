//! # Rows were analysed that were not collected
//!
//! What it detects: rows of the file the authors analysed (`data.analysed`) whose unit the raw data do not have.
//!
//! Why it matters: a row without a source cannot be traced to anybody who answered.
//!
//! Example that fires:
//!
//!     data: {path: raw.csv, analysed: analysed.csv}      # with a respondent that raw.csv does not know
//!
//! What to do: add the raw rows, or take the others out.
//!
//! References: Simonsohn (2013), doi:10.1177/0956797613480366

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D078",
    slug: "rows-not-collected",
    category: Category::Integrity,
    source: include_str!("rows_not_collected.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(_evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::analysed::of_rows(
        observed,
        |facts| &facts.unknown,
        |rows, lines, file| format!("{rows} of {file} are of no unit that was collected: {lines}"),
    )
}
