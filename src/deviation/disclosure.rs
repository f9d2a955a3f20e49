//! The author's disclosures, each matched to exactly one deviation.

use super::diff::FieldChange;
use super::rules::general;
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
            several if several.len() > 1 && together(spec, several, deviations) => {
                for one in several {
                    disclose(deviations.get_mut(*one), spec);
                }
            }
            [one] if deviations.get(*one).is_some_and(|d| d.disclosed) => unmatched.push(report(
                spec,
                "is of a deviation that another entry has disclosed",
                "keep one of the two",
            )),
            [one] => disclose(deviations.get_mut(*one), spec),
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

fn disclose(deviation: Option<&mut Deviation>, spec: &DisclosureSpec) {
    if let Some(deviation) = deviation {
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

/// Whether a disclosure by the general name is of the parts of one change, such as of one formula, none disclosed yet.
fn together(spec: &DisclosureSpec, positions: &[usize], deviations: &[Deviation]) -> bool {
    let mut parts = positions.iter().filter_map(|position| deviations.get(*position));
    let Some(first) = parts.next() else { return false };
    let by_part = |d: &Deviation| {
        !d.disclosed && general(&d.slug).is_some_and(|rule| called(spec, rule.code, rule.slug))
    };
    let formula = first.of.starts_with("models.") && first.of.ends_with(".formula");
    formula && by_part(first) && parts.all(|d| d.of == first.of && by_part(d))
}

/// By code, slug or both, and by what it is of: the whole path, or the test, exclusion or variable alone.
fn names(spec: &DisclosureSpec, deviation: &Deviation, changes: &[FieldChange]) -> bool {
    let code = called(spec, &deviation.code, &deviation.slug)
        || general(&deviation.slug).is_some_and(|rule| called(spec, rule.code, rule.slug));
    let of = spec
        .of
        .as_ref()
        .is_none_or(|of| about(&of.value, deviation, changes));
    code && of
}

fn called(spec: &DisclosureSpec, code: &str, slug: &str) -> bool {
    let mut words = spec.deviation.value.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.eq_ignore_ascii_case(code) || word == slug)
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
