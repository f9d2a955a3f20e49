//! Whether a decision rule can come out both ways, whatever the tests say.
//!
//! The tests are taken as free of each other. The search branches on one open test at a time and stops at
//! a branch as soon as Kleene's logic has decided it.

use super::Rule;
use crate::plan::FamilyPlan;
use std::collections::BTreeMap;

/// Past this many evaluations a rule is taken as able to come out either way: nothing is claimed of it.
const EVALUATIONS: usize = 20_000;

type Families = BTreeMap<String, FamilyPlan>;

/// Whether some outcome of the tests makes the rule true, and whether some makes it false.
pub fn outcomes(rule: &Rule, families: &Families) -> (bool, bool) {
    let tests: Vec<String> = rule.tests(families).into_iter().collect();
    let mut search = Search {
        budget: EVALUATIONS,
        can: (false, false),
    };
    let truth = |assigned: &BTreeMap<&str, bool>| rule.truth(families, &|t| assigned.get(t).copied());
    search.branch(&tests, &mut BTreeMap::new(), &truth);
    search.can
}

/// Whether one outcome of the tests makes both rules true.
pub fn both_can_hold(a: &Rule, b: &Rule, families: &Families) -> bool {
    let both = Rule::And(vec![a.clone(), b.clone()]);
    let tests: Vec<String> = both.tests(families).into_iter().collect();
    let mut search = Search {
        budget: EVALUATIONS,
        can: (false, true),
    };
    let truth = |assigned: &BTreeMap<&str, bool>| both.truth(families, &|t| assigned.get(t).copied());
    search.branch(&tests, &mut BTreeMap::new(), &truth);
    search.can.0 && search.budget > 0
}

struct Search {
    budget: usize,
    can: (bool, bool),
}

impl Search {
    fn branch<'t>(
        &mut self,
        open: &'t [String],
        assigned: &mut BTreeMap<&'t str, bool>,
        truth: &dyn Fn(&BTreeMap<&str, bool>) -> Option<bool>,
    ) {
        if self.can == (true, true) {
            return;
        }
        if self.budget == 0 {
            self.can = (true, true);
            return;
        }
        self.budget -= 1;
        match (truth(assigned), open) {
            (Some(true), _) => self.can.0 = true,
            (Some(false), _) => self.can.1 = true,
            (None, []) => {}
            (None, [first, rest @ ..]) => {
                for outcome in [true, false] {
                    assigned.insert(first, outcome);
                    self.branch(rest, assigned, truth);
                }
                assigned.remove(first.as_str());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Adjust;
    use crate::plan::decision::parse::{Known, parse};

    fn families() -> Families {
        let tests = (0..30).map(|i| format!("H{i}")).collect();
        BTreeMap::from([(
            "arms".to_owned(),
            FamilyPlan {
                tests,
                adjust: Adjust::Holm,
                gate: None,
                draws: None,
            },
        )])
    }

    fn rule(text: &str) -> Rule {
        parse(
            text,
            &Known {
                is_test: &|t| t.starts_with('H'),
                is_family: &|f| f == "arms",
            },
        )
        .unwrap()
        .0
    }

    #[test]
    fn finds_rules_that_cannot_fail_or_cannot_hold() {
        for (text, expected) in [
            ("H1", (true, true)),
            ("H1 or not H1", (true, false)),
            ("H1 and not H1", (false, true)),
            ("all(arms) and not any(arms)", (false, true)),
            ("at_least(31, arms)", (false, true)),
            ("at_least(15, arms)", (true, true)),
            ("H1 and (H2 or not H1)", (true, true)),
        ] {
            assert_eq!(outcomes(&rule(text), &families()), expected, "{text}");
        }
    }

    #[test]
    fn finds_rules_that_overlap() {
        assert!(both_can_hold(&rule("H1"), &rule("H2"), &families()));
        assert!(!both_can_hold(
            &rule("H1 and all(arms)"),
            &rule("not H1"),
            &families()
        ));
    }
}
