//! The rules, one file each, in the order of their codes.

pub mod claim_without_test;
pub mod correction_not_reported;
pub mod exploratory_presented_as_confirmatory;
pub mod number_mismatch;
pub mod registered_presented_as_exploratory;
pub mod rounding_mismatch;
pub mod sign_mismatch;
pub mod verdict_mismatch;

use super::{Judged, Rule, Target};

/// Every rule, in the order of their codes.
pub const RULES: &[Rule] = &[
    claim_without_test::RULE,
    number_mismatch::RULE,
    rounding_mismatch::RULE,
    sign_mismatch::RULE,
    verdict_mismatch::RULE,
    exploratory_presented_as_confirmatory::RULE,
    correction_not_reported::RULE,
    registered_presented_as_exploratory::RULE,
];

/// A rule by its code or its slug.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|r| r.code.eq_ignore_ascii_case(name) || r.slug == name)
}

/// The registered verdict on the hypothesis that the claim is about.
pub(super) fn verdict(judged: &Judged<'_>) -> Option<String> {
    match judged.target {
        Ok(Target::Hypothesis(h)) if h.registered => Some(h.verdict.word().to_owned()),
        _ => None,
    }
}

/// Whether the test rejects, by its registered decision.
pub(super) fn rejects(judged: &Judged<'_>) -> Option<bool> {
    match judged.target {
        Ok(Target::Test { result, .. }) => result.rejects,
        _ => None,
    }
}

/// Whether what the claim is about was registered.
pub(super) fn confirmatory(judged: &Judged<'_>) -> Option<bool> {
    match judged.target {
        Ok(Target::Test { test, .. }) => Some(test.confirmatory),
        Ok(Target::Hypothesis(h)) => Some(h.registered),
        _ => None,
    }
}

/// The correction of the test's family; `none` if it shares none.
pub(super) fn correction(judged: &Judged<'_>) -> Option<String> {
    match judged.target {
        Ok(Target::Test { test, .. }) => {
            Some(test.correction.clone().unwrap_or_else(|| String::from("none")))
        }
        _ => None,
    }
}
