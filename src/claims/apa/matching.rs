//! Printed results beside the tests and coefficients of the run, by their numbers.

use super::recompute::beside_run;
use super::{Agreement, Kind, Recomputed, Reported, recompute};
use crate::claims::printed::{Printed, Relation};
use crate::claims::target::{models, tests};
use crate::record::{Record, TestRecord, TestResult};
use crate::spec::claims::Rounding;

/// A printed result, its p recomputed, and what in the run has its numbers.
#[derive(Clone, Debug)]
pub struct Matched<'r> {
    pub reported: Reported,
    pub recomputed: Recomputed,
    /// Everything with the same statistic and degrees of freedom.
    pub candidates: Vec<Candidate<'r>>,
}

/// What has the printed numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Candidate<'r> {
    Test(&'r TestRecord),
    /// A coefficient that is no test: its model, its term.
    Term(&'r str, &'r str),
}

impl Matched<'_> {
    /// The one test or coefficient that it can only be.
    pub fn only(&self) -> Option<Candidate<'_>> {
        match self.candidates.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// Whether nothing speaks against the printed p.
    pub fn consistent(&self) -> bool {
        matches!(
            self.recomputed.agreement,
            Agreement::Agrees | Agreement::AgreesOneSided | Agreement::NotRecomputed
        )
    }
}

/// Finds each result in the record. Tests come before coefficients, those whose p fits as well before those whose p does not.
pub fn matched(reported: Vec<Reported>, record: &Record) -> Vec<Matched<'_>> {
    reported.into_iter().map(|r| one(r, record)).collect()
}

fn one(reported: Reported, record: &Record) -> Matched<'_> {
    let hits = |test: &&TestRecord| results(test).any(|result| fits(&reported, result));
    let mut found: Vec<&TestRecord> = tests(record).filter(hits).collect();
    let close = |test: &&TestRecord| results(test).any(|r| fits(&reported, r) && beside(&reported, r));
    let closer: Vec<&TestRecord> = found.iter().copied().filter(close).collect();
    if !closer.is_empty() {
        found = closer;
    }
    let mut candidates: Vec<Candidate<'_>> = found.iter().map(|test| Candidate::Test(test)).collect();
    if candidates.is_empty() {
        candidates = terms(&reported, record);
    }
    let directed = found
        .iter()
        .any(|test| matches!(test.result.alternative.as_str(), "greater" | "less"));
    let recomputed = match reported.kind {
        Kind::Estimate => by_the_run(&reported, &candidates, record),
        _ => recompute(&reported, directed),
    };
    Matched {
        recomputed,
        candidates,
        reported,
    }
}

/// The p of what has the printed estimate and error.
fn by_the_run(reported: &Reported, candidates: &[Candidate<'_>], record: &Record) -> Recomputed {
    let found = candidates.first().and_then(|candidate| match candidate {
        Candidate::Test(test) => {
            let result = results(test).find(|result| fits(reported, result))?;
            Some(beside_run(beside(reported, result), result.p_value?))
        }
        Candidate::Term(id, term) => {
            let model = models(record).find(|model| model.id == *id)?;
            let coefficient = model.coefficients.iter().find(|c| c.term == *term)?;
            let p = coefficient.p_value;
            Some(beside_run(holds(&reported.p, p), p))
        }
    });
    found.unwrap_or(Recomputed {
        agreement: Agreement::NotRecomputed,
        ..beside_run(false, f64::NAN)
    })
}

/// As executed, and as registered where that differs.
fn results(test: &TestRecord) -> impl Iterator<Item = &TestResult> {
    std::iter::once(&test.result).chain(test.as_registered.as_deref())
}

fn holds(printed: &Printed, found: f64) -> bool {
    printed.relation(found, Rounding::Nearest) == Relation::Holds
}

/// The printed statistic may be the found one, or its mirror image, on the same degrees of freedom.
fn fits(reported: &Reported, result: &TestResult) -> bool {
    let found = match reported.kind {
        Kind::R | Kind::Estimate => result.estimate,
        _ => result.statistic,
    };
    let Some(found) = found else { return false };
    let df = result.df.as_deref().unwrap_or_default();
    let kind = match reported.kind {
        Kind::T => df.len() == 1 && result.estimate.is_some(),
        Kind::F => df.len() == 2,
        Kind::ChiSquared | Kind::Q => df.len() == 1 && result.estimate.is_none(),
        Kind::Z => df.is_empty(),
        Kind::Estimate => error_holds(reported, result.std_error),
        Kind::R => df.len() <= 1 && result.statistic_name.is_some(),
    };
    let same_df = df.is_empty() || reported.kind == Kind::Estimate || df.len() == reported.df.len();
    let df_hold = reported
        .df
        .iter()
        .zip(df)
        .all(|(printed, df)| holds(printed, *df));
    kind && same_df && df_hold && (holds(&reported.statistic, found) || holds(&reported.statistic, -found))
}

/// Whether the printed error is this one.
fn error_holds(reported: &Reported, found: Option<f64>) -> bool {
    matches!((&reported.std_error, found), (Some(printed), Some(found)) if holds(printed, found))
}

/// What else is printed fits too: the estimate, its error, and p, adjusted or not, one- or two-sided.
fn beside(reported: &Reported, result: &TestResult) -> bool {
    let number = |printed: &Option<Printed>, found: Option<f64>| match (printed, found) {
        (Some(printed), Some(found)) => holds(printed, found) || holds(printed, -found),
        _ => true,
    };
    let p = result.p_value.is_some_and(|p| {
        let own = holds(&reported.p, p) || holds(&reported.p, 2.0 * p.min(1.0 - p));
        own || result.p_adjusted.is_some_and(|p| holds(&reported.p, p))
    });
    p && number(&reported.estimate, result.estimate) && number(&reported.std_error, result.std_error)
}

fn terms<'r>(reported: &Reported, record: &'r Record) -> Vec<Candidate<'r>> {
    let all = models(record).flat_map(|model| model.coefficients.iter().map(move |c| (model, c)));
    let fit = all.filter(|(model, c)| {
        let df = c.df.unwrap_or(model.df_residual);
        let kind = match reported.kind {
            Kind::T => reported.df.iter().all(|printed| holds(printed, df)),
            Kind::Z => true,
            Kind::Estimate => error_holds(reported, Some(c.std_error)),
            _ => false,
        };
        let found = if reported.kind == Kind::Estimate {
            c.estimate
        } else {
            c.statistic
        };
        kind && (holds(&reported.statistic, found) || holds(&reported.statistic, -found))
    });
    fit.map(|(model, c)| Candidate::Term(&model.id, &c.term))
        .collect()
}
