//! Two plans compared field by field, in their canonical form: spelling, order of keys and labels are not in it.

use crate::diagnostic::Place;
use crate::plan::decision::both_can_hold;
use crate::plan::lower::Places;
use crate::plan::{Plan, Quantity, Rule, Term, contrast};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// One field that the two plans do not agree on.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Section, key and field: `["models", "approval", "vcov"]`.
    pub path: Vec<String>,
    /// In words; nothing where the side does not have it.
    pub registered: Option<String>,
    pub executed: Option<String>,
    pub registered_at: Option<Place>,
    pub executed_at: Option<Place>,
}

impl FieldChange {
    /// `models.approval.vcov`
    pub fn of(&self) -> String {
        self.path.join(".")
    }

    pub fn section(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The test, model, … that it is about.
    pub fn key(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }

    /// The field of it, if one field and not the whole of it.
    pub fn field(&self) -> &str {
        self.path.get(2).map_or("", String::as_str)
    }

    pub fn is_removed(&self) -> bool {
        self.path.len() == 2 && self.executed.is_none()
    }

    pub fn is_added(&self) -> bool {
        self.path.len() == 2 && self.registered.is_none()
    }
}

/// Sections whose fields are compared directly; the others are maps of named things.
const FLAT: [&str; 3] = ["study", "design", "missing"];

/// Everything in which `requested` differs from `promised`.
pub fn diff(
    promised: &Plan,
    requested: &Plan,
    promised_places: &Places,
    requested_places: &Places,
) -> Vec<FieldChange> {
    let (before, after) = (canonical(promised), canonical(requested));
    let mut paths: Vec<Vec<String>> = Vec::new();
    for section in keys(&before, &after) {
        let (b, a) = (field(&before, &section), field(&after, &section));
        let renamed = if section == "exclusions" {
            renamed(&b, &a)
        } else {
            BTreeSet::new()
        };
        for key in keys(&b, &a).difference(&renamed).cloned() {
            let (b, a) = (field(&b, &key), field(&a, &key));
            let path = vec![section.clone(), key];
            if b == a {
                continue;
            }
            if FLAT.contains(&section.as_str()) || b.is_null() || a.is_null() {
                paths.push(path);
                continue;
            }
            for name in keys(&b, &a) {
                if field(&b, &name) != field(&a, &name) {
                    paths.push(path.iter().cloned().chain([name]).collect());
                }
            }
        }
    }
    paths
        .into_iter()
        .filter(|path| !same_rule(promised, requested, path))
        .map(|path| FieldChange {
            registered: words(promised, &before, &path),
            executed: words(requested, &after, &path),
            registered_at: place(promised_places, &path),
            executed_at: place(requested_places, &path),
            path,
        })
        .collect()
}

/// The plan as JSON, lists of named things as maps: their order changes nobody's analysis.
fn canonical(plan: &Plan) -> Value {
    let mut value = serde_json::to_value(plan).unwrap_or(Value::Null);
    if let Value::Object(sections) = &mut value {
        for (section, name) in [("exclusions", "id"), ("derived", "name")] {
            let mut map = Map::new();
            for item in sections
                .get(section)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(id) = item.get(name).and_then(Value::as_str) {
                    map.insert(id.to_owned(), item.clone());
                }
            }
            sections.insert(section.to_owned(), Value::Object(map));
        }
    }
    value
}

/// Exclusions that only changed their name: each expression stands on both sides.
fn renamed(before: &Value, after: &Value) -> BTreeSet<String> {
    let alone = |one: &Value, other: &Value| -> Vec<(String, Value)> {
        let entries = one.as_object().into_iter().flatten();
        entries
            .filter(|(id, _)| other.get(id).is_none())
            .map(|(id, e)| (id.clone(), field(e, "drop_if")))
            .collect()
    };
    let (old, new) = (alone(before, after), alone(after, before));
    let pairs = old
        .iter()
        .filter_map(|(id, e)| Some((id, new.iter().find(|(_, n)| n == e).map(|(n, _)| n)?)));
    pairs.flat_map(|(a, b)| [a.clone(), b.clone()]).collect()
}

fn keys(a: &Value, b: &Value) -> BTreeSet<String> {
    [a, b]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|m| m.keys().cloned())
        .collect()
}

fn field(value: &Value, key: &str) -> Value {
    value.get(key).cloned().unwrap_or(Value::Null)
}

/// Two decision rules that no outcome of the tests can tell apart are the same rule.
fn same_rule(promised: &Plan, requested: &Plan, path: &[String]) -> bool {
    let [section, id, name] = path else { return false };
    if section != "hypotheses" || promised.families != requested.families {
        return false;
    }
    let rule = |plan: &Plan| -> Option<Rule> {
        let hypothesis = plan.hypotheses.get(id)?;
        match name.as_str() {
            "corroborated_if" => Some(hypothesis.corroborated_if.clone()),
            "contradicted_if" => hypothesis.contradicted_if.clone(),
            _ => None,
        }
    };
    let (Some(a), Some(b)) = (rule(promised), rule(requested)) else {
        return false;
    };
    let but = |a: &Rule, b: &Rule| both_can_hold(a, &Rule::Not(Box::new(b.clone())), &promised.families);
    a.tests(&promised.families) == b.tests(&promised.families) && !but(&a, &b) && !but(&b, &a)
}

/// The place of a field, or of the nearest thing around it that has one.
fn place(places: &Places, path: &[String]) -> Option<Place> {
    (1..=path.len())
        .rev()
        .find_map(|length| places.get(&path.get(..length)?.join(".")))
        .cloned()
}

/// A field's value as an author would write it.
fn words(plan: &Plan, value: &Value, path: &[String]) -> Option<String> {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["models", id, "formula"] => plan.models.get(*id).map(|m| m.formula.to_string()),
        ["models", id, "subset"] => plan.models.get(*id)?.subset.as_ref().map(ToString::to_string),
        ["models", id] => plan
            .models
            .get(*id)
            .map(|m| format!("{} ({})", m.formula, m.vcov.word())),
        ["tests", id, "quantity"] => plan.tests.get(*id).map(|t| estimand(&t.quantity)),
        ["tests", id] => plan
            .tests
            .get(*id)
            .map(|t| format!("{} in model {}", estimand(&t.quantity), t.model)),
        ["exclusions", id, ..] => plan
            .exclusions
            .iter()
            .find(|e| e.id == *id)
            .map(|e| e.drop_if.to_string()),
        ["hypotheses", id, "corroborated_if"] => {
            plan.hypotheses.get(*id).map(|h| h.corroborated_if.to_string())
        }
        ["hypotheses", id, "contradicted_if"] => plan
            .hypotheses
            .get(*id)?
            .contradicted_if
            .as_ref()
            .map(ToString::to_string),
        ["hypotheses", id] => plan.hypotheses.get(*id).map(|h| h.statement.clone()),
        ["families", id, "tests"] => plan.families.get(*id).map(|f| f.tests.join(", ")),
        ["families", id] => plan
            .families
            .get(*id)
            .map(|f| format!("{} over {}", f.adjust.word(), f.tests.join(", "))),
        _ => {
            let found = path.iter().fold(value.clone(), |v, key| field(&v, key));
            match found {
                Value::Null => None,
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            }
        }
    }
}

/// An estimand in words: `mean(denounce, sanctions) - status_quo of us_response`.
pub(super) fn estimand(quantity: &Quantity) -> String {
    let averaged = |average: crate::plan::Average| match average {
        crate::plan::Average::Observed => "",
        crate::plan::Average::Balanced => ", balanced",
    };
    match quantity {
        Quantity::Contrast {
            of,
            weights,
            across,
            average,
        } => {
            let across: Vec<String> = across
                .iter()
                .map(|(factor, weights)| format!(" across {factor} ({})", contrast::words(weights)))
                .collect();
            format!(
                "{} of {of}{}{}",
                contrast::words(weights),
                across.concat(),
                averaged(*average)
            )
        }
        Quantity::Joint { terms } => {
            format!(
                "all of {} zero",
                terms.iter().map(Term::to_string).collect::<Vec<_>>().join(", ")
            )
        }
        Quantity::Coefficient { term } => term.clone(),
        Quantity::Margin { of, level, average } => format!("margin of {of} at {level}{}", averaged(*average)),
    }
}
