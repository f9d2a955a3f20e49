//! 9 CLAIMED: what the manuscript says, against the record. It sees no data and computes no test.

pub mod apa;
mod compare;
pub mod manuscript;
mod printed;
mod rules;
mod star;
pub mod table;
mod target;

pub use compare::Comparison;
pub use printed::{Bound, Printed, Relation};
pub use rules::{RULES, rule};
pub use target::Target;

use crate::diagnostic::Place;
use crate::record::{
    Against, ClaimFinding, ClaimPoint, ClaimRecord, ClaimResult, ClaimsRecord, Record, TestState,
};
use crate::source::Source;
use crate::spec::claims::{About, Claim, Claims, Rounding};

/// Everything that a rule may look at.
pub struct Judged<'a> {
    pub claim: &'a Claim,
    pub target: Result<Target<'a>, String>,
    pub numbers: Vec<Comparison>,
    rounding: Rounding,
}

/// A rule about claims. Its file's head is its documentation.
pub struct Rule {
    pub code: &'static str,
    pub slug: &'static str,
    /// The rule's own source file.
    pub source: &'static str,
    pub check: fn(&Judged<'_>) -> Vec<Finding>,
}

impl Rule {
    /// The documentation page: the `//!` lines at the head of the rule's file.
    pub fn page(&self) -> String {
        let lines = self.source.lines().take_while(|l| l.starts_with("//!"));
        lines
            .map(|l| l.trim_start_matches("//!"))
            .map(|l| l.strip_prefix(' ').unwrap_or(l))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// What a rule found, and where the claims say it.
pub struct Finding {
    pub at: Place,
    pub message: String,
}

/// A number in a message: six significant digits, so that the last bits of a machine never show.
fn shown(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// A YAML text in quotes.
fn quoted(text: &str) -> String {
    let escaped: String = text
        .chars()
        .flat_map(|c| match c {
            '"' | '\\' => vec!['\\', c],
            c if c.is_control() => vec![' '],
            c => vec![c],
        })
        .collect();
    format!("\"{escaped}\"")
}

/// Holds every claim to the record.
pub fn judge(source: &Source, claims: &Claims, record: &Record) -> ClaimsRecord {
    let judged: Vec<ClaimRecord> = claims.claims.iter().map(|c| one(c, claims, record)).collect();
    let registered = record.observed.tests.iter().filter(|t| t.confirmatory);
    let unclaimed = registered.filter(|test| {
        let said = |c: &Claim| matches!(&c.about, About::Test(id) if id.value == test.id);
        !claims.claims.iter().any(said)
    });
    ClaimsRecord {
        file: source.name.clone(),
        digest: source.digest.clone(),
        rounding: claims.rounding,
        unclaimed: unclaimed.map(|t| t.id.clone()).collect(),
        claims: judged,
    }
}

fn one(claim: &Claim, claims: &Claims, record: &Record) -> ClaimRecord {
    let (judged, against) = held(claim, claims, record);
    let findings = RULES.iter().flat_map(|rule| {
        (rule.check)(&judged).into_iter().map(|finding| ClaimFinding {
            code: rule.code.to_owned(),
            slug: rule.slug.to_owned(),
            message: finding.message,
            at: finding.at,
        })
    });
    ClaimRecord {
        place: claim.place.clone(),
        at: claim.at.clone(),
        of: target::named(&claim.about),
        against,
        findings: findings.collect(),
        points: points(&judged),
    }
}

/// The claim beside the run. A test that deviates has two results: what is printed may be either, but one throughout.
fn held<'a>(claim: &'a Claim, claims: &Claims, record: &'a Record) -> (Judged<'a>, Option<Against>) {
    let target = target::target(&claim.about, record);
    let beside = |target: Result<Target<'a>, String>| {
        let numbers = match &target {
            Ok(target) => {
                let mut numbers = compare::compare(claim, claims, *target);
                numbers.extend(star::stars(claim, claims, *target));
                numbers
            }
            Err(_) => Vec::new(),
        };
        Judged {
            claim,
            target,
            numbers,
            rounding: claims.rounding,
        }
    };
    let executed = beside(target.clone());
    let Ok(Target::Test { test, .. }) = target else {
        return (executed, None);
    };
    let Some(result) = test.as_registered.as_deref() else {
        return (executed, None);
    };
    let registered = beside(Ok(Target::Test { test, result }));
    if test.state == TestState::NotRun || (!executed.holds() && registered.holds()) {
        (registered, Some(Against::AsRegistered))
    } else {
        (executed, Some(Against::Executed))
    }
}

impl Judged<'_> {
    fn holds(&self) -> bool {
        let fails = |n: &Comparison| n.relation.is_some_and(|r| r != Relation::Holds);
        !self.numbers.iter().any(fails)
    }

    fn named(&self) -> String {
        target::named(&self.claim.about)
    }

    /// Whether a printed number may stand for this one as well.
    fn covers(&self, number: &Comparison, value: f64) -> bool {
        let printed = number.printed.as_ref();
        printed.is_some_and(|p| p.relation(value, self.rounding) == Relation::Holds)
    }

    /// A finding for each printed number that lies so.
    fn numbers_that(
        &self,
        relation: Relation,
        message: impl Fn(&Comparison, &str) -> String,
    ) -> Vec<Finding> {
        let found = self.numbers.iter().filter(|n| n.relation == Some(relation));
        found
            .map(|n| Finding {
                at: n.at.clone(),
                message: message(n, &n.found.map(shown).unwrap_or_default()),
            })
            .collect()
    }
}

fn points(judged: &Judged<'_>) -> Vec<ClaimPoint> {
    let numbers = judged.numbers.iter().map(|n| ClaimPoint {
        says: n.key.to_owned(),
        printed: n.text.clone(),
        found: n.found.filter(|_| n.several.is_none()),
        found_word: n.several.clone(),
        result: match n.relation {
            None => ClaimResult::NotChecked,
            Some(Relation::Holds) => ClaimResult::Holds,
            Some(_) => ClaimResult::DoesNotHold,
        },
        note: n.note.clone(),
    });
    let mut all: Vec<ClaimPoint> = numbers.collect();
    let word = |says: &str, printed: String, found: Option<String>| ClaimPoint {
        says: says.to_owned(),
        found: None,
        result: match &found {
            None => ClaimResult::NotChecked,
            Some(found) if *found == printed => ClaimResult::Holds,
            Some(_) => ClaimResult::DoesNotHold,
        },
        note: None,
        printed,
        found_word: found,
    };
    let claim = judged.claim;
    if let Some(verdict) = &claim.verdict {
        all.push(word("verdict", verdict.value.to_owned(), rules::verdict(judged)));
    }
    if let Some(said) = &claim.significant {
        let found = rules::rejects(judged).map(|r| r.to_string());
        all.push(word("significant", said.value.to_string(), found));
    }
    if let Some(said) = &claim.confirmatory {
        let found = rules::confirmatory(judged).map(|c| c.to_string());
        all.push(word("confirmatory", said.value.to_string(), found));
    }
    if let Some(said) = &claim.correction {
        all.push(word("correction", said.value.clone(), rules::correction(judged)));
    }
    all
}
