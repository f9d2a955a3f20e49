//! # The manuscript draws another conclusion than the registered rule
//!
//! What it detects: a verdict on a hypothesis that its registered decision rule does not give, or a test called significant, or not, against
//! its registered decision.
//!
//! Why it matters: a rule that was registered and is not followed has bound nobody.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Abstract, hypothesis: H2, says: {verdict: corroborated}}      # its rule came out inconclusive
//!
//! What to do: report the registered verdict; another reading of the data belongs into the discussion, as one.
//!
//! References: Lakens (2024), doi:10.1525/collabra.117094; Claesen et al. (2021), doi:10.1098/rsos.211037

use crate::claims::{Finding, Judged, Rule, Target};

pub const RULE: Rule = Rule {
    code: "C005",
    slug: "verdict-mismatch",
    source: include_str!("verdict_mismatch.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let (Some(said), Some(verdict)) = (&judged.claim.verdict, super::verdict(judged)) {
        let requested = match judged.target {
            Ok(Target::Hypothesis(h)) => h.verdict_as_requested.map(|v| v.word()),
            _ => None,
        };
        if said.value != verdict {
            let departed = if requested == Some(said.value) {
                "; only the plan as requested would make it so"
            } else {
                ""
            };
            found.push(Finding {
                at: said.at.clone(),
                message: format!(
                    "{} is claimed to be {}, by its registered rule it is {verdict}{departed}",
                    judged.named(),
                    said.value
                ),
            });
        }
    }
    if let (Some(said), Some(rejects)) = (&judged.claim.significant, super::rejects(judged))
        && said.value != rejects
    {
        let (says, does) = match said.value {
            true => ("significant", "it does not reject"),
            false => ("not significant", "it rejects"),
        };
        found.push(Finding {
            at: said.at.clone(),
            message: format!(
                "{} is claimed to be {says}, by its registered decision {does}",
                judged.named()
            ),
        });
    }
    found
}
