//! What the pipeline explores beside the plan: unregistered tests on the analysed rows, kept apart from all that is judged.

use super::request::{Requested, in_file};
use crate::data::{self, Sample};
use crate::diagnostic::{Severity, codes};
use crate::plan::{Derivation, MissingRule, Over, Plan, lower};
use crate::record::Exploration;
use crate::spec::fields::{Fields, Findings};
use crate::spec::yaml::Node;
use crate::spec::{Located, departures, registration};
use crate::{deviation, inference};
use std::collections::{BTreeMap, BTreeSet};

/// The sections of a registration that exploration may add to. Who is analysed is not among them.
const SECTIONS: [&str; 5] = ["derived", "missing", "models", "tests", "families"];

/// What is explored, resolved against the plan as requested.
pub(super) struct Explored {
    plan: Plan,
    /// The names that exploration adds, by section, in the order they were written.
    names: BTreeMap<&'static str, Vec<String>>,
}

/// Reads `exploratory:`. `plans` are all whose names are taken: the locked one, the registration's, the request's.
pub(super) fn read(
    node: &Node,
    requested: &Requested,
    plans: &[&Plan],
    found: &Findings,
    pipeline: &str,
) -> Explored {
    let own = Findings::default();
    let fields = Fields::open(node, "exploratory", &SECTIONS, &own);
    let mut names = BTreeMap::new();
    for section in SECTIONS {
        let added: Vec<&Located<String>> = fields
            .entries_of(section)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        for name in &added {
            if plans.iter().any(|plan| taken(plan, section, &name.value)) {
                registered(section, name, &own);
            }
        }
        names.insert(section, added.iter().map(|name| name.value.clone()).collect());
    }
    let merged = departures::apply(&requested.root, node);
    let plan = lower(&registration::read(&merged, &own), &own).plan;
    let explored = Explored { plan, names };
    explored.stands_alone(node, &own);
    // That no hypothesis uses an exploratory test is as it should be.
    found.absorb(own, |d| {
        d.severity == Severity::Error || (d.code != codes::UNUSED && in_file(d, pipeline))
    });
    explored
}

fn taken(plan: &Plan, section: &str, name: &str) -> bool {
    match section {
        "derived" => plan.has_column(name),
        "missing" => plan.missing.keys().any(|role| role.word() == name),
        "models" => plan.models.contains_key(name),
        _ => plan.tests.contains_key(name) || plan.families.contains_key(name),
    }
}

fn registered(section: &str, name: &Located<String>, found: &Findings) {
    found.error(
        codes::EXPLORATORY_NAME,
        &name.at,
        format!("exploratory.{section}: `{}` is registered", name.value),
        "give what is explored a name of its own; a registered plan is changed under `analysis:`, where the change is seen",
    );
}

impl Explored {
    fn is(&self, section: &str, name: &str) -> bool {
        self.names
            .get(section)
            .is_some_and(|names| names.iter().any(|n| n == name))
    }

    /// Its corrections are its own, and it settles nothing about who is analysed.
    fn stands_alone(&self, node: &Node, found: &Findings) {
        let places = departures::places(node);
        for (id, family) in self
            .plan
            .families
            .iter()
            .filter(|(id, _)| self.is("families", id))
        {
            let of_plan = family.tests.iter().find(|t| !self.is("tests", t));
            let gate = family
                .gate
                .as_ref()
                .map(|g| &g.family)
                .filter(|g| !self.is("families", g));
            let Some((name, at)) = of_plan.or(gate).zip(places.get(&format!("families.{id}"))) else {
                continue;
            };
            found.error(
                codes::EXPLORATORY_NAME,
                at,
                format!("exploratory.families.{id}: `{name}` is registered"),
                "a family of exploratory tests corrects exploratory tests alone",
            );
        }
        for derived in self.plan.derived.iter().filter(|d| self.is("derived", &d.name)) {
            let left = matches!(&derived.rule, Derivation::Standardise { over, .. } if *over != Over::Kept);
            if let Some(at) = places.get(&format!("derived.{}", derived.name)).filter(|_| left) {
                found.error(
                    codes::INCOMPATIBLE,
                    at,
                    format!(
                        "exploratory.derived.{}: exploration sees the kept rows alone",
                        derived.name
                    ),
                    "write `over: kept`",
                );
            }
        }
        for (role, rule) in &self.plan.missing {
            let at = places.get(&format!("missing.{}", role.word()));
            if let Some(at) = at.filter(|_| *rule == MissingRule::DropFromStudy) {
                found.error(
                    codes::EXPLORATORY_NAME,
                    at,
                    format!(
                        "exploratory.missing.{}: the analysed rows are the registered plan's to settle",
                        role.word()
                    ),
                    "choose drop_from_test, fail or, for covariates, indicator",
                );
            }
        }
    }

    /// Runs what is explored on the rows that the plan as requested analyses, with its models as they were run.
    pub(super) fn run(
        &self,
        requested: &Plan,
        analysed: &Sample,
        seed: [u8; 32],
        registered: Option<String>,
    ) -> Exploration {
        let mut plan = self.plan.clone();
        for (id, model) in &requested.models {
            plan.models.insert(id.clone(), model.clone());
        }
        let used: BTreeSet<&String> = self
            .plan
            .tests
            .iter()
            .filter(|(id, _)| self.is("tests", id))
            .map(|(_, t)| &t.model)
            .collect();
        plan.models
            .retain(|id, _| used.contains(id) || self.is("models", id));
        plan.tests.retain(|id, _| self.is("tests", id));
        plan.families.retain(|id, _| self.is("families", id));
        plan.hypotheses.clear();
        let sample = data::derive_more(analysed.clone(), &plan);
        let outcomes = inference::analyse(&plan, &sample, seed);
        let order = self.names.get("tests").map_or(&[][..], Vec::as_slice);
        Exploration {
            registered,
            tests: deviation::explored(&plan, order, &outcomes),
            models: outcomes
                .models
                .into_iter()
                .filter(|(id, _)| self.is("models", id))
                .map(|(_, m)| m)
                .collect(),
        }
    }
}
