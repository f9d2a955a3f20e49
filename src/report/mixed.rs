//! A mixed model's random part: how effects vary over their groups.

use super::number;
use crate::record::{MixedRecord, ModelRecord, RandomRecord};

/// Groups, effect, standard deviation, correlations with the effects before it.
pub(super) type Row = [String; 4];

pub(super) fn rows(model: &ModelRecord) -> Vec<Row> {
    let Some(mixed) = &model.mixed else {
        return Vec::new();
    };
    let mut rows: Vec<Row> = mixed.random.iter().flat_map(of_term).collect();
    if let Some(sigma) = model.sigma {
        rows.push([
            String::from("residual"),
            String::new(),
            number::estimate(sigma),
            String::new(),
        ]);
    }
    rows
}

fn of_term(term: &RandomRecord) -> impl Iterator<Item = Row> {
    let groups = format!("{} ({} groups)", term.group.join(":"), number::count(term.groups));
    term.effects.iter().map(move |effect| {
        let before = term
            .correlations
            .iter()
            .filter(|pair| pair.effects[1] == effect.effect)
            .map(|pair| {
                let r = pair.correlation.map(number::estimate);
                format!(
                    "{} with {}",
                    r.unwrap_or_else(|| String::from("none")),
                    pair.effects[0]
                )
            });
        [
            groups.clone(),
            effect.effect.clone(),
            number::estimate(effect.sd),
            before.collect::<Vec<_>>().join(", "),
        ]
    })
}

/// The likelihood and the criterion, as lme4 names them.
pub(super) fn about(mixed: &MixedRecord) -> String {
    let criterion = number::estimate(mixed.criterion);
    match mixed.likelihood.as_str() {
        "reml" => format!("by REML, REML criterion = {criterion}"),
        _ => format!("by maximum likelihood, deviance = {criterion}"),
    }
}
