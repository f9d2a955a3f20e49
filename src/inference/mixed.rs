//! What the record says of a mixed model's random part, and in words where its fit is singular.

use super::models::Fitted;
use crate::estimate::Reference;
use crate::estimate::mixed::{Components, Fit};
use crate::plan::ModelPlan;
use crate::record::{MixedRecord, RandomCorrelation, RandomEffect, RandomRecord};

/// The random part of a fit by a mixed model.
pub(super) fn of(fitted: &Fitted) -> Option<&Fit> {
    match &fitted.fit.reference {
        Reference::Satterthwaite(mixed) => Some(mixed),
        _ => None,
    }
}

pub(super) fn record(model: &ModelPlan, fitted: &Fitted) -> Option<MixedRecord> {
    let fit = of(fitted)?;
    let terms = model.formula.random.iter().zip(&fitted.design.random);
    let random = terms.zip(&fit.components).map(|((term, columns), components)| {
        let names = &columns.names;
        let effects = names.iter().zip(&components.sd);
        RandomRecord {
            term: term.to_string(),
            group: term.group.clone(),
            groups: columns.groups as u64,
            singular: components.singular,
            effects: effects
                .map(|(name, sd)| RandomEffect {
                    effect: name.clone(),
                    sd: *sd,
                })
                .collect(),
            correlations: correlations(names, components),
        }
    });
    Some(MixedRecord {
        likelihood: fit.likelihood.word().to_owned(),
        criterion: fit.criterion,
        singular: fit.singular,
        iterations: fit.convergence.iterations as u64,
        random: random.collect(),
    })
}

fn correlations(names: &[String], components: &Components) -> Vec<RandomCorrelation> {
    let mut all = Vec::new();
    for (i, (second, row)) in names.iter().zip(&components.correlation).enumerate() {
        for (first, correlation) in names.iter().zip(row).take(i) {
            all.push(RandomCorrelation {
                effects: [first.clone(), second.clone()],
                correlation: *correlation,
            });
        }
    }
    all
}

/// Why a fit is singular; nothing where it is not.
pub(super) fn singular(record: &MixedRecord) -> Option<String> {
    /// A correlation this near to ±1 is one.
    const PERFECT: f64 = 1e-4;
    let mut why = Vec::new();
    for term in record.random.iter().filter(|t| t.singular) {
        let before = why.len();
        let group = term.group.join(":");
        for effect in term.effects.iter().filter(|e| e.sd == 0.0) {
            why.push(format!(
                "the variance of {} by {group} is estimated as zero",
                effect.effect
            ));
        }
        for pair in &term.correlations {
            let [first, second] = &pair.effects;
            if let Some(r) = pair.correlation.filter(|r| r.abs() > 1.0 - PERFECT) {
                why.push(format!(
                    "the correlation of {first} and {second} by {group} is estimated as {}1",
                    if r > 0.0 { "+" } else { "−" }
                ));
            }
        }
        if why.len() == before {
            why.push(format!("the effects of {} depend on each other", term.term));
        }
    }
    (!why.is_empty()).then(|| format!("singular fit: {}", why.join("; ")))
}
