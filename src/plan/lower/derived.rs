//! `derived:`: scale scores and conditions, each over what stands before it.

use super::Lowering;
use super::codebook::{Columns, condition};
use crate::diagnostic::codes;
use crate::plan::{Derivation, DerivedPlan, VariablePlan};
use crate::spec::codebook::{DerivedRule, DerivedSpec};
use crate::spec::registration::Registration;
use std::collections::BTreeMap;

pub(super) fn derived(
    written: &Registration,
    variables: &BTreeMap<String, VariablePlan>,
    low: &mut Lowering<'_>,
) -> Vec<DerivedPlan> {
    let mut all: Vec<DerivedPlan> = Vec::new();
    for (name, spec) in &written.derived {
        let path = format!("derived.{}", name.value);
        low.place(&path, &name.at);
        if variables.contains_key(&name.value) {
            low.found.error(
                codes::DUPLICATE_KEY,
                &name.at,
                format!("`{}` is a variable and a derived variable", name.value),
                "give the derived one another name",
            );
        }
        let columns = Columns::new(variables, &all, written);
        if let Some(rule) = derivation(&path, spec, &columns, low) {
            all.push(DerivedPlan {
                name: name.value.clone(),
                rule,
            });
        }
    }
    all
}

fn derivation(
    path: &str,
    spec: &DerivedSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    let (items, is_mean) = match spec.rule.as_ref()? {
        DerivedRule::When(text) => {
            return condition(text, &format!("{path}.when"), columns, low).map(Derivation::When);
        }
        DerivedRule::MeanOf(items) => (items, true),
        DerivedRule::SumOf(items) => (items, false),
    };
    if items.is_empty() {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path} has no items"),
            "list its items",
        );
        return None;
    }
    let mut known = true;
    for item in items {
        known &= columns.require_number(&item.value, &item.at, path, low);
    }
    for item in &spec.reverse {
        if !items.iter().any(|i| i.value == item.value) {
            let message = format!("{path}: `{}` is reversed but is no item", item.value);
            let names: Vec<&str> = items.iter().map(|i| i.value.as_str()).collect();
            low.unknown(codes::UNKNOWN_VARIABLE, &item.value, &item.at, message, names);
        } else if !columns.has_both_ends(&item.value) {
            low.found.error(
                codes::MISSING_KEY,
                &item.at,
                format!("{path}: `{}` cannot be reversed without a scale", item.value),
                "give the item a `scale: {min: …, max: …}`",
            );
        }
    }
    let at_least = match &spec.at_least {
        Some(count) if count.value == 0 || count.value > items.len() as u64 => {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &count.at,
                format!("{path}.at_least: {} of {} items", count.value, items.len()),
                "write a number from 1 to the number of items",
            );
            count.value
        }
        Some(count) => count.value,
        None => {
            low.convention(
                &spec.at,
                format!("{path} is missing unless all its items are present"),
                "write `at_least:` beside it",
            );
            items.len() as u64
        }
    };
    let items: Vec<String> = items.iter().map(|i| i.value.clone()).collect();
    let reverse: Vec<String> = spec.reverse.iter().map(|i| i.value.clone()).collect();
    known.then_some(if is_mean {
        Derivation::MeanOf {
            items,
            reverse,
            at_least,
        }
    } else {
        Derivation::SumOf {
            items,
            reverse,
            at_least,
        }
    })
}
