//! `families:` and `hypotheses:`, and whether every rule can come out both ways.

use super::Lowering;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::decision::{self, Known};
use crate::plan::{Adjust, ContingencyPlan, FamilyPlan, Gate, GateRule, HypothesisPlan, Plan, Rule, Status};
use crate::spec::Located;
use crate::spec::hypothesis::FamilySpec;
use crate::spec::registration::Registration;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn families(written: &Registration, low: &mut Lowering<'_>) -> BTreeMap<String, FamilyPlan> {
    let known: BTreeSet<&str> = written.tests.iter().map(|(t, _)| t.value.as_str()).collect();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (name, spec) in &written.families {
        let path = format!("families.{}", name.value);
        low.place(&path, &name.at);
        if known.contains(name.value.as_str()) {
            low.found.error(
                codes::DUPLICATE_KEY,
                &name.at,
                format!("`{}` is both a test and a family", name.value),
                "rename the family",
            );
        }
        let mut tests: Vec<String> = Vec::new();
        for test in &spec.tests {
            low.place(format!("{path}.tests"), &test.at);
            if !known.contains(test.value.as_str()) {
                let message = format!("{path}: there is no test `{}`", test.value);
                low.unknown(
                    codes::UNKNOWN_TEST,
                    &test.value,
                    &test.at,
                    message,
                    known.iter().copied(),
                );
                continue;
            }
            if let Some(other) = taken.insert(&test.value, &name.value) {
                low.found.error(
                    codes::TEST_IN_TWO_FAMILIES,
                    &test.at,
                    format!(
                        "test `{}` is in the families `{other}` and `{}`",
                        test.value, name.value
                    ),
                    "let each test be corrected once",
                );
            }
            tests.push(test.value.clone());
        }
        let adjust = low.word(&format!("{path}.adjust"), &spec.adjust, &Adjust::ALL, &[]);
        if adjust != Some(Adjust::FixedSequence) {
            tests.sort();
        }
        let family = FamilyPlan {
            tests,
            adjust: adjust.unwrap_or(Adjust::None),
            gate: gate(&path, spec, low),
            draws: draws(&path, spec, adjust, low),
        };
        all.insert(name.value.clone(), family);
    }
    gates(written, &all, low);
    all
}

/// How often a resampling correction draws: needed there, and meaningless elsewhere.
fn draws(path: &str, spec: &FamilySpec, adjust: Option<Adjust>, low: &mut Lowering<'_>) -> Option<u64> {
    let resamples = adjust.is_some_and(Adjust::resamples);
    let (code, message, help) = match &spec.draws {
        Some(draws) if resamples && (100..=10_000_000).contains(&draws.value) => {
            return low.keep(format!("{path}.draws"), &spec.draws);
        }
        Some(_) if resamples => (
            codes::OUT_OF_DOMAIN,
            "too few or too many draws",
            "100 to 10,000,000",
        ),
        Some(_) => (
            codes::UNKNOWN_KEY,
            "this correction draws nothing",
            "remove `draws`",
        ),
        None if resamples => (
            codes::MISSING_KEY,
            "a correction that resamples needs `draws`",
            "such as 10000",
        ),
        None => return None,
    };
    let at = spec.draws.as_ref().map_or(&spec.at, |d| &d.at);
    low.found.error(code, at, format!("{path}: {message}"), help);
    None
}

fn gate(path: &str, spec: &FamilySpec, low: &mut Lowering<'_>) -> Option<Gate> {
    let written = spec.gate.as_ref()?;
    let path = format!("{path}.gate");
    let family = low.keep(&path, &written.family)?;
    let family_at = written.family.as_ref().map_or(&spec.at, |f| &f.at).clone();
    let open_if = low.word(&format!("{path}.open_if"), &written.open_if, &GateRule::ALL, &[])?;
    if open_if == GateRule::Any {
        low.convention(
            &family_at,
            format!(
                "{path} opens at the first rejection in {family}: each family is held at its alpha, the two together are not"
            ),
            "write `open_if: all`, which holds both together, or correct all of their tests as one family",
        );
    }
    Some(Gate { family, open_if })
}

/// Every gate is another family, and no family waits for itself.
fn gates(written: &Registration, all: &BTreeMap<String, FamilyPlan>, low: &Lowering<'_>) {
    for (name, spec) in &written.families {
        let Some(at) = spec.gate.as_ref().and_then(|g| g.family.as_ref()) else {
            continue;
        };
        if !all.contains_key(&at.value) {
            let message = format!("families.{}: there is no family `{}`", name.value, at.value);
            low.unknown(
                codes::UNKNOWN_TEST,
                &at.value,
                &at.at,
                message,
                all.keys().map(String::as_str),
            );
            continue;
        }
        let mut seen = BTreeSet::from([name.value.as_str()]);
        let mut next = Some(at.value.as_str());
        while let Some(family) = next {
            if !seen.insert(family) {
                low.found.error(
                    codes::CYCLIC_DERIVATION,
                    &at.at,
                    format!("families.{} waits for itself", name.value),
                    "gates go one way: let the first family have none",
                );
                break;
            }
            next = all
                .get(family)
                .and_then(|f| f.gate.as_ref())
                .map(|g| g.family.as_str());
        }
    }
}

pub(super) fn hypotheses(
    written: &Registration,
    families: &BTreeMap<String, FamilyPlan>,
    low: &mut Lowering<'_>,
) -> BTreeMap<String, HypothesisPlan> {
    let mut all = BTreeMap::new();
    for (name, spec) in &written.hypotheses {
        let path = format!("hypotheses.{}", name.value);
        low.place(&path, &name.at);
        let statement = low
            .keep(format!("{path}.statement"), &spec.statement)
            .unwrap_or_default();
        let words = [("primary", Status::Primary), ("secondary", Status::Secondary)];
        let status = low.word(&format!("{path}.status"), &spec.status, &words, &[]);
        let corroborated = rule(
            &spec.corroborated_if,
            &format!("{path}.corroborated_if"),
            written,
            families,
            low,
        );
        let contradicted = rule(
            &spec.contradicted_if,
            &format!("{path}.contradicted_if"),
            written,
            families,
            low,
        );
        if let (Some(yes), Some(no), Some(at)) = (&corroborated, &contradicted, &spec.contradicted_if)
            && decision::both_can_hold(yes, no, families)
        {
            low.found.error(
                codes::UNREACHABLE_RULE,
                &at.at,
                format!("{path} can be corroborated and contradicted at once"),
                "write the two rules so that no outcome of the tests makes both true, e.g. `not (…)`",
            );
        }
        if let Some(corroborated_if) = corroborated {
            let plan = HypothesisPlan {
                statement: statement.trim().to_owned(),
                status: status.unwrap_or(Status::Primary),
                corroborated_if,
                contradicted_if: contradicted,
            };
            all.insert(name.value.clone(), plan);
        }
    }
    all
}

fn rule(
    text: &Option<Located<String>>,
    path: &str,
    written: &Registration,
    families: &BTreeMap<String, FamilyPlan>,
    low: &mut Lowering<'_>,
) -> Option<Rule> {
    let text = text.as_ref()?;
    low.place(path, &text.at);
    let tests: BTreeSet<&str> = written.tests.iter().map(|(t, _)| t.value.as_str()).collect();
    let known = Known {
        is_test: &|name| tests.contains(name),
        is_family: &|name| families.contains_key(name),
    };
    let (rule, unknown) = match decision::parse(&text.value, &known) {
        Ok(read) => read,
        Err(error) => {
            low.found.error(
                codes::BAD_DECISION_RULE,
                &error.place(text),
                format!("{path}: {}", error.message),
                "rules combine test ids with and, or, not, all(), any(), at_least(k, …)",
            );
            return None;
        }
    };
    let unresolved = !unknown.is_empty();
    for name in unknown {
        let message = format!("{path}: there is no test or family `{}`", name.name);
        let at = crate::plan::text::Unreadable::new("", name.offset).place(text);
        let all = tests.iter().copied().chain(families.keys().map(String::as_str));
        low.unknown(
            codes::UNKNOWN_TEST,
            &name.name,
            &at,
            message,
            all.collect::<Vec<_>>(),
        );
    }
    if unresolved {
        return None;
    }
    let way = match decision::outcomes(&rule, families) {
        (true, true) => return Some(rule),
        (true, false) => "is true",
        _ => "is false",
    };
    low.found.error(
        codes::UNREACHABLE_RULE,
        &text.at,
        format!("{path}: `{rule}` {way} whatever the tests say"),
        "a rule must be able to come out both ways, or no data can speak to the hypothesis",
    );
    None
}

/// Tests outside every rule and models without a test are promises that nothing judges.
pub(super) fn unused(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let idle: Vec<&Located<String>> = written
        .tests
        .iter()
        .map(|(name, _)| name)
        .filter(|name| plan.tests.contains_key(&name.value) && plan.hypothesis_of(&name.value).is_none())
        .collect();
    if let Some(first) = idle.first() {
        let names: Vec<&str> = idle.iter().map(|n| n.value.as_str()).collect();
        let message = format!(
            "no hypothesis uses {} of the tests: {}",
            idle.len(),
            names.join(", ")
        );
        low.found.add(
            Diagnostic::warning(codes::UNUSED, message)
                .at(first.at.clone())
                .help(
                    "name them in a `corroborated_if`, or leave them as registered tests that decide nothing",
                ),
        );
    }
    for (name, _) in &written.models {
        let in_branch =
            |c: &ContingencyPlan| c.then.iter().any(|a| a.field == "model" && a.value == name.value);
        let used =
            plan.tests.values().any(|t| t.model == name.value) || plan.contingencies.iter().any(in_branch);
        if plan.models.contains_key(&name.value) && !used {
            low.found.add(
                Diagnostic::warning(codes::UNUSED, format!("no test uses the model `{}`", name.value))
                    .at(name.at.clone())
                    .help("give it a test, or remove it"),
            );
        }
    }
}
