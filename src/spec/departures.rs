//! `analysis:` of the pipeline: departures in the registration's own shape.
//!
//! A mapping merges, a list or a value replaces, null removes.

use super::Located;
use super::fields::{Findings, entries};
use super::yaml::{Node, Yaml};
use crate::diagnostic::Place;
use std::collections::BTreeMap;

/// The registration as the pipeline requests it. Every value keeps the place of the file it came from.
pub fn apply(registration: &Node, departures: &Node) -> Node {
    let (Yaml::Map(base), Yaml::Map(changes)) = (&registration.value, &departures.value) else {
        return departures.clone();
    };
    let mut merged = base.clone();
    for (key, change) in changes {
        let position = merged.iter().position(|(k, _)| k.value == key.value);
        match (position, &change.value) {
            (Some(position), Yaml::Null) => {
                merged.remove(position);
            }
            (None, Yaml::Null) => {}
            (Some(position), _) => {
                if let Some((_, value)) = merged.get_mut(position) {
                    *value = apply(value, change);
                }
            }
            (None, _) => merged.push((key.clone(), change.clone())),
        }
    }
    Node {
        value: Yaml::Map(merged),
        at: registration.at.clone(),
    }
}

/// Keys of a model that belong to some words of another of its fields.
const BELONGING: [(&str, &str, &[&str]); 5] = [
    ("form", "estimator", &["ipw"]),
    ("items", "estimator", &["list_experiment"]),
    ("likelihood", "estimator", &["mixed"]),
    ("blocks", "estimator", &["difference_in_means"]),
    ("bootstrap", "vcov", &["bootstrap"]),
];

/// Takes out of a merged model what belonged to the estimator or the variance that it departs from, so that the
/// departure can be shown for what it is; what the departure itself writes stays.
pub fn without_leftovers(merged: Node, departures: &Node) -> Node {
    let Yaml::Map(mut sections) = merged.value else {
        return merged;
    };
    for (name, change) in children(child(departures, "models")) {
        let model = sections
            .iter_mut()
            .find(|(section, _)| section.value == "models")
            .and_then(|(_, models)| match &mut models.value {
                Yaml::Map(models) => models.iter_mut().find(|(id, _)| id.value == name.value),
                _ => None,
            });
        let Some((
            _,
            Node {
                value: Yaml::Map(fields),
                ..
            },
        )) = model
        else {
            continue;
        };
        for (key, field, words) in BELONGING {
            let Some(Node {
                value: Yaml::Text(word),
                ..
            }) = child(change, field)
            else {
                continue;
            };
            if child(change, key).is_none() && !words.contains(&word.as_str()) {
                fields.retain(|(k, _)| k.value != key);
            }
        }
    }
    Node {
        value: Yaml::Map(sections),
        at: merged.at,
    }
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let found = children(Some(node)).iter().find(|(k, _)| k.value == key);
    found.map(|(_, value)| value)
}

fn children(node: Option<&Node>) -> &[(Located<String>, Node)] {
    match node.map(|n| &n.value) {
        Some(Yaml::Map(entries)) => entries,
        _ => &[],
    }
}

/// The departures without what they take out of these sections, and what that is.
///
/// A test that is left out is still named by families and decision rules. They keep their meaning (it was not run),
/// so that the departure can be shown for what it is.
pub fn split(departures: &Node, sections: &[&str]) -> (Node, Vec<(String, Located<String>)>) {
    let mut rest = departures.clone();
    let mut removed = Vec::new();
    let Yaml::Map(entries) = &mut rest.value else {
        return (rest, removed);
    };
    for (section, node) in entries
        .iter_mut()
        .filter(|(s, _)| sections.contains(&s.value.as_str()))
    {
        if let Yaml::Map(items) = &mut node.value {
            items.retain(|(key, value)| {
                let stays = value.value != Yaml::Null;
                if !stays {
                    removed.push((section.value.clone(), key.clone()));
                }
                stays
            });
        }
    }
    (rest, removed)
}

/// Says which keys stand twice, at any depth: merged, the last would win in silence. Nothing if it is no mapping at all.
pub fn read<'n>(departures: &'n Node, what: &str, found: &'n Findings) -> Option<&'n Node> {
    let pairs = entries(departures, what, found);
    for (key, value) in pairs {
        if matches!(value.value, Yaml::Map(_)) {
            read(value, &format!("{what}.{}", key.value), found);
        }
    }
    matches!(departures.value, Yaml::Map(_)).then_some(departures)
}

/// Where each departure stands, by its dotted path.
pub fn places(departures: &Node) -> BTreeMap<String, Place> {
    let mut found = BTreeMap::new();
    walk(departures, "", &mut found);
    found
}

fn walk(node: &Node, path: &str, found: &mut BTreeMap<String, Place>) {
    let Yaml::Map(entries) = &node.value else { return };
    for (key, value) in entries {
        let path = if path.is_empty() {
            key.value.clone()
        } else {
            format!("{path}.{}", key.value)
        };
        found.insert(path.clone(), key.at.clone());
        walk(value, &path, found);
    }
}
