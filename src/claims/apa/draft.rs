//! A draft of `claims.yaml` from what was found in a manuscript.

use super::Kind;
use super::matching::{Candidate, Matched};
use crate::claims::printed::Printed;
use crate::claims::quoted;

/// Claims of every result that is one test or one coefficient of the run; the others as comments, for the author to place.
pub fn draft(all: &[Matched<'_>]) -> String {
    let mut out = String::from(
        "# Drafted from the manuscript. Look at every entry: what it is about was found by its numbers alone.\nasregistered: 1\nclaims:\n",
    );
    for matched in all {
        let reported = &matched.reported;
        let place = format!("line {}", reported.at.line);
        let Some(candidate) = matched.only() else {
            let why = match matched.candidates.len() {
                0 => String::from("nothing in the run has these numbers"),
                _ => format!("it may be {}", names(&matched.candidates)),
            };
            out.push_str(&format!("  # {place}: {} ({why})\n", line(&reported.text)));
            continue;
        };
        let about = match candidate {
            Candidate::Test(test) => format!("test: {}", quoted(&test.id)),
            Candidate::Term(model, term) => format!("model: {}, term: {}", quoted(model), quoted(term)),
        };
        let exploratory = matches!(candidate, Candidate::Test(test) if !test.confirmatory);
        let note = if exploratory {
            "  # exploratory: if the manuscript calls it so, say confirmatory: false"
        } else {
            ""
        };
        out.push_str(&format!(
            "  - {{where: {place}, {about}, says: {{{}}}}}{note}\n",
            says(matched).join(", ")
        ));
    }
    out
}

/// The candidates by name.
pub(in crate::claims) fn names(candidates: &[Candidate<'_>]) -> String {
    let name = |candidate: &Candidate<'_>| match candidate {
        Candidate::Test(test) => test.id.clone(),
        Candidate::Term(model, term) => format!("{model}: {term}"),
    };
    candidates.iter().map(name).collect::<Vec<_>>().join(" or ")
}

fn says(matched: &Matched<'_>) -> Vec<String> {
    let reported = &matched.reported;
    let number = |key: &str, printed: &Printed| format!("{key}: {}", quoted(&printed.text));
    let mut said = Vec::new();
    said.extend(reported.estimate.iter().map(|p| number("estimate", p)));
    said.extend(reported.std_error.iter().map(|p| number("std_error", p)));
    if reported.kind != Kind::Estimate {
        said.push(number("statistic", &reported.statistic));
    }
    if !reported.df.is_empty() {
        let df: Vec<&str> = reported.df.iter().map(|df| df.text.as_str()).collect();
        said.push(format!("df: {}", quoted(&df.join(", "))));
    }
    said.extend(reported.n.iter().map(|p| number("n", p)));
    if !reported.not_significant {
        said.push(number("p", &reported.p));
    }
    if let Some(Candidate::Test(test)) = matched.only()
        && two_sided(matched, test)
    {
        said.push(String::from("sided: two"));
    }
    said
}

/// Whether the printed p of a test that is registered as one-sided is the two-sided one.
fn two_sided(matched: &Matched<'_>, test: &crate::record::TestRecord) -> bool {
    use crate::claims::printed::Relation;
    use crate::spec::claims::Rounding;
    let result = &test.result;
    let Some(p) = result
        .p_value
        .filter(|_| matches!(result.alternative.as_str(), "greater" | "less"))
    else {
        return false;
    };
    let holds = |p: f64| matched.reported.p.relation(p, Rounding::Nearest) == Relation::Holds;
    !holds(p) && !result.p_adjusted.is_some_and(holds) && holds(2.0 * p.min(1.0 - p))
}

/// One line, so that a comment stays one.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
