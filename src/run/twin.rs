//! The tests of a plan that is neither the promised nor the requested one, on the rows that it leaves.

use super::gather::Gathered;
use super::observe::{Changes, Settled};
use super::rows::Data;
use crate::data::{self, Collected, Sample, Table};
use crate::deviation::{self, Twins};
use crate::inference;
use crate::plan::{MissingRule, Plan, Wording};
use crate::record::{Digests, TestResult};
use crate::spec::pipeline::Mapping;
use std::collections::{BTreeMap, BTreeSet};

/// What each departure did by itself, and all combinations of them.
pub(super) fn twins(
    study: &Gathered,
    settled: &Settled,
    wording: &Wording,
    data: &Data,
    changes: &Changes,
    digests: &Digests,
) -> Twins {
    let Some(spec) = &study.pipeline.data else {
        return Twins::default();
    };
    let mut rerun = Rerun {
        table: &data.table,
        file: &study.inputs.data.name,
        mapping: &spec.mapping,
        wording,
        seed: digests.plan.seed(),
        typed: None,
        rows: None,
    };
    let rows = data.table.lines.len() as u64;
    let (promised, requested) = (&settled.promised, &settled.requested);
    deviation::twins(
        promised,
        requested,
        &changes.departures,
        rows,
        &mut |plan, wanted| rerun.tests(plan, wanted),
    )
}

/// Remembers the last rows: combinations that share them come one after the other.
struct Rerun<'a> {
    table: &'a Table,
    file: &'a str,
    mapping: &'a Mapping,
    wording: &'a Wording,
    seed: [u8; 32],
    typed: Option<(String, Option<Collected>)>,
    rows: Option<(String, Option<Sample>)>,
}

impl Rerun<'_> {
    /// The wanted tests, with whatever shares a correction or a gate with them. Nothing where the file lacks a column.
    fn tests(&mut self, plan: &Plan, wanted: &BTreeSet<String>) -> BTreeMap<String, TestResult> {
        let wanted = related(plan, wanted);
        let seed = self.seed;
        let Some(sample) = self.sample(plan) else {
            return BTreeMap::new();
        };
        let mut part = plan.clone();
        part.tests.retain(|id, _| wanted.contains(id));
        part.families
            .retain(|_, family| family.tests.iter().any(|t| wanted.contains(t)));
        let used: BTreeSet<&String> = part.tests.values().map(|t| &t.model).collect();
        let used: BTreeSet<String> = used.into_iter().cloned().collect();
        part.models.retain(|id, _| used.contains(id));
        part.hypotheses.clear();
        inference::analyse(&part, sample, seed).tests
    }

    fn sample(&mut self, plan: &Plan) -> Option<&Sample> {
        let whole = plan
            .missing
            .values()
            .any(|rule| *rule == MissingRule::DropFromStudy);
        let models = whole.then_some(&plan.models);
        let moving = (
            &plan.variables,
            &plan.derived,
            &plan.exclusions,
            &plan.missing,
            &plan.design,
            models,
        );
        let key = serde_json::to_string(&moving).ok()?;
        if self.rows.as_ref().is_none_or(|(known, _)| *known != key) {
            let sample = self
                .collected(plan)
                .map(|collected| data::analyse(collected, plan).sample);
            self.rows = Some((key, sample));
        }
        self.rows.as_ref()?.1.as_ref()
    }

    fn collected(&mut self, plan: &Plan) -> Option<&Collected> {
        let key = serde_json::to_string(&plan.variables).ok()?;
        if self.typed.as_ref().is_none_or(|(known, _)| *known != key) {
            let collected = data::collect(self.table, self.file, self.mapping, plan, self.wording).ok();
            self.typed = Some((key, collected));
        }
        self.typed.as_ref()?.1.as_ref()
    }
}

/// The tests that share a correction or wait for each other.
fn related(plan: &Plan, wanted: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = wanted.clone();
    for _ in 0..=plan.families.len() {
        for family in plan.families.values() {
            let gate = family.gate.as_ref().and_then(|g| plan.families.get(&g.family));
            if family.tests.iter().any(|t| found.contains(t)) {
                found.extend(family.tests.iter().cloned());
                found.extend(gate.into_iter().flat_map(|g| g.tests.iter().cloned()));
            }
        }
    }
    found
}
