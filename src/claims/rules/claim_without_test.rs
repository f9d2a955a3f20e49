//! # A claim about something that the run did not compute
//!
//! What it detects: a claim that names a test, hypothesis, model or term that the run does not have, or gives numbers of a test that
//! was not run.
//!
//! Why it matters: a number in a manuscript that no analysis in the bundle gives cannot be checked by anybody.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Abstract, test: H1.women, says: {p: "= .03"}}      # no such test is registered or explored
//!
//! What to do: correct the name; or add the test under `exploratory:` in the pipeline, where it is run and labelled.
//!
//! References: Nuijten et al. (2016), doi:10.3758/s13428-015-0664-2; Hardwicke et al. (2018), doi:10.1098/rsos.180448

use crate::claims::{Finding, Judged, Rule, Target};

pub const RULE: Rule = Rule {
    code: "C001",
    slug: "claim-without-test",
    source: include_str!("claim_without_test.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let message = match &judged.target {
        Err(why) => why.clone(),
        Ok(Target::Test { test, result }) if result.p_value.is_none() && !judged.claim.numbers.is_empty() => {
            let note = result.note.as_deref().unwrap_or("no reason is known");
            format!("numbers are claimed of {}, which was not run: {note}", test.id)
        }
        Ok(_) => return Vec::new(),
    };
    vec![Finding {
        at: judged.claim.at.clone(),
        message,
    }]
}
