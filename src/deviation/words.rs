//! Fields of a plan as an author would write them.

use super::effects::contingency;
use super::order;
use crate::plan::contingency::Assignment;
use crate::plan::{
    Alternative, Average, Better, BootstrapKind, ContingencyPlan, Decide, Derivation, Estimator, Frame,
    GateRule, Intervals, JointStatistic, Over, Plan, PlannedTest, PredictionScale, Quantity, Scale, Setting,
    Term, Weighing, contrast, restriction,
};
use crate::record::SettingRecord;
use serde_json::Value;
use std::collections::BTreeMap;

/// A field's value in words; nothing where the plan does not have it.
pub(super) fn words(plan: &Plan, value: &Value, path: &[String]) -> Option<String> {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["models", id, rest @ ..] => model(plan, id, rest),
        ["tests", id, "quantity"] => plan.tests.get(*id).map(|t| estimand(&t.quantity)),
        ["tests", id, "alternative"] => plan.tests.get(*id).map(|t| alternative(t.alternative)),
        ["tests", id, "bayes_factor"] => plan.tests.get(*id)?.bayes_factor.map(|p| p.to_string()),
        ["tests", id, "decide"] => plan.tests.get(*id).map(|t| decided_by(t.decide)),
        ["tests", id] => plan
            .tests
            .get(*id)
            .map(|t| format!("{} in model {}", estimand(&t.quantity), t.model)),
        ["exclusions", id, "after"] => Some(order::before(plan, id)),
        ["exclusions", id, ..] => plan
            .exclusions
            .iter()
            .find(|e| e.id == *id)
            .map(|e| e.rule.to_string()),
        ["derived", name, ..] => plan
            .derived
            .iter()
            .find(|d| d.name == *name)
            .map(|d| derivation(&d.rule)),
        ["variables", name, "scale"] => plan.variables.get(*name)?.scale.map(scale),
        ["variables", name, "levels"] => {
            let levels = &plan.variables.get(*name)?.levels;
            let names = levels.names.join(if levels.ordered { " < " } else { ", " });
            (!levels.is_empty()).then_some(names)
        }
        ["variables", name, "probability"] => {
            let probability = plan.variables.get(*name)?.probability.as_ref();
            probability.map(crate::plan::Probability::words)
        }
        ["variables", name] => plan.variables.get(*name).map(|v| v.role.word().to_owned()),
        ["hypotheses", id, rest @ ..] => hypothesis(plan, id, rest, value, path),
        ["families", id, "tests"] => plan.families.get(*id).map(|f| f.tests.join(", ")),
        ["families", id, "gate"] => {
            let gate = plan.families.get(*id)?.gate.as_ref()?;
            let all = if gate.open_if == GateRule::All {
                "all"
            } else {
                "any"
            };
            Some(format!("after {all} of {}", gate.family))
        }
        ["families", id] => plan
            .families
            .get(*id)
            .map(|f| format!("{} over {}", f.adjust.word(), f.tests.join(", "))),
        ["contingencies", of, rest @ ..] => {
            let contingency = contingency(plan, of)?;
            let then = || {
                settings(plan, contingency)
                    .iter()
                    .map(|s| format!("{}: {}", s.path, s.value))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            Some(match rest {
                ["if"] => contingency.condition.to_string(),
                ["then"] => then(),
                ["after"] => plain(value, path)?,
                _ => format!("if {} then {}", contingency.condition, then()),
            })
        }
        ["design", "collected"] => plan
            .design
            .collected
            .as_ref()
            .map(|w| format!("{} to {}", w.from, w.to)),
        ["design", "forbidden"] => {
            let cells: Vec<String> = plan.design.forbidden.iter().map(restriction::words).collect();
            (!cells.is_empty()).then(|| cells.join("; "))
        }
        _ => plain(value, path),
    }
}

/// What a branch sets, in the words of the plan that has it in force.
pub(super) fn settings(plan: &Plan, contingency: &ContingencyPlan) -> Vec<SettingRecord> {
    let branch = plan.with(contingency).unwrap_or_else(|_| plan.clone());
    let value = serde_json::to_value(&branch).unwrap_or(Value::Null);
    let said = |a: &Assignment| {
        let path = [a.section.word(), &a.of, &a.field].map(str::to_owned);
        SettingRecord {
            path: a.path(),
            value: words(&branch, &value, &path).unwrap_or_else(|| String::from("nothing")),
        }
    };
    contingency.then.iter().map(said).collect()
}

fn model(plan: &Plan, id: &str, rest: &[&str]) -> Option<String> {
    let model = plan.models.get(id)?;
    match rest {
        ["formula"] => Some(model.formula.to_string()),
        ["subset"] => model.subset.as_ref().map(ToString::to_string),
        ["vcov"] => Some(model.vcov.word().to_owned()),
        ["estimator"] => Some(model.estimator.word().to_owned()),
        ["likelihood"] => model.likelihood.map(|l| l.word().to_owned()),
        ["weights"] => model.weights.as_ref().map(crate::plan::WeightsPlan::words),
        ["items"] => model
            .items
            .map(|items| format!("{items} items in the control list")),
        ["clusters"] => (!model.clusters.is_empty()).then(|| model.clusters.join(" and ")),
        ["trials"] => model.trials.clone(),
        ["bootstrap"] => {
            let asked = model.bootstrap.as_ref()?;
            Some(format!(
                "{} draws ({}), {} intervals",
                asked.draws,
                word(&BootstrapKind::ALL, asked.kind),
                word(&Intervals::ALL, asked.intervals)
            ))
        }
        _ => Some(format!("{} ({})", model.formula, model.vcov.word())),
    }
}

fn word<T: PartialEq>(all: &[(&'static str, T)], meant: T) -> &'static str {
    all.iter()
        .find(|(_, one)| *one == meant)
        .map_or("", |(word, _)| word)
}

fn hypothesis(plan: &Plan, id: &str, rest: &[&str], value: &Value, path: &[String]) -> Option<String> {
    let hypothesis = plan.hypotheses.get(id)?;
    match rest {
        ["corroborated_if"] => Some(hypothesis.corroborated_if.to_string()),
        ["contradicted_if"] => hypothesis.contradicted_if.as_ref().map(ToString::to_string),
        [] => Some(hypothesis.statement.clone()),
        _ => plain(value, path),
    }
}

fn plain(value: &Value, path: &[String]) -> Option<String> {
    let found = path.iter().try_fold(value, |value, key| value.get(key))?;
    match found {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// `1 to 7`; an end that the registration leaves open is said to be.
pub(super) fn scale(scale: Scale) -> String {
    match (scale.min, scale.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("{max} or less"),
        (None, None) => String::from("any number"),
    }
}

fn derivation(rule: &Derivation) -> String {
    let score = |what: &str, items: &[String], reverse: &[String], at_least: u64| {
        let reversed = if reverse.is_empty() {
            String::new()
        } else {
            format!(" ({} reversed)", reverse.join(", "))
        };
        format!("{what} of {}{reversed}, at least {at_least}", items.join(", "))
    };
    match rule {
        Derivation::MeanOf {
            items,
            reverse,
            at_least,
        } => score("mean", items, reverse, *at_least),
        Derivation::SumOf {
            items,
            reverse,
            at_least,
        } => score("sum", items, reverse, *at_least),
        Derivation::When(expression) => expression.to_string(),
        Derivation::Value(expression) => format!("value of {expression}"),
        Derivation::Cut { of, at } => {
            let points: Vec<String> = at.iter().map(f64::to_string).collect();
            format!("{of}, cut at {}", points.join(", "))
        }
        Derivation::Recode { of, to } => {
            let each: Vec<String> = to.iter().map(|(level, n)| format!("{level} = {n}")).collect();
            format!("{of}, recoded: {}", each.join(", "))
        }
        Derivation::Standardise { of, over } => match over {
            Over::Collected => format!("{of}, standardised over all collected rows"),
            Over::Kept => format!("{of}, standardised over the kept rows"),
            Over::Level { factor, level } => format!("{of}, standardised over {factor} = {level}"),
        },
        Derivation::Rake { to, trim } => {
            let margin = |(factor, shares): (&String, &BTreeMap<String, f64>)| {
                let each: Vec<String> = shares.iter().map(|(l, s)| format!("{l} {s}")).collect();
                format!("{factor} ({})", each.join(", "))
            };
            let margins: Vec<String> = to.iter().map(margin).collect();
            let bounds = trim.map(|t| format!(", trimmed to {} and {}", t.low, t.high));
            format!("raked to {}{}", margins.join(", "), bounds.unwrap_or_default())
        }
        Derivation::Days { from, to } => format!("days from {from} to {to}"),
        Derivation::Lag { of, order } => format!("{of} in the unit's row before, by {order}"),
        Derivation::Contains { of, any_of } => format!("{of} contains any of: {}", any_of.join(", ")),
    }
}

/// An estimand in words: `mean(denounce, sanctions) - status_quo of us_response`.
pub(super) fn estimand(quantity: &Quantity) -> String {
    let averaged = |average: Average| match average {
        Average::Observed => "",
        Average::Balanced => ", balanced",
        Average::Design => ", averaged over the design",
    };
    match quantity {
        Quantity::Contrast {
            of,
            weights,
            weigh,
            across,
            average,
            frame: seen,
        } => {
            let across: Vec<String> = across
                .iter()
                .map(|(factor, weights)| format!(" across {factor} ({})", contrast::words(weights)))
                .collect();
            let by = match weigh {
                Weighing::Levels => "",
                Weighing::Rows => ", levels by their rows",
            };
            format!(
                "{} of {of}{by}{}{}{}",
                contrast::words(weights),
                across.concat(),
                averaged(*average),
                frame(seen)
            )
        }
        Quantity::Joint { terms, statistic } => {
            let by = match statistic {
                JointStatistic::Wald => "",
                JointStatistic::LikelihoodRatio => ", by likelihood ratio",
            };
            format!("all of {} zero{by}", joined(terms))
        }
        Quantity::ProportionalOdds { terms } => {
            format!("the same slopes of {} at every cutpoint", joined(terms))
        }
        Quantity::Coefficient { term } => term.clone(),
        Quantity::Margin {
            of,
            level,
            average,
            frame: seen,
        } => format!("margin of {of} at {level}{}{}", averaged(*average), frame(seen)),
        Quantity::Slope { of, frame: seen } => format!("slope of {of}{}", frame(seen)),
        Quantity::Parameter { parameter } => parameter.word().to_owned(),
        Quantity::Anova { term, kind, after } => {
            let words = format!("analysis of variance of {term}, type {}", kind.word());
            match after.as_slice() {
                [] => words,
                before => format!("{words}, after {}", joined(before)),
            }
        }
    }
}

/// The same of a test without a model, in the words of what that is about.
pub(super) fn estimand_in(plan: &Plan, test: &PlannedTest) -> String {
    let Some(model) = plan.models.get(&test.model).filter(|m| m.estimator.is_direct()) else {
        return estimand(&test.quantity);
    };
    let formula = model.formula.to_string();
    let outcome = formula.split(" ~ ").next().unwrap_or_default();
    match (&test.quantity, model.estimator) {
        (Quantity::Contrast { of, weights, .. }, estimator) => {
            let side = |sign: f64| weights.iter().find(|(_, w)| **w * sign > 0.0);
            let (Some((a, _)), Some((b, _))) = (side(1.0), side(-1.0)) else {
                return estimand(&test.quantity);
            };
            match estimator {
                Estimator::FisherExact => format!("odds ratio of {a} to {b} of {of}"),
                Estimator::KolmogorovSmirnov => format!("distributions of {a} and {b} of {of}"),
                Estimator::StudentT | Estimator::TwoProportions | Estimator::TwoProportionsCorrected => {
                    estimand(&test.quantity)
                }
                _ => format!("probability that {a} exceeds {b} of {of}"),
            }
        }
        (Quantity::Joint { terms, .. }, Estimator::Levene | Estimator::BrownForsythe) => {
            format!("equal spread over {}", joined(terms))
        }
        (Quantity::Joint { terms, .. }, estimator) if estimator.is_table() => {
            format!("independence of {}", joined(terms))
        }
        (Quantity::Joint { terms, .. }, _) => format!("no difference over {}", joined(terms)),
        (Quantity::Parameter { .. }, Estimator::Mcnemar | Estimator::McnemarCorrected) => {
            format!("change of the proportion, {outcome}")
        }
        (Quantity::Parameter { parameter }, _) => match model.formula.terms.first() {
            Some(x) => format!("{} of {outcome} and {x}", parameter.word()),
            None => format!("{} of {outcome}", parameter.word()),
        },
        _ => estimand(&test.quantity),
    }
}

fn joined(terms: &[Term]) -> String {
    terms.iter().map(Term::to_string).collect::<Vec<_>>().join(", ")
}

/// `Bayes factor of at least 10`
fn decided_by(decide: Option<Decide>) -> String {
    match decide {
        Some(Decide::BayesFactor { at_least }) => format!("Bayes factor of at least {at_least}"),
        None => String::from("p"),
    }
}

/// `equivalent (-0.2 to 0.2)`
fn alternative(alternative: Alternative) -> String {
    let word = alternative.word();
    let side = |better: Better| {
        if better == Better::Higher {
            "higher"
        } else {
            "lower"
        }
    };
    match alternative {
        Alternative::TwoSided | Alternative::Greater | Alternative::Less => word.to_owned(),
        Alternative::Equivalent { low, high } => format!("{word} ({low} to {high})"),
        Alternative::NotInferior { margin, better } | Alternative::Superior { margin, better } => {
            format!("{word} (margin {margin}, {} is better)", side(better))
        }
    }
}

/// Whether these words name an alternative with margins.
pub(super) fn has_margins(words: &str) -> bool {
    words.contains('(')
}

/// ` at regime = democracy, by treaty = formal, on the link scale`
fn frame(frame: &Frame) -> String {
    let mut words = match &frame.category {
        Some(category) => format!(" on the probability of {category}"),
        None => String::new(),
    };
    for (column, setting) in &frame.at {
        words.push_str(&match setting {
            Setting::Level(level) => format!(" at {column} = {level}"),
            Setting::Number(number) => format!(" at {column} = {number}"),
        });
    }
    for (factor, level) in &frame.by {
        words.push_str(&format!(" among {factor} = {level}"));
    }
    if frame.scale == PredictionScale::Link {
        words.push_str(" on the link scale");
    }
    words
}
