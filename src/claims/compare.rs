//! Every printed number beside the one that the run found.

use super::printed::{Printed, Relation};
use super::target::Target;
use crate::diagnostic::Place;
use crate::record::TestResult;
use crate::spec::claims::{Claim, Claims, Sided};

/// A printed number and what the run has in its place.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub key: &'static str,
    pub text: String,
    pub at: Place,
    pub found: Option<f64>,
    pub printed: Option<Printed>,
    /// Nothing if the run has no such number, or the printed one cannot be read.
    pub relation: Option<Relation>,
    pub note: Option<String>,
    /// What was found, where it is several numbers.
    pub several: Option<String>,
}

/// What the run has under a key.
enum Run {
    Number(f64),
    /// Another reading of the same number, by which the claim holds too.
    Either(f64, f64, &'static str),
    Numbers(Vec<f64>),
    /// It is another number, whatever its digits.
    Other(f64, String),
    Nothing(String),
}

/// Compares all numbers of a claim.
pub fn compare(claim: &Claim, claims: &Claims, target: Target<'_>) -> Vec<Comparison> {
    let numbers = claim.numbers.iter();
    numbers
        .map(|(key, printed)| {
            let blank = Comparison {
                key,
                text: printed.value.clone(),
                at: printed.at.clone(),
                found: None,
                printed: Printed::read(&printed.value, claims.decimal),
                relation: None,
                note: None,
                several: None,
            };
            one(blank, claim, claims, run(key, claim, target))
        })
        .collect()
}

fn one(blank: Comparison, claim: &Claim, claims: &Claims, run: Run) -> Comparison {
    let printed = blank.printed.clone();
    let unread = |blank: Comparison| Comparison {
        note: Some(format!("'{}' cannot be read as one printed number", blank.text)),
        ..blank
    };
    let held = |blank: Comparison, found: f64, relation: Relation, note: Option<String>| Comparison {
        found: Some(found),
        relation: Some(relation),
        note,
        ..blank
    };
    match run {
        Run::Nothing(why) => Comparison {
            note: Some(why),
            ..blank
        },
        Run::Numbers(found) => several(blank, &found, claims),
        Run::Other(found, why) => held(blank, found, Relation::Differs, Some(why)),
        Run::Number(found) => match printed {
            None => unread(blank),
            Some(printed) => {
                let relation = printed.relation(found, claims.rounding);
                let note = hint(blank.key, claim, &printed, found, claims);
                held(
                    blank,
                    found,
                    relation,
                    note.filter(|_| relation == Relation::Differs),
                )
            }
        },
        Run::Either(first, second, which) => match printed {
            None => unread(blank),
            Some(printed) => {
                let relation = printed.relation(first, claims.rounding);
                let other = printed.relation(second, claims.rounding);
                if relation != Relation::Holds && other == Relation::Holds {
                    held(blank, second, other, Some(which.to_owned()))
                } else {
                    let note = hint(blank.key, claim, &printed, first, claims);
                    held(
                        blank,
                        first,
                        relation,
                        note.filter(|_| relation == Relation::Differs),
                    )
                }
            }
        },
    }
}

/// What a p that differs may be instead.
fn hint(key: &str, claim: &Claim, printed: &Printed, found: f64, claims: &Claims) -> Option<String> {
    if !matches!(key, "p" | "p_adjusted") || claim.sided.is_some() {
        return None;
    }
    let holds = |p: f64| printed.relation(p, claims.rounding) == Relation::Holds;
    if holds(2.0 * found.min(1.0 - found)) {
        Some(String::from("it is twice the p that was found: two-sided?"))
    } else if holds(found / 2.0) {
        Some(String::from("it is half the p that was found: one-sided?"))
    } else {
        None
    }
}

/// Degrees of freedom: as many as the run has, in its order.
fn several(blank: Comparison, found: &[f64], claims: &Claims) -> Comparison {
    let inner = blank.text.trim().trim_matches(['(', ')']).to_owned();
    let separator = if found.len() > 1 && !inner.contains([';', ' ']) {
        ","
    } else if inner.contains(';') {
        ";"
    } else {
        ", "
    };
    let parts: Vec<&str> = inner.split(separator).map(str::trim).collect();
    let printed: Option<Vec<Printed>> = parts
        .iter()
        .map(|part| Printed::read(part, claims.decimal))
        .collect();
    let Some(printed) = printed else {
        let note = format!("'{}' cannot be read as degrees of freedom", blank.text);
        return Comparison {
            note: Some(note),
            ..blank
        };
    };
    let pairs = printed.iter().zip(found);
    let worst = pairs
        .map(|(p, f)| (p.relation(*f, claims.rounding), *f))
        .find(|(relation, _)| *relation != Relation::Holds);
    let shown: Vec<String> = found.iter().map(|df| super::shown(*df)).collect();
    let (relation, of) = match worst {
        _ if printed.len() != found.len() => (Relation::Differs, found.first().copied()),
        Some((relation, of)) => (relation, Some(of)),
        None => (Relation::Holds, found.first().copied()),
    };
    Comparison {
        found: of,
        relation: Some(relation),
        several: (found.len() > 1).then(|| shown.join(", ")),
        note: (relation != Relation::Holds).then(|| format!("the run has {}", shown.join(", "))),
        ..blank
    }
}

fn run(key: &str, claim: &Claim, target: Target<'_>) -> Run {
    let number = |value: Option<f64>| match value {
        Some(value) => Run::Number(value),
        None => Run::Nothing(format!("the run has no {key} of it")),
    };
    match target {
        Target::Test { result, .. } => of_test(key, claim, result),
        Target::Hypothesis(_) => {
            Run::Nothing(String::from("a hypothesis has a verdict, its tests have numbers"))
        }
        Target::Model(model) => match key {
            "n" => number(Some(model.n as f64)),
            "r_squared" => number(model.r_squared),
            _ => number(None),
        },
        Target::Term { model, coefficient } => match key {
            "estimate" => number(Some(coefficient.estimate)),
            "std_error" => number(Some(coefficient.std_error)),
            "statistic" => number(Some(coefficient.statistic)),
            "p" => number(Some(coefficient.p_value)),
            "df" => Run::Numbers(vec![coefficient.df.unwrap_or(model.df_residual)]),
            "conf_level" => number(Some(0.95)),
            "conf_low" => number(Some(coefficient.conf_low)),
            "conf_high" => number(Some(coefficient.conf_high)),
            "n" => number(Some(model.n as f64)),
            "r_squared" => number(model.r_squared),
            _ => number(None),
        },
    }
}

fn of_test(key: &str, claim: &Claim, result: &TestResult) -> Run {
    let value = match key {
        "p" => return p_value(claim, result),
        "df" => match &result.df {
            Some(df) if !df.is_empty() => return Run::Numbers(df.clone()),
            _ => None,
        },
        "estimate" => result.estimate,
        "std_error" => result.std_error,
        "statistic" => result.statistic,
        "p_adjusted" => result.p_adjusted,
        "conf_level" => Some(result.conf_level),
        "conf_low" => result.conf_low,
        "conf_high" => result.conf_high,
        "n" => result.n.map(|n| n as f64),
        "effect_size" => result.effect_size.as_ref().and_then(|e| e.estimate),
        "bayes_factor" => result
            .bayes_factor
            .as_ref()
            .and_then(|b| b.log_bf10)
            .map(f64::exp),
        _ => None,
    };
    match value {
        Some(value) => Run::Number(value),
        None => Run::Nothing(match &result.note {
            Some(note) if result.p_value.is_none() => format!("the test was not run: {note}"),
            _ => format!("the run has no {key} of this test"),
        }),
    }
}

/// The p that the claim is about: one- or two-sided, adjusted or not.
fn p_value(claim: &Claim, result: &TestResult) -> Run {
    let Some(p) = result.p_value else {
        let note = result.note.clone().unwrap_or_default();
        return Run::Nothing(format!("the test was not run: {note}"));
    };
    let one_sided = matches!(result.alternative.as_str(), "greater" | "less");
    let own = claim.numbers.iter().any(|(key, _)| *key == "p_adjusted");
    let corrected = claim.correction.as_ref().is_some_and(|c| c.value != "none") && !own;
    match claim.sided.as_ref().map(|sided| sided.value) {
        Some(Sided::One) if result.alternative == "two_sided" => {
            Run::Other(p, String::from("the test is registered as two-sided"))
        }
        Some(Sided::Two) if one_sided && !corrected => Run::Number(2.0 * p.min(1.0 - p)),
        Some(Sided::Two) if one_sided => {
            Run::Nothing(String::from("the run has no two-sided p under that correction"))
        }
        _ => match result.p_adjusted {
            Some(adjusted) if corrected => Run::Number(adjusted),
            Some(adjusted) if !own && claim.correction.is_none() => {
                Run::Either(p, adjusted, "it is the adjusted p")
            }
            _ => Run::Number(p),
        },
    }
}
