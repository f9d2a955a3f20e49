//! Which coefficient a row's label names.

use crate::plan::Wording;
use crate::record::{Coefficient, ModelRecord};

/// The one coefficient that a label names: by the term's own name in any program's spelling, by its level's name, or by its
/// registered label.
pub(super) fn named<'r>(label: &str, model: &'r ModelRecord, wording: &Wording) -> Option<&'r Coefficient> {
    let wanted = plain(label);
    let spelt = |spelling: &dyn Fn(&str) -> Option<String>| {
        let hits = model
            .coefficients
            .iter()
            .filter(|c| spelling(&c.term).as_ref() == Some(&wanted));
        let hits: Vec<&Coefficient> = hits.collect();
        match hits.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    };
    if matches!(wanted.as_str(), "constant" | "intercept" | "cons" | "const") {
        return model.coefficients.iter().find(|c| c.term == "(Intercept)");
    }
    spelt(&|term| Some(plain(term)))
        .or_else(|| spelt(&|term| Some(plain(&spoken(term, wording)))))
        .or_else(|| spelt(&|term| level(term).map(|(_, level)| plain(level))))
        .or_else(|| {
            spelt(&|term| {
                let (factor, level) = level(term)?;
                Some(plain(wording.level(factor, level)))
            })
        })
}

/// Letters and digits alone, small: `arm[letter]`, `armletter` and `arm: letter` are one.
fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Factor and level of a term that is no interaction.
fn level(term: &str) -> Option<(&str, &str)> {
    let (factor, rest) = term.split_once('[')?;
    let level = rest.strip_suffix(']')?;
    (!level.contains(['[', ':'])).then_some((factor, level))
}

/// A term with the registered labels of its variables and levels.
fn spoken(term: &str, wording: &Wording) -> String {
    let parts = term.split(':').map(|part| match level(part) {
        Some((factor, level)) => format!("{} {}", wording.variable(factor), wording.level(factor, level)),
        None => wording.variable(part).to_owned(),
    });
    parts.collect::<Vec<_>>().join(" ")
}
