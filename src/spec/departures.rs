//! `analysis:` of the pipeline: departures in the registration's own shape.
//!
//! A mapping merges, a list or a value replaces, null removes.

use super::yaml::{Node, Yaml};

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
