//! # Registered values are read as something else
//!
//! What it detects: a mapping of the pipeline by which a registered value stops being itself: a number of the registered scale, or a registered level, that is declared missing or read as another one; and a variable that is read from the column of another registered variable, or from the column that another one is read from. Mapping a raw value that the registration does not know is none.
//!
//! Why it matters: declaring the sevens of a 7-point scale missing, or reading one arm as another, changes a result without touching the plan.
//!
//! Example that fires:
//!
//!     data:
//!       missing_codes: {approval: [7]}                  # registered: scale {min: 1, max: 7}
//!       values: {us_response: {denounce: sanctions}}    # both are registered levels
//!       columns: {approval: contribution}               # both are registered variables
//!
//! What to do: map raw values alone. If the export really codes a value otherwise than the registration, disclose it. A mapping of values that the registration does not know cannot be judged here; a reader sees it in `pipeline.yaml`.
//!
//! References: Wicherts et al. (2016), doi:10.3389/fpsyg.2016.01832; Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::effects::touched;
use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::diagnostic::Place;
use crate::plan::VariablePlan;
use crate::record::Observed;
use crate::spec::pipeline::Mapping;

pub const RULE: Rule = Rule {
    code: "D026",
    slug: "recoded",
    category: Category::Variables,
    source: include_str!("recoded.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, _observed: &Observed) -> Vec<Finding> {
    let Some(mapping) = evidence.mapping else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (name, variable) in &evidence.promised.variables {
        found.extend(column(evidence, mapping, name));
        found.extend(values(evidence, mapping, name, variable));
        found.extend(missing_codes(evidence, mapping, name, variable));
    }
    found
}

/// A registered value by what stands in a cell: a level, by name or label, or a number of the scale.
#[derive(PartialEq)]
enum Registered<'a> {
    Level(&'a str),
    Number(f64),
}

fn registered<'a>(
    evidence: &'a Evidence<'_>,
    name: &str,
    variable: &'a VariablePlan,
    raw: &str,
) -> Option<Registered<'a>> {
    if let Some(level) = variable.levels.names.iter().find(|l| *l == raw) {
        return Some(Registered::Level(level));
    }
    if !variable.levels.is_empty() {
        let labels = evidence.wording.levels.get(name)?;
        let mut labelled = labels.iter().filter(|(_, label)| label == raw);
        return match (labelled.next(), labelled.next()) {
            (Some((level, _)), None) => Some(Registered::Level(level)),
            _ => None,
        };
    }
    let scale = variable.scale?;
    let number = raw.parse::<f64>().ok().filter(|n| n.is_finite())?;
    let inside = scale.min.is_none_or(|min| number >= min) && scale.max.is_none_or(|max| number <= max);
    inside.then_some(Registered::Number(number))
}

fn column(evidence: &Evidence<'_>, mapping: &Mapping, name: &str) -> Option<Finding> {
    let raw = mapping.columns.get(name)?;
    let other = evidence.promised.variables.keys().find(|other| {
        let theirs = mapping
            .columns
            .get(*other)
            .map_or(other.as_str(), |c| c.value.as_str());
        *other != name && (raw.value == **other || raw.value == theirs)
    })?;
    let message = format!(
        "`{name}` is read from the column `{}`, which is that of the registered variable `{other}`",
        raw.value
    );
    let (was, is) = (format!("a column of {name}"), format!("the column {}", raw.value));
    Some(finding(evidence, ("columns", name), message, &raw.at, (was, is)))
}

fn values(
    evidence: &Evidence<'_>,
    mapping: &Mapping,
    name: &str,
    variable: &VariablePlan,
) -> Option<Finding> {
    let read = mapping.values.get(name)?.iter();
    let moved: Vec<(&str, &str, &Place)> = read
        .filter(|(raw, target)| {
            let before = registered(evidence, name, variable, raw);
            before.is_some() && before != registered(evidence, name, variable, &target.value)
        })
        .map(|(raw, target)| (raw.as_str(), target.value.as_str(), &target.at))
        .collect();
    let (_, _, first) = moved.first()?;
    let pairs: Vec<String> = moved
        .iter()
        .map(|(raw, is, _)| format!("{raw} as {is}"))
        .collect();
    let was: Vec<&str> = moved.iter().map(|(raw, _, _)| *raw).collect();
    let is: Vec<&str> = moved.iter().map(|(_, is, _)| *is).collect();
    let message = format!(
        "registered values of `{name}` are read as others: {}",
        pairs.join(", ")
    );
    let sides = (was.join(", "), is.join(", "));
    Some(finding(evidence, ("values", name), message, first, sides))
}

fn missing_codes(
    evidence: &Evidence<'_>,
    mapping: &Mapping,
    name: &str,
    variable: &VariablePlan,
) -> Option<Finding> {
    let taken: Vec<_> = mapping
        .missing_codes
        .get(name)?
        .iter()
        .filter(|code| registered(evidence, name, variable, &code.value).is_some())
        .collect();
    let first = taken.first()?;
    let codes = taken
        .iter()
        .map(|c| c.value.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let message = format!("registered values of `{name}` are declared missing: {codes}");
    let is = String::from("missing");
    Some(finding(
        evidence,
        ("missing_codes", name),
        message,
        &first.at,
        (codes, is),
    ))
}

fn finding(
    evidence: &Evidence<'_>,
    (key, name): (&str, &str),
    message: String,
    at: &Place,
    (registered, executed): (String, String),
) -> Finding {
    let path = ["variables", name].map(str::to_owned);
    let change = FieldChange {
        registered_at: super::place(evidence.promised_places, &path),
        path: path.to_vec(),
        registered: None,
        executed: None,
        executed_at: None,
    };
    Finding::Deviation {
        of: format!("data.{key}.{name}"),
        message,
        executed_at: Some(at.clone()),
        tests: touched(&change, evidence.promised, evidence.requested),
        registered_at: change.registered_at,
        registered: Some(registered),
        executed: Some(executed),
        hypotheses: Vec::new(),
    }
}
