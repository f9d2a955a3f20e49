//! Drawn rows as the file that a survey platform would export.

use super::Row;
use super::draw::Cell;
use crate::plan::{Plan, Role, Wording};
use crate::spec::pipeline::Format;

/// Columns that Qualtrics puts first, with what fills them where no variable does.
const QUALTRICS: [(&str, &str, &str); 6] = [
    ("StartDate", "Start Date", ""),
    ("Status", "Response Type", "0"),
    ("Duration (in seconds)", "Duration (in seconds)", ""),
    ("Finished", "Finished", ""),
    ("ResponseId", "Response ID", ""),
    ("DistributionChannel", "Distribution Channel", "anonymous"),
];

pub(super) fn file(plan: &Plan, wording: &Wording, rows: &[Row], shape: Format) -> String {
    let variables: Vec<(&String, String)> = plan
        .variables
        .iter()
        .map(|(name, v)| (name, raw_name(name, v.role, shape)))
        .collect();
    let mut columns: Vec<(String, String, Option<&String>, &str)> = Vec::new();
    if shape == Format::Qualtrics {
        for (raw, question, filler) in QUALTRICS {
            let variable = variables.iter().find(|(_, r)| r == raw).map(|(name, _)| *name);
            columns.push((raw.to_owned(), question.to_owned(), variable, filler));
        }
    }
    for (name, raw) in &variables {
        if !columns.iter().any(|c| c.0 == *raw) {
            columns.push((raw.clone(), wording.variable(name).to_owned(), Some(name), ""));
        }
    }
    let mut out = line(columns.iter().map(|c| c.0.clone()));
    if shape == Format::Qualtrics {
        out.push_str(&line(columns.iter().map(|c| c.1.clone())));
        out.push_str(&line(
            columns.iter().map(|c| format!("{{\"ImportId\":\"{}\"}}", c.0)),
        ));
    }
    for row in rows {
        out.push_str(&line(columns.iter().map(
            |(_, _, variable, filler)| match variable {
                Some(name) => shown(name, row, plan, wording, shape),
                None => (*filler).to_owned(),
            },
        )));
    }
    out
}

/// Choice text for factors, as Qualtrics exports it; codes for checks.
fn shown(name: &str, row: &Row, plan: &Plan, wording: &Wording, shape: Format) -> String {
    let cell = row.get(name).map(Cell::text).unwrap_or_default();
    let factor = plan.variables.get(name).is_some_and(|v| v.role == Role::Factor);
    if shape == Format::Qualtrics && factor {
        wording.level(name, &cell).to_owned()
    } else {
        cell
    }
}

fn raw_name(name: &str, role: Role, shape: Format) -> String {
    let raw = match (shape, role, name) {
        (Format::Qualtrics, Role::Time, _) => "StartDate",
        (Format::Qualtrics, Role::Id, _) => "ResponseId",
        (Format::Qualtrics, _, "finished") => "Finished",
        (Format::Qualtrics, _, "duration") => "Duration (in seconds)",
        _ => name,
    };
    raw.to_owned()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let quoted = |cell: String| {
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    };
    let mut out = cells.map(quoted).collect::<Vec<_>>().join(",");
    out.push('\n');
    out
}
