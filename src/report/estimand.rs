//! What a test compares, in the labels of its levels: never in the names of columns.

use crate::plan::Wording;
use crate::record::{ContrastRecord, TestRecord};
use std::collections::BTreeMap;

/// The two sides of a contrast, and where it is taken.
pub(super) struct Sides {
    pub more: String,
    pub less: String,
    /// "Democracy against Not a democracy", of a contrast of contrasts.
    pub across: Vec<String>,
    pub by: Vec<String>,
}

pub(super) fn sides(contrast: &ContrastRecord, wording: &Wording) -> Sides {
    let (more, less) = pair(&contrast.of, &contrast.weights, wording);
    let across = contrast.across.iter().map(|(factor, weights)| {
        let (more, less) = pair(factor, weights, wording);
        format!("{more} against {less}")
    });
    let by = contrast.by.iter().map(|(variable, level)| {
        format!(
            "{}: {}",
            wording.variable(variable),
            wording.level(variable, level)
        )
    });
    Sides {
        more,
        less,
        across: across.collect(),
        by: by.collect(),
    }
}

fn pair(factor: &str, weights: &BTreeMap<String, f64>, wording: &Wording) -> (String, String) {
    (
        side(factor, weights, 1.0, wording),
        side(factor, weights, -1.0, wording),
    )
}

/// The levels of one sign: one by its label, several of equal weight as their average, others with their weights.
fn side(factor: &str, weights: &BTreeMap<String, f64>, sign: f64, wording: &Wording) -> String {
    let known = wording.levels.get(factor).map(Vec::as_slice).unwrap_or_default();
    let mut of_sign: Vec<(&str, f64)> = weights
        .iter()
        .filter(|(_, w)| **w * sign > 0.0)
        .map(|(level, w)| (level.as_str(), w.abs()))
        .collect();
    of_sign.sort_by_key(|(level, _)| known.iter().position(|(name, _)| name == level));
    let first = of_sign.first().map_or(0.0, |(_, w)| *w);
    let equal = of_sign.iter().all(|(_, w)| (w - first).abs() < 1e-12);
    match of_sign.as_slice() {
        [] => String::from("nothing"),
        [(level, _)] => wording.level(factor, level).to_owned(),
        many if equal && many.len() + 1 == known.len() => String::from("the average of all others"),
        many if equal => format!(
            "the average of {}",
            listed(many.iter().map(|(l, _)| wording.level(factor, l)))
        ),
        many => many
            .iter()
            .map(|(level, w)| format!("{} × {}", super::number::short(*w), wording.level(factor, level)))
            .collect::<Vec<_>>()
            .join(" + "),
    }
}

/// "a, b and c"
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = words.collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => (*last).to_owned(),
        None => String::new(),
    }
}

/// A test in words, for a figure: "Publicly denounces the ally − Keeps its current policy".
pub(super) fn detail(test: &TestRecord, wording: &Wording) -> String {
    let Some(contrast) = &test.contrast else {
        return test.estimand.clone();
    };
    let sides = sides(contrast, wording);
    let mut text = format!("{} against {}", sides.more, sides.less);
    if !sides.across.is_empty() {
        text.push_str(&format!("; {}", sides.across.join("; ")));
    }
    if !sides.by.is_empty() {
        text.push_str(&format!(" ({})", sides.by.join("; ")));
    }
    text
}
