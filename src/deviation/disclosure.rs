//! The author's disclosures, each matched to exactly one deviation.

use super::diff::FieldChange;
use crate::diagnostic::{Diagnostic, codes};
use crate::record::{Deviation, Disclosure};
use crate::spec::pipeline::DisclosureSpec;

/// Marks what was disclosed. A disclosure that matches nothing, or more than one deviation, is reported.
pub(super) fn attach(
    deviations: &mut [Deviation],
    disclosures: &[DisclosureSpec],
    changes: &[FieldChange],
) -> Vec<Diagnostic> {
    let mut unmatched = Vec::new();
    for spec in disclosures {
        let matching: Vec<usize> = deviations
            .iter()
            .enumerate()
            .filter(|(_, d)| names(spec, d, changes))
            .map(|(position, _)| position)
            .collect();
        match matching.as_slice() {
            [one] if deviations.get(*one).is_some_and(|d| d.disclosed) => unmatched.push(report(
                spec,
                "is of a deviation that another entry has disclosed",
                "keep one of the two",
            )),
            [one] => {
                if let Some(deviation) = deviations.get_mut(*one) {
                    deviation.disclosed = true;
                    deviation.disclosure = Some(Disclosure {
                        reason: spec.reason.value.clone(),
                        decided: spec.decided.value.clone(),
                        explanation: spec.explanation.value.clone(),
                        impact: spec.impact.value.clone(),
                        at: Some(spec.at.clone()),
                    });
                }
            }
            [] => unmatched.push(report(
                spec,
                "matches no deviation of this run",
                "remove it, or correct its code and `of`",
            )),
            several => {
                let of: Vec<&str> = several
                    .iter()
                    .filter_map(|i| deviations.get(*i))
                    .map(|d| d.of.as_str())
                    .collect();
                let help = format!("say which with `of:`, one disclosure each: {}", of.join(", "));
                unmatched.push(report(
                    spec,
                    "matches more than one deviation and discloses none",
                    &help,
                ));
            }
        }
    }
    unmatched
}

/// By code, slug or both, and by what it is of: the whole path, or the test, exclusion or variable alone.
fn names(spec: &DisclosureSpec, deviation: &Deviation, changes: &[FieldChange]) -> bool {
    let mut words = spec.deviation.value.split_whitespace().peekable();
    let said = words.peek().is_some();
    let code = words.all(|word| word.eq_ignore_ascii_case(&deviation.code) || word == deviation.slug);
    let of = spec
        .of
        .as_ref()
        .is_none_or(|of| about(&of.value, deviation, changes));
    said && code && of
}

fn about(written: &str, deviation: &Deviation, changes: &[FieldChange]) -> bool {
    let of = deviation.of.as_str();
    let key = changes.iter().find(|c| c.of() == of).map(FieldChange::key);
    let sections = [
        "tests",
        "variables",
        "data.columns",
        "data.values",
        "data.missing_codes",
    ];
    let in_section = |long: &str, short: &str| {
        sections.iter().any(|s| {
            long.strip_prefix(s)
                .and_then(|rest| rest.strip_prefix('.'))
                .is_some_and(|rest| rest == short)
        })
    };
    written == of
        || key == Some(written)
        || in_section(written, of)
        || in_section(of, written)
        || deviation.tests == [written.to_owned()]
}

fn report(spec: &DisclosureSpec, what: &str, help: &str) -> Diagnostic {
    let message = format!("the disclosure of {} {what}", spec.deviation.value);
    Diagnostic::warning(codes::DISCLOSURE_UNMATCHED, message)
        .at(spec.deviation.at.clone())
        .help(help)
}
