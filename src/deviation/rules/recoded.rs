//! # Registered values are read as something else
//!
//! What it detects: a mapping of the pipeline by which a registered value stops being itself: a number of the registered scale, or a registered level, that is declared missing or read as another one; a date or an identifier that is declared missing; and a variable that is read from the column of another registered variable, from the column that another one is read from, or from any other although the file has a column of its own name. Mapping a raw value that the registration does not know is none. Numbers without a registered scale that are declared missing are said to be unchecked.
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
use crate::plan::{Role, VariablePlan};
use crate::record::{CodebookKind, Observed};
use crate::spec::Located;
use crate::spec::pipeline::{Decimal, Mapping};
use crate::spec::shape::Checkbox;
use std::collections::BTreeMap;

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

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let Some(mapping) = evidence.mapping else {
        return Vec::new();
    };
    let mut found = super::analysed::of_cells(evidence, observed, false);
    for (name, variable) in &evidence.promised.variables {
        let cells = Cells {
            evidence,
            name,
            variable,
            decimal: observed.file.decimal.unwrap_or(Decimal::Point),
        };
        found.extend(column(evidence, mapping, name).or_else(|| passed_over(&cells, observed, mapping)));
        let checkbox = evidence.shape.and_then(|s| s.checkboxes.get(name));
        for (key, read) in [
            ("values", mapping.values.get(name)),
            ("checkboxes", checkbox.and_then(Checkbox::choices)),
        ] {
            found.extend(read.and_then(|read| cells.values(key, read)));
        }
        found.extend(cells.missing_codes(mapping));
    }
    found
}

/// A registered value by what stands in a cell: a level, by name or label, a number, a date or an identifier.
#[derive(PartialEq)]
enum Registered<'a> {
    Level(&'a str),
    Number(f64),
    Itself(&'a str),
}

/// The cells of one variable, as its file writes them.
struct Cells<'a> {
    evidence: &'a Evidence<'a>,
    name: &'a str,
    variable: &'a VariablePlan,
    decimal: Decimal,
}

impl<'a> Cells<'a> {
    fn number(&self, raw: &str, decimal: Decimal) -> Option<f64> {
        let pointed = match decimal {
            Decimal::Point => raw.to_owned(),
            Decimal::Comma => raw.replacen(',', ".", 1),
        };
        pointed.parse::<f64>().ok().filter(|n| n.is_finite())
    }

    /// What a raw value is by the registration alone; nothing if the registration does not know it.
    fn registered<'r>(&'r self, raw: &'r str, decimal: Decimal) -> Option<Registered<'r>> {
        let variable = self.variable;
        if let Some(level) = variable.levels.names.iter().find(|l| *l == raw) {
            return Some(Registered::Level(level));
        }
        if !variable.levels.is_empty() {
            let labels = self.evidence.wording.levels.get(self.name)?;
            let mut labelled = labels.iter().filter(|(_, label)| label == raw);
            return match (labelled.next(), labelled.next()) {
                (Some((level, _)), None) => Some(Registered::Level(level)),
                _ => None,
            };
        }
        match variable.role {
            Role::Id => Some(Registered::Itself(raw)),
            Role::Time => {
                let day = raw.get(..10)?.parse::<jiff::civil::Date>();
                day.ok().map(|_| Registered::Itself(raw))
            }
            _ => {
                let number = self.number(raw, decimal)?;
                let scale = variable.scale;
                let above = scale.and_then(|s| s.min).is_none_or(|min| number >= min);
                let below = scale.and_then(|s| s.max).is_none_or(|max| number <= max);
                (above && below).then_some(Registered::Number(number))
            }
        }
    }

    fn values(&self, key: &str, read: &BTreeMap<String, Located<String>>) -> Option<Finding> {
        let moved: Vec<(&str, &str, &Place)> = read
            .iter()
            .filter(|(raw, target)| {
                let before = self.registered(raw, self.decimal);
                before.is_some() && before != self.registered(&target.value, Decimal::Point)
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
            "registered values of `{}` are read as others: {}",
            self.name,
            pairs.join(", ")
        );
        let sides = (was.join(", "), is.join(", "));
        Some(finding(self.evidence, (key, self.name), message, first, sides))
    }

    fn missing_codes(&self, mapping: &Mapping) -> Option<Finding> {
        let taken = mapping.missing_codes.get(self.name)?.iter();
        let taken: Vec<_> = taken
            .filter(|code| self.registered(&code.value, self.decimal).is_some())
            .collect();
        let first = taken.first()?;
        let codes: Vec<&str> = taken.iter().map(|c| c.value.as_str()).collect();
        let codes = codes.join(", ");
        let measured = !matches!(self.variable.role, Role::Id | Role::Time);
        if measured && self.variable.levels.is_empty() && self.variable.scale.is_none() {
            return Some(Finding::NotChecked {
                of: format!("data.missing_codes.{}", self.name),
                why: format!(
                    "whether {codes} are values of `{}`, which the pipeline declares missing: no scale is registered",
                    self.name
                ),
            });
        }
        let message = format!(
            "registered values of `{}` are declared missing: {codes}",
            self.name
        );
        let sides = (codes, String::from("missing"));
        Some(finding(
            self.evidence,
            ("missing_codes", self.name),
            message,
            &first.at,
            sides,
        ))
    }
}

/// The registered name stands in the file, and another column is read.
fn passed_over(cells: &Cells<'_>, observed: &Observed, mapping: &Mapping) -> Option<Finding> {
    let kind = CodebookKind::OwnColumnPassedOver;
    let mut facts = observed.codebook.iter().filter(|f| f.kind == kind);
    let facts = facts.find(|f| f.variable == cells.name)?;
    let at = &mapping.columns.get(cells.name)?.at;
    let message = format!(
        "`{}` is read from the column `{}`, although {} has a column of its name",
        cells.name, facts.column, facts.file
    );
    let sides = (
        format!("the column {}", cells.name),
        format!("the column {}", facts.column),
    );
    Some(finding(
        cells.evidence,
        ("columns", cells.name),
        message,
        at,
        sides,
    ))
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

fn finding(
    evidence: &Evidence<'_>,
    (key, name): (&str, &str),
    message: String,
    at: &Place,
    (registered, executed): (String, String),
) -> Finding {
    let path = ["variables", name].map(str::to_owned);
    let change = FieldChange::of_variable(name, super::place(evidence.promised_places, &path));
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
