//! Findings about the authors' analysed file.

use super::super::diff::place;
use super::super::effects::touched;
use crate::deviation::{Evidence, FieldChange, Finding};
use crate::diagnostic::Place;
use crate::record::{AnalysedFacts, LineFacts, Observed};

/// A finding about rows of the analysed file, if there are any.
pub(super) fn of_rows(
    observed: &Observed,
    which: fn(&AnalysedFacts) -> &LineFacts,
    message: impl Fn(&str, &str, &str) -> String,
) -> Vec<Finding> {
    let Some(facts) = &observed.analysed else {
        return Vec::new();
    };
    let found = which(facts);
    if found.count == 0 {
        return Vec::new();
    }
    let lines: Vec<String> = found.lines.iter().map(u64::to_string).collect();
    let more = if found.count > found.lines.len() as u64 {
        ", …"
    } else {
        ""
    };
    let rows = match found.count {
        1 => String::from("1 row"),
        count => format!("{count} rows"),
    };
    let lines = format!("lines {}{more}", lines.join(", "));
    vec![Finding::Deviation {
        of: String::from("data.analysed"),
        message: message(&rows, &lines, &facts.file),
        executed_at: Some(Place::file(&facts.file)),
        registered_at: None,
        registered: Some(String::from("the rows that the rules keep")),
        executed: Some(lines),
        tests: observed.tests.iter().map(|t| t.id.clone()).collect(),
        hypotheses: Vec::new(),
    }]
}

/// Findings about columns of the analysed file whose cells the raw data do not give.
pub(super) fn of_cells(evidence: &Evidence<'_>, observed: &Observed, derived: bool) -> Vec<Finding> {
    let facts = observed.analysed.iter();
    let columns = facts.flat_map(|f| f.columns.iter().map(move |c| (f, c)));
    let differing = columns.filter(|(_, c)| c.differ > 0 && c.derived == derived);
    differing
        .map(|(facts, column)| {
            let side = |s: &Option<String>| s.clone().unwrap_or_else(|| String::from("missing"));
            let shown: Vec<String> = column
                .cells
                .iter()
                .map(|c| format!("line {}: {} → {}", c.line, side(&c.raw), side(&c.analysed)))
                .collect();
            let more = if column.differ > shown.len() as u64 {
                ", …"
            } else {
                ""
            };
            let change = FieldChange::of_variable(&column.variable, None);
            Finding::Deviation {
                of: format!("data.analysed.{}", column.variable),
                message: format!(
                    "{} of {} cells of `{}` in {} are not what the raw data and the plan give: {}{more}",
                    column.differ,
                    column.compared,
                    column.variable,
                    facts.file,
                    shown.join(", ")
                ),
                executed_at: Some(Place::file(&facts.file)),
                registered_at: place(
                    evidence.promised_places,
                    &[if derived { "derived" } else { "variables" }, &column.variable].map(str::to_owned),
                ),
                registered: Some(String::from("as the raw data and the plan give")),
                executed: Some(shown.join(", ")),
                tests: touched(&change, evidence.promised, evidence.requested),
                hypotheses: Vec::new(),
            }
        })
        .collect()
}
