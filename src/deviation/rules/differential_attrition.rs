//! # More rows were lost in one arm than in another
//!
//! What it detects: shares of collected rows without an outcome to analyse (left out by the registered exclusions, or missing) that differ between the arms of an assigned factor (χ², or Fisher's exact test where counts are small; p < 0.001).
//!
//! Why it matters: who is lost because of what was assigned makes the arms that are left different, whatever the randomiser did.
//!
//! Example that fires:
//!
//!     arm: control 200 collected, 190 with an outcome; arm: letter 200 collected, 141 with an outcome
//!
//! What to do: say what happened; bound the effect (Lee 2009, doi:10.1111/j.1467-937X.2009.00536.x), or weight by registered covariates.
//!
//! References: Gerber & Green (2012), Field Experiments, chapter 7, ISBN 9780393979954; Ghanem, Hirshleifer & Ortiz-Becerra (2023), doi:10.1017/S0266466623000166

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::plan::Plan;
use crate::record::{AttritionFacts, Observed};

/// Below this p-value losses are taken as unequal.
const LIMIT: f64 = 0.001;

pub const RULE: Rule = Rule {
    code: "D090",
    slug: "differential-attrition",
    category: Category::MissingData,
    source: include_str!("differential_attrition.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    let unequal = |f: &&AttritionFacts| f.p_value.is_some_and(|p| p < LIMIT);
    let facts = observed.attrition.iter().filter(unequal);
    facts
        .map(|facts| {
            let lost: Vec<String> = facts
                .levels
                .iter()
                .map(|l| format!("{} {} of {}", l.level, l.excluded + l.missing, l.collected))
                .collect();
            let message = format!(
                "rows were lost before `{}` unequally over `{}`",
                facts.outcome, facts.factor
            );
            let expected = String::from("losses that do not depend on what was assigned");
            let found = super::of_variable(evidence, &facts.factor, message, expected, lost.join(", "));
            of_outcome(found, facts, evidence)
        })
        .collect()
}

/// The finding by factor and outcome, touching the tests of that outcome alone.
fn of_outcome(finding: Finding, facts: &AttritionFacts, evidence: &Evidence<'_>) -> Finding {
    let Finding::Deviation {
        message,
        executed_at,
        registered_at,
        registered,
        executed,
        mut tests,
        hypotheses,
        ..
    } = finding
    else {
        return finding;
    };
    let explains = |plan: &Plan, test: &str| {
        let model = plan.tests.get(test).and_then(|t| plan.models.get(&t.model));
        model.is_some_and(|m| m.formula.is_outcome(&facts.outcome))
    };
    tests.retain(|test| explains(evidence.promised, test) || explains(evidence.requested, test));
    Finding::Deviation {
        of: format!("{} by {}", facts.outcome, facts.factor),
        message,
        executed_at,
        registered_at,
        registered,
        executed,
        tests,
        hypotheses,
    }
}
