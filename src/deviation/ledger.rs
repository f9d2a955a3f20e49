//! Every test in exactly one state, and every hypothesis by its registered rule.

use super::diff::FieldChange;
use super::effects::touched;
use super::words::{estimand_in, settings};
use crate::inference::{Decision, KnownFact, Outcomes};
use crate::plan::{Adjust, Alternative, Better, Plan, Quantity, Setting, Status, Wording};
use crate::record::{
    BoundsRecord, ContingencyRecord, ContrastRecord, FactRecord, HypothesisRecord, HypothesisVerdict,
    TestRecord, TestResult, TestState,
};

/// The tests of either plan, in the order of the registration.
pub fn tests(
    promised: &Plan,
    requested: &Plan,
    changes: &[FieldChange],
    wording: &Wording,
    as_registered: &Outcomes,
    as_requested: &Outcomes,
) -> Vec<TestRecord> {
    let ids = wording
        .tests
        .iter()
        .filter(|id| promised.tests.contains_key(*id) || requested.tests.contains_key(*id));
    ids.filter_map(|id| {
        let executed = as_requested.tests.get(id);
        let registered = as_registered.tests.get(id);
        let state = state(id, promised, requested, changes, executed, registered);
        let (plan, test) = match requested.tests.get(id) {
            Some(test) => (requested, test),
            None => (promised, promised.tests.get(id)?),
        };
        let twin = matches!(state, TestState::Deviated | TestState::NotRun)
            .then_some(registered)
            .flatten()
            .filter(|r| Some(*r) != executed);
        Some(TestRecord {
            id: id.clone(),
            hypothesis: plan
                .hypothesis_of(id)
                .or_else(|| promised.hypothesis_of(id))
                .map(str::to_owned),
            family: plan.family_of(id).map(|(family, _)| family.clone()),
            correction: correction(plan, id),
            state,
            confirmatory: promised.tests.contains_key(id),
            model: test.model.clone(),
            quantity: test.quantity.word().to_owned(),
            estimand: estimand_in(plan, test),
            contrast: contrast(&test.quantity),
            bounds: bounds(test.alternative),
            result: executed.cloned().unwrap_or_else(|| removed(registered)),
            as_registered: twin.cloned().map(Box::new),
        })
    })
    .collect()
}

/// Tests that the pipeline explores, beside the plan and outside every comparison.
pub fn explored(plan: &Plan, order: &[String], outcomes: &Outcomes) -> Vec<TestRecord> {
    let tests = order
        .iter()
        .filter_map(|id| Some((id, plan.tests.get(id)?, outcomes.tests.get(id)?)));
    tests
        .map(|(id, test, result)| TestRecord {
            id: id.clone(),
            hypothesis: None,
            family: plan.family_of(id).map(|(family, _)| family.clone()),
            correction: correction(plan, id),
            state: TestState::NotRegistered,
            confirmatory: false,
            model: test.model.clone(),
            quantity: test.quantity.word().to_owned(),
            estimand: estimand_in(plan, test),
            contrast: contrast(&test.quantity),
            bounds: bounds(test.alternative),
            result: result.clone(),
            as_registered: None,
        })
        .collect()
}

/// What a contrast compares, for people to read with the levels' own labels.
fn contrast(quantity: &Quantity) -> Option<ContrastRecord> {
    let Quantity::Contrast {
        of,
        weights,
        across,
        frame,
        ..
    } = quantity
    else {
        return None;
    };
    let mut by = frame.by.clone();
    by.extend(
        frame
            .at
            .iter()
            .map(|(name, setting)| (name.clone(), said(setting))),
    );
    Some(ContrastRecord {
        of: of.clone(),
        weights: weights.clone(),
        across: across.clone(),
        by,
    })
}

/// The margins of a test, as values of its estimate.
fn bounds(alternative: Alternative) -> Option<BoundsRecord> {
    let one = |value: f64, above: bool| BoundsRecord {
        low: above.then_some(value),
        high: (!above).then_some(value),
    };
    match alternative {
        Alternative::Equivalent { low, high } => Some(BoundsRecord {
            low: Some(low),
            high: Some(high),
        }),
        Alternative::NotInferior { margin, better } => Some(match better {
            Better::Higher => one(-margin, true),
            Better::Lower => one(margin, false),
        }),
        Alternative::Superior { margin, better } => Some(match better {
            Better::Higher => one(margin, true),
            Better::Lower => one(-margin, false),
        }),
        _ => None,
    }
}

fn said(setting: &Setting) -> String {
    match setting {
        Setting::Level(level) => level.clone(),
        Setting::Number(number) => number.to_string(),
    }
}

/// The correction of the test's family, if it has one.
fn correction(plan: &Plan, id: &str) -> Option<String> {
    let family = plan.family_of(id).map(|(_, family)| family)?;
    (family.adjust != Adjust::None).then(|| family.adjust.word().to_owned())
}

/// The registered contingencies as they came out, under the plan that has their branches in force.
pub fn contingencies(promised: &Plan, decisions: &[Decision]) -> Vec<ContingencyRecord> {
    let fact = |known: &KnownFact| FactRecord {
        fact: known.fact.clone(),
        value: known.value,
        note: known.note.clone(),
    };
    decisions
        .iter()
        .map(|decision| ContingencyRecord {
            condition: decision.contingency.condition.to_string(),
            holds: decision.holds,
            then: settings(promised, &decision.contingency),
            facts: decision.facts.iter().map(fact).collect(),
            tests: promised
                .tests
                .keys()
                .filter(|test| decision.contingency.bears_on(promised, test))
                .cloned()
                .collect(),
        })
        .collect()
}

fn state(
    id: &str,
    promised: &Plan,
    requested: &Plan,
    changes: &[FieldChange],
    executed: Option<&TestResult>,
    registered: Option<&TestResult>,
) -> TestState {
    if !promised.tests.contains_key(id) {
        return TestState::NotRegistered;
    }
    if executed.and_then(|r| r.p_value).is_none() {
        return TestState::NotRun;
    }
    let deviates = changes
        .iter()
        .any(|c| touched(c, promised, requested).iter().any(|t| t == id));
    if deviates || moved(executed, registered) {
        TestState::Deviated
    } else {
        TestState::AsRegistered
    }
}

/// Whether the registered plan gives other numbers, by more than the order of a model's columns can do.
fn moved(executed: Option<&TestResult>, registered: Option<&TestResult>) -> bool {
    let (Some(executed), Some(registered)) = (executed, registered) else {
        return false;
    };
    let apart = |a: Option<f64>, b: Option<f64>, unit: f64| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() > 1e-8 * a.abs().max(b.abs()).max(unit),
        (a, b) => a.is_some() != b.is_some(),
    };
    let size = |r: &TestResult| r.effect_size.as_ref().and_then(|e| e.estimate);
    let factor = |r: &TestResult| r.bayes_factor.as_ref().and_then(|b| b.log_bf10);
    // An estimate of nearly zero is as exact as its standard error is large.
    let unit = registered.std_error.unwrap_or(1.0);
    executed.n != registered.n
        || executed.rejects != registered.rejects
        || apart(executed.estimate, registered.estimate, unit)
        || apart(executed.std_error, registered.std_error, 0.0)
        || apart(executed.p_value, registered.p_value, 0.0)
        || apart(size(executed), size(registered), 1.0)
        || apart(factor(executed), factor(registered), 1.0)
        || apart(executed.p_adjusted, registered.p_adjusted, 0.0)
}

/// What is executed of a test that the request took out: nothing.
fn removed(registered: Option<&TestResult>) -> TestResult {
    let blank = TestResult {
        estimate: None,
        std_error: None,
        statistic: None,
        statistic_name: None,
        df: None,
        p_value: None,
        p_adjusted: None,
        conf_level: 0.95,
        conf_low: None,
        conf_high: None,
        n: None,
        dropped_missing: None,
        alternative: String::new(),
        null: 0.0,
        alpha: 0.0,
        rejects: None,
        vcov: String::new(),
        formula: String::new(),
        method: None,
        effect_size: None,
        bayes_factor: None,
        missing_information: None,
        interval: None,
        note: Some(String::from(
            "the plan as requested leaves this registered test out",
        )),
    };
    match registered {
        None => blank,
        Some(r) => TestResult {
            conf_level: r.conf_level,
            alternative: r.alternative.clone(),
            null: r.null,
            alpha: r.alpha,
            vcov: r.vcov.clone(),
            formula: r.formula.clone(),
            ..blank
        },
    }
}

/// The hypotheses of either plan. The verdict is the registered plan's: no departure can move it.
pub fn hypotheses(
    promised: &Plan,
    requested: &Plan,
    wording: &Wording,
    as_registered: &Outcomes,
    as_requested: &Outcomes,
) -> Vec<HypothesisRecord> {
    wording
        .hypotheses
        .iter()
        .filter_map(|id| {
            let registered = promised.hypotheses.get(id);
            let plan = registered.or_else(|| requested.hypotheses.get(id))?;
            let families = if registered.is_some() {
                &promised.families
            } else {
                &requested.families
            };
            let named = plan.corroborated_if.tests(families);
            let contradicting = plan
                .contradicted_if
                .as_ref()
                .map(|r| r.tests(families))
                .unwrap_or_default();
            let executed = as_requested.hypotheses.get(id);
            let (verdict, note) = match registered {
                Some(_) => as_registered.hypotheses.get(id).cloned()?,
                None => (
                    HypothesisVerdict::Inconclusive,
                    Some(String::from("this hypothesis was not registered")),
                ),
            };
            Some(HypothesisRecord {
                id: id.clone(),
                statement: plan.statement.clone(),
                status: match plan.status {
                    Status::Primary => String::from("primary"),
                    Status::Secondary => String::from("secondary"),
                },
                verdict,
                verdict_as_requested: executed.map(|(verdict, _)| *verdict),
                corroborated_if: plan.corroborated_if.to_string(),
                contradicted_if: plan.contradicted_if.as_ref().map(ToString::to_string),
                tests: wording
                    .tests
                    .iter()
                    .filter(|t| named.contains(*t) || contradicting.contains(*t))
                    .cloned()
                    .collect(),
                registered: registered.is_some(),
                note,
            })
        })
        .collect()
}
