//! The registered plan with some of the departures in force, the others not.

use super::diff::FieldChange;
use super::formulas;
use crate::plan::{MissingRule, ModelPlan, Plan};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;

/// The registered plan with what the request adds and nothing registered looks at, so that each departure has what it needs.
pub(super) fn ground(promised: &Plan, requested: &Plan) -> Plan {
    let mut plan = promised.clone();
    adopt(&mut plan.variables, &requested.variables);
    let known = |plan: &Plan, name: &str| plan.derived.iter().any(|d| d.name == name);
    for derived in &requested.derived {
        if !known(&plan, &derived.name) {
            plan.derived.push(derived.clone());
        }
    }
    // Where rows leave for what any model lacks, a model more is a departure that can move them.
    let mut rules = promised.missing.values().chain(requested.missing.values());
    if !rules.any(|rule| *rule == MissingRule::DropFromStudy) {
        adopt(&mut plan.models, &requested.models);
        adopt(&mut plan.tests, &requested.tests);
    }
    plan
}

fn adopt<T: Clone>(own: &mut BTreeMap<String, T>, others: &BTreeMap<String, T>) {
    for (name, entry) in others {
        own.entry(name.clone()).or_insert_with(|| entry.clone());
    }
}

/// The ground with these changes made.
pub(super) fn hybrid(ground: &Plan, promised: &Plan, requested: &Plan, chosen: &[&FieldChange]) -> Plan {
    let mut plan = ground.clone();
    for change in chosen {
        let (key, field) = (change.key(), change.field());
        match change.section() {
            "design" => {
                if let Some(design) = patched(&plan.design, &requested.design, key) {
                    plan.design = design;
                }
            }
            "missing" => {
                let of = |plan: &Plan| {
                    let mut rules = plan.missing.iter();
                    rules.find(|(r, _)| r.word() == key).map(|(r, m)| (*r, *m))
                };
                match (of(requested), of(&plan)) {
                    (Some((role, rule)), _) => drop(plan.missing.insert(role, rule)),
                    (None, Some((role, _))) => drop(plan.missing.remove(&role)),
                    (None, None) => {}
                }
            }
            "variables" => named(&mut plan.variables, &requested.variables, key, field),
            "families" => named(&mut plan.families, &requested.families, key, field),
            "tests" => named(&mut plan.tests, &requested.tests, key, field),
            "hypotheses" => named(&mut plan.hypotheses, &requested.hypotheses, key, field),
            "models" => model(&mut plan.models, promised, requested, change),
            "derived" => listed(&mut plan.derived, &requested.derived, |d| d.name == key),
            "exclusions" => exclusion(&mut plan, promised, requested, change),
            _ => {}
        }
    }
    plan
}

/// Where the order of exclusions decides who leaves, one that was added or moved stands where the request has it.
fn exclusion(plan: &mut Plan, promised: &Plan, requested: &Plan, change: &FieldChange) {
    let (key, moved) = (change.key(), change.field() == "after");
    if !moved {
        listed(&mut plan.exclusions, &requested.exclusions, |e| e.id == key);
    }
    if moved || change.is_added() {
        let position = |plan: &Plan, id: &str| plan.exclusions.iter().position(|e| e.id == id);
        plan.exclusions
            .sort_by_key(|e| position(requested, &e.id).or_else(|| position(promised, &e.id)));
    }
}

fn model(models: &mut BTreeMap<String, ModelPlan>, promised: &Plan, requested: &Plan, change: &FieldChange) {
    let key = change.key();
    let sides = promised.models.get(key).zip(requested.models.get(key));
    let (Some(part), Some((before, after))) = (&change.part, sides) else {
        return named(models, &requested.models, key, change.field());
    };
    if let Some(model) = models.get_mut(key) {
        model.formula = formulas::with(&model.formula, &before.formula, &after.formula, part);
    }
}

/// An entry, or a field of it, as the other side has it.
fn named<T: Clone + Serialize + DeserializeOwned>(
    own: &mut BTreeMap<String, T>,
    others: &BTreeMap<String, T>,
    key: &str,
    field: &str,
) {
    match (own.get(key), others.get(key)) {
        (Some(mine), Some(theirs)) if !field.is_empty() => {
            if let Some(entry) = patched(mine, theirs, field) {
                own.insert(key.to_owned(), entry);
            }
        }
        (_, Some(theirs)) => drop(own.insert(key.to_owned(), theirs.clone())),
        (_, None) => drop(own.remove(key)),
    }
}

fn listed<T: Clone>(own: &mut Vec<T>, others: &[T], is: impl Fn(&T) -> bool) {
    let theirs = others.iter().find(|entry| is(entry));
    match (own.iter().position(&is), theirs) {
        (Some(at), Some(theirs)) => {
            if let Some(mine) = own.get_mut(at) {
                *mine = theirs.clone();
            }
        }
        (None, Some(theirs)) => own.push(theirs.clone()),
        (Some(at), None) => drop(own.remove(at)),
        (None, None) => {}
    }
}

fn patched<T: Serialize + DeserializeOwned>(mine: &T, theirs: &T, field: &str) -> Option<T> {
    let (mut mine, theirs) = (
        serde_json::to_value(mine).ok()?,
        serde_json::to_value(theirs).ok()?,
    );
    let fields = mine.as_object_mut()?;
    match theirs.get(field) {
        Some(value) => drop(fields.insert(field.to_owned(), value.clone())),
        None => drop(fields.remove(field)),
    }
    serde_json::from_value::<T>(Value::take(&mut mine)).ok()
}
