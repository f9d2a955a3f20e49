//! `derived:`: scale scores, conditions, values and the like, each over what stands before it.

use super::codebook::{Columns, arithmetic, condition};
use super::{Lowering, rake};
use crate::diagnostic::codes;
use crate::plan::{Derivation, DerivedPlan, Over, Plan, Role, VariablePlan};
use crate::spec::Located;
use crate::spec::derived::{DerivedRule, DerivedSpec, OverSpec};
use crate::spec::registration::{Named, Registration};
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
    match spec.rule.as_ref()? {
        DerivedRule::When(text) => {
            condition(text, &format!("{path}.when"), columns, low).map(Derivation::When)
        }
        DerivedRule::Value(text) => {
            arithmetic(text, &format!("{path}.value"), columns, low).map(Derivation::Value)
        }
        DerivedRule::MeanOf(items) => {
            score(path, spec, items, columns, low).map(|(items, reverse, at_least)| Derivation::MeanOf {
                items,
                reverse,
                at_least,
            })
        }
        DerivedRule::SumOf(items) => {
            score(path, spec, items, columns, low).map(|(items, reverse, at_least)| Derivation::SumOf {
                items,
                reverse,
                at_least,
            })
        }
        DerivedRule::Cut { of, at } => cut(path, of, at, columns, low),
        DerivedRule::Recode { of, to } => recode(path, of, to, columns, low),
        DerivedRule::Standardise { of, over } => standardise(path, of, over.as_ref()?, columns, low),
        DerivedRule::Days { from, to } => {
            let times = is_time(path, from, columns, low) & is_time(path, to, columns, low);
            times.then(|| Derivation::Days {
                from: from.value.clone(),
                to: to.value.clone(),
            })
        }
        DerivedRule::Lag { of, order } => lag(path, of, order.as_ref()?, columns, low),
        DerivedRule::Rake { to, trim } => rake::rake(path, spec, to, trim, columns, low),
        DerivedRule::Contains { of, any_of } => contains(path, of, any_of, columns, low),
    }
}

type Score = (Vec<String>, Vec<String>, u64);

fn score(
    path: &str,
    spec: &DerivedSpec,
    items: &[Located<String>],
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Score> {
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
    let at_least = at_least(path, spec, items.len() as u64, low);
    let names = |of: &[Located<String>]| of.iter().map(|i| i.value.clone()).collect();
    known.then(|| (names(items), names(&spec.reverse), at_least))
}

fn at_least(path: &str, spec: &DerivedSpec, items: u64, low: &mut Lowering<'_>) -> u64 {
    match &spec.at_least {
        Some(count) if count.value == 0 || count.value > items => {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &count.at,
                format!("{path}.at_least: {} of {items} items", count.value),
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
            items
        }
    }
}

fn cut(
    path: &str,
    of: &Located<String>,
    at: &[Located<f64>],
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    let known = columns.require_number(&of.value, &of.at, path, low);
    let points: Vec<f64> = at.iter().map(|p| p.value).collect();
    if points.is_empty() || !points.is_sorted_by(|a, b| a < b) {
        let place = at.first().map_or(&of.at, |p| &p.at);
        low.found.error(
            codes::OUT_OF_DOMAIN,
            place,
            format!("{path}.at: the points do not ascend"),
            "list them from the lowest: [18, 30, 65]",
        );
        return None;
    }
    known.then(|| Derivation::Cut {
        of: of.value.clone(),
        at: points,
    })
}

/// Every level has its number: what is not named would be dropped in silence.
fn recode(
    path: &str,
    of: &Located<String>,
    to: &Named<Located<f64>>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    if !columns.require(&of.value, &of.at, path, low) {
        return None;
    }
    let mut numbers = BTreeMap::new();
    for (level, number) in to {
        let level = columns.level(&of.value, &level.value, &level.at, path, low)?;
        numbers.insert(level, number.value);
    }
    let levels = columns.variable(&of.value).map(|v| v.levels.names.as_slice());
    let left: Vec<&str> = levels
        .unwrap_or_default()
        .iter()
        .filter(|l| !numbers.contains_key(*l))
        .map(String::as_str)
        .collect();
    if levels.is_none() || !left.is_empty() {
        low.found.error(
            codes::MISSING_KEY,
            &of.at,
            format!("{path}.to: no number for {}", left.join(", ")),
            "give every level of the factor a number",
        );
        return None;
    }
    Some(Derivation::Recode {
        of: of.value.clone(),
        to: numbers,
    })
}

fn standardise(
    path: &str,
    of: &Located<String>,
    over: &OverSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    let known = columns.require_number(&of.value, &of.at, path, low);
    let over = match over {
        OverSpec::Word(word) => {
            let words = [("collected", Over::Collected), ("kept", Over::Kept)];
            let named = words.iter().position(|(w, _)| *w == word.value);
            match named.and_then(|at| words.into_iter().nth(at)) {
                Some((_, over)) => over,
                None => {
                    low.unknown(
                        codes::UNKNOWN_WORD,
                        &word.value,
                        &word.at,
                        format!("{path}.over: `{}` is none of its words", word.value),
                        ["collected", "kept"],
                    );
                    return None;
                }
            }
        }
        OverSpec::Level(factor, level) => {
            if !columns.require(&factor.value, &factor.at, path, low) {
                return None;
            }
            Over::Level {
                level: columns.level(&factor.value, &level.value, &level.at, path, low)?,
                factor: factor.value.clone(),
            }
        }
    };
    known.then(|| Derivation::Standardise {
        of: of.value.clone(),
        over,
    })
}

fn is_time(path: &str, name: &Located<String>, columns: &Columns<'_>, low: &mut Lowering<'_>) -> bool {
    if !columns.require(&name.value, &name.at, path, low) {
        return false;
    }
    let time = columns
        .variable(&name.value)
        .is_some_and(|v| v.role == Role::Time);
    if !time {
        low.found.error(
            codes::WRONG_TYPE,
            &name.at,
            format!("{path}: `{}` is no time", name.value),
            "name a variable whose role is `time`",
        );
    }
    time
}

fn lag(
    path: &str,
    of: &Located<String>,
    order: &Located<String>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    let known = columns.require_number(&of.value, &of.at, path, low);
    let ordered = match columns.variable(&order.value) {
        Some(variable) if variable.role == Role::Time => true,
        _ => columns.require_number(&order.value, &order.at, path, low),
    };
    if !columns.has_unit() {
        low.found.error(
            codes::MISSING_KEY,
            &of.at,
            format!("{path}: a lag is within a unit, and `design.unit` names none"),
            "write `design: {unit: …}`: the column that identifies a unit",
        );
        return None;
    }
    (known && ordered).then(|| Derivation::Lag {
        of: of.value.clone(),
        order: order.value.clone(),
    })
}

fn contains(
    path: &str,
    of: &Located<String>,
    any_of: &[Located<String>],
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    if !columns.require(&of.value, &of.at, path, low) {
        return None;
    }
    let text = columns.variable(&of.value).is_some_and(|v| v.role == Role::Text);
    if !text || any_of.is_empty() || any_of.iter().any(|t| t.value.trim().is_empty()) {
        low.found.error(
            codes::WRONG_TYPE,
            &of.at,
            format!("{path}: texts are looked for in a variable whose role is `text`"),
            "write any_of: [word, other word], and `role: text` in the codebook",
        );
        return None;
    }
    let mut texts: Vec<String> = any_of.iter().map(|t| t.value.to_lowercase()).collect();
    texts.sort();
    texts.dedup();
    Some(Derivation::Contains {
        of: of.value.clone(),
        any_of: texts,
    })
}

/// What is standardised over the kept rows is known only after the exclusions, and so none of them may use it.
pub(super) fn kept_after_exclusions(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let late = plan.derived_late();
    for exclusion in &plan.exclusions {
        let columns = exclusion.rule.columns();
        let Some(used) = columns.iter().find(|c| late.contains(&c.as_str())) else {
            continue;
        };
        let place = low.places.get(&format!("exclusions.{}", exclusion.id));
        low.found.error(
            codes::CYCLIC_DERIVATION,
            place.unwrap_or(&written.at),
            format!(
                "the exclusion `{}` needs `{used}`, which is computed over the rows that it leaves",
                exclusion.id
            ),
            "write `over: collected` there, or exclude by another variable",
        );
    }
}
