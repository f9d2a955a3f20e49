//! # A row is in a cell that the registration forbids
//!
//! What it detects: collected rows whose levels together make up one of the cells under `design.forbidden`.
//!
//! Why it matters: such a profile could not have been drawn by the registered design. The randomiser did something else, or the data are mapped wrongly.
//!
//! Example that fires:
//!
//!     forbidden: [{profession: doctor, education: none}]      # and a row with a doctor without education
//!
//! What to do: look at the rows and the column mapping first; if the restriction was not in force, disclose since when and for how many.
//!
//! References: Hainmueller, Hopkins & Yamamoto (2014), doi:10.1093/pan/mpt024

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::plan::restriction;
use crate::record::{ForbiddenFacts, Observed};
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    code: "D057",
    slug: "forbidden-cell",
    category: Category::Design,
    source: include_str!("forbidden_cell.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    observed
        .forbidden
        .iter()
        .map(|facts| finding(evidence, facts))
        .collect()
}

fn finding(evidence: &Evidence<'_>, facts: &ForbiddenFacts) -> Finding {
    let cell = restriction::words(&facts.cell);
    let lines: Vec<String> = facts.lines.iter().map(u64::to_string).collect();
    let more = if facts.count > facts.lines.len() as u64 {
        ", …"
    } else {
        ""
    };
    let rows = if facts.count == 1 {
        format!("1 row (line {})", lines.concat())
    } else {
        format!("{} rows (lines {}{more})", facts.count, lines.join(", "))
    };
    let tests: BTreeSet<String> = facts
        .cell
        .keys()
        .flat_map(|factor| {
            let change = FieldChange::of_variable(factor, None);
            touched(&change, evidence.promised, evidence.requested)
        })
        .collect();
    let mut at = Place::file(&facts.file);
    let first = facts.lines.first().and_then(|line| usize::try_from(*line).ok());
    at.line = first.unwrap_or(1);
    Finding::Deviation {
        of: cell.clone(),
        message: format!("{rows} in a forbidden cell: {cell}"),
        executed_at: Some(at),
        registered_at: super::place(
            evidence.promised_places,
            &["design", "forbidden"].map(str::to_owned),
        ),
        registered: Some(String::from("no row")),
        executed: Some(rows),
        tests: tests.into_iter().collect(),
        hypotheses: Vec::new(),
    }
}
