//! # The registered correction for multiple tests is not reported
//!
//! What it detects: an uncorrected p of a test whose family registered a correction, or another correction than the registered one.
//!
//! Why it matters: the uncorrected p is the smaller one, and a reader who is not told takes it for the one that decides.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: "Table 2", test: H1.letter, says: {p: "= .031"}}      # by Holm, as registered, .062
//!
//! What to do: print the corrected p and say `correction: holm`, or print both: `p` and `p_adjusted`.
//!
//! References: Wicherts et al. (2016), doi:10.3389/fpsyg.2016.01832; Lakens (2024), doi:10.1525/collabra.117094

use crate::claims::{Finding, Judged, Rule, Target};

pub const RULE: Rule = Rule {
    code: "C007",
    slug: "correction-not-reported",
    source: include_str!("correction_not_reported.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let Ok(Target::Test { test, result }) = &judged.target else {
        return Vec::new();
    };
    let registered = super::correction(judged).unwrap_or_default();
    let finding = |at: &crate::diagnostic::Place, message: String| {
        vec![Finding {
            at: at.clone(),
            message,
        }]
    };
    if let Some(said) = &judged.claim.correction {
        if said.value == registered {
            return Vec::new();
        }
        let message = format!(
            "{} is claimed with the correction {}, registered is {registered}",
            test.id, said.value
        );
        return finding(&said.at, message);
    }
    let adjusted = judged.numbers.iter().any(|n| n.key == "p_adjusted");
    let printed = judged.numbers.iter().find(|n| n.key == "p" && n.found.is_some());
    match (printed, result.p_adjusted) {
        (Some(p), Some(corrected)) if !adjusted && registered != "none" && !judged.covers(p, corrected) => {
            let message = format!(
                "p {} of {} is not corrected; by {registered}, as registered, it is {}",
                p.text,
                test.id,
                crate::claims::shown(corrected)
            );
            finding(&p.at, message)
        }
        _ => Vec::new(),
    }
}
