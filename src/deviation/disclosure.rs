//! The author's disclosures, each matched to exactly one deviation.

use crate::diagnostic::{Diagnostic, codes};
use crate::record::{Deviation, Disclosure};
use crate::spec::pipeline::DisclosureSpec;

/// Marks what was disclosed. A disclosure that matches nothing, or more than one deviation, is reported.
pub(super) fn attach(deviations: &mut [Deviation], disclosures: &[DisclosureSpec]) -> Vec<Diagnostic> {
    let mut unmatched = Vec::new();
    for spec in disclosures {
        let matching: Vec<usize> = deviations
            .iter()
            .enumerate()
            .filter(|(_, d)| !d.disclosed && names(spec, d))
            .map(|(position, _)| position)
            .collect();
        match matching.as_slice() {
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

fn names(spec: &DisclosureSpec, deviation: &Deviation) -> bool {
    let written = spec.deviation.value.as_str();
    let code = written
        .split_whitespace()
        .all(|word| word == deviation.code || word == deviation.slug);
    let of = spec
        .of
        .as_ref()
        .is_none_or(|of| of.value == deviation.of || deviation.tests == [of.value.clone()]);
    code && !written.trim().is_empty() && of
}

fn report(spec: &DisclosureSpec, what: &str, help: &str) -> Diagnostic {
    let message = format!("the disclosure of {} {what}", spec.deviation.value);
    Diagnostic::warning(codes::DISCLOSURE_UNMATCHED, message)
        .at(spec.deviation.at.clone())
        .help(help)
}
