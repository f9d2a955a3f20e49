//! The words for people: labels, titles and the order things were written in.

use crate::plan::{Registry, Wording};
use crate::spec::Located;
use crate::spec::registration::{Named, Registration};

pub(super) fn wording(written: &Registration) -> Wording {
    let text = |t: &Option<Located<String>>| t.as_ref().map(|t| t.value.trim().to_owned());
    let study = &written.study;
    Wording {
        title: text(&study.title).or_else(|| text(&study.id)).unwrap_or_default(),
        note: text(&study.note),
        authors: study.authors.clone(),
        registry: text(&study.registry_name).map(|name| Registry {
            name,
            url: text(&study.registry_url),
            registered: text(&study.registered),
        }),
        labels: written
            .variables
            .iter()
            .filter_map(|(name, v)| Some((name.value.clone(), text(&v.label)?)))
            .collect(),
        levels: written
            .variables
            .iter()
            .filter(|(_, v)| !v.levels.is_empty())
            .map(|(name, v)| {
                let pairs = v
                    .levels
                    .iter()
                    .map(|(l, label)| (l.value.clone(), label.value.clone()));
                (name.value.clone(), pairs.collect())
            })
            .collect(),
        reasons: written
            .exclusions
            .iter()
            .filter_map(|e| Some((text(&e.id)?, text(&e.reason)?)))
            .collect(),
        tests: names(&written.tests),
        hypotheses: names(&written.hypotheses),
        exploratory: written.exploratory.clone(),
    }
}

fn names<T>(named: &Named<T>) -> Vec<String> {
    named.iter().map(|(name, _)| name.value.clone()).collect()
}
