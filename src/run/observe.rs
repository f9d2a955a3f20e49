//! The steps between reading and judging: promise, data, results, and the record's facts.

use super::compare;
use super::gather::Gathered;
use super::ledger;
use super::rows::{Data, Rows};
use super::sampled;
use super::{Failure, Plans};
use crate::data::{self, Replayed};
use crate::deviation::{self, Evidence, FieldChange, Twins};
use crate::diagnostic::{Diagnostic, codes};
use crate::digest::Digest;
use crate::inference::{self, Decision, Outcomes};
use crate::plan::lower::Places;
use crate::plan::{Counted, Plan, Wording};
use crate::record::{Digests, Exploration, Observed};

/// The locked plan; the registration's own where nothing differs, since it remembers how it was written.
pub(super) fn promise(study: &Gathered) -> Plan {
    match &study.locked {
        Some(locked) if *locked.plan() != study.written.plan => locked.plan().clone(),
        _ => study.written.plan.clone(),
    }
}

/// The locked words. Ids that only the request has come after, so that no edit can relabel what was promised.
pub(super) fn wording(study: &Gathered) -> Wording {
    let mut wording = match &study.locked {
        Some(locked) => locked.wording().clone(),
        None => study.written.wording.clone(),
    };
    let requested = &study.requested.wording;
    for (known, more) in [
        (&mut wording.tests, &requested.tests),
        (&mut wording.hypotheses, &requested.hypotheses),
    ] {
        let new: Vec<String> = more.iter().filter(|id| !known.contains(id)).cloned().collect();
        known.extend(new);
    }
    for (name, label) in &requested.labels {
        wording
            .labels
            .entry(name.clone())
            .or_insert_with(|| label.clone());
    }
    for (name, levels) in &requested.levels {
        let known = wording.levels.entry(name.clone()).or_default();
        for (level, label) in levels {
            if !known.iter().any(|(l, _)| l == level) {
                known.push((level.clone(), label.clone()));
            }
        }
    }
    for (id, reason) in &requested.reasons {
        wording
            .reasons
            .entry(id.clone())
            .or_insert_with(|| reason.clone());
    }
    wording
}

/// The results as requested, and as registered where that differs.
pub(super) struct Results {
    pub requested: Outcomes,
    pub promised: Option<Outcomes>,
}

impl Results {
    pub fn promised(&self) -> &Outcomes {
        self.promised.as_ref().unwrap_or(&self.requested)
    }
}

/// What the pipeline explores, on the rows that the request analyses.
fn explored(
    study: &Gathered,
    requested: &Plan,
    wording: &Wording,
    data: &Data,
    seed: [u8; 32],
) -> Exploration {
    let registered = wording.exploratory.clone();
    match &study.explored {
        Some(explored) => explored.run(requested, &data.requested.analysed.sample, seed, registered),
        None => Exploration {
            registered,
            ..Exploration::default()
        },
    }
}

/// Both plans with the branches that the collected data took, and how the registered contingencies came out.
pub(super) struct Settled {
    pub promised: Plan,
    pub requested: Plan,
    pub decisions: Vec<Decision>,
}

impl Settled {
    /// A field that a branch has set stands where the branch says so.
    fn branches_in(&self, places: &mut Places) {
        for decision in self.decisions.iter().filter(|d| d.holds == Some(true)) {
            let said = places
                .get(&format!("contingencies.{}.then", decision.contingency.key()))
                .cloned();
            for assignment in decision.contingency.then.iter().filter(|_| said.is_some()) {
                places.extend(said.clone().map(|at| (assignment.path(), at)));
            }
        }
    }

    pub fn plans(&self) -> Plans<'_> {
        Plans {
            promised: &self.promised,
            requested: &self.requested,
        }
    }
}

/// Decides the registered contingencies on the registered rows. The request takes over what it did not change.
pub(super) fn settle(data: &Data, plans: &Plans<'_>, digests: &Digests) -> Result<Settled, Failure> {
    let settle = |plan: &Plan, rows: &Rows, decided: &[Decision]| {
        inference::settle(plan, &rows.analysed.sample, digests.plan.seed(), decided).map_err(|error| {
            Failure::from(Diagnostic::error(
                codes::LOCK_UNREADABLE,
                format!("a contingency of the locked plan cannot be read: {error}"),
            ))
        })
    };
    let (promised, decisions) = settle(plans.promised, data.promised(), &[])?;
    let (requested, _) = settle(plans.requested, &data.requested, &decisions)?;
    Ok(Settled {
        promised,
        requested,
        decisions,
    })
}

pub(super) fn analyse(data: &Data, plans: &Plans<'_>, digests: &Digests) -> Results {
    let seed = digests.plan.seed();
    Results {
        requested: inference::analyse(plans.requested, &data.requested.analysed.sample, seed),
        promised: data
            .promised
            .as_ref()
            .map(|rows| inference::analyse(plans.promised, &rows.analysed.sample, seed)),
    }
}

/// What differs, field by field: promise against request, and lock against registration.
pub(super) struct Changes {
    pub departures: Vec<FieldChange>,
    pub edits: Vec<FieldChange>,
    /// Places of the promise, if the registration still says what was locked.
    pub promised_places: Places,
    pub requested_places: Places,
}

pub(super) fn changes(study: &Gathered, written: &Plans<'_>, settled: &Settled) -> Changes {
    let edited = *written.promised != study.written.plan;
    let mut promised_places = if edited {
        Places::new()
    } else {
        study.written.places.clone()
    };
    let mut requested_places = study.requested.places.clone();
    settled.branches_in(&mut promised_places);
    settled.branches_in(&mut requested_places);
    let departures = deviation::diff(
        &settled.promised,
        &settled.requested,
        &promised_places,
        &requested_places,
    );
    let mut edits = if edited {
        deviation::diff(
            written.promised,
            &study.written.plan,
            &Places::new(),
            &study.written.places,
        )
    } else {
        Vec::new()
    };
    if let Some(expected) = study.locked.as_ref().and_then(|locked| locked.expected()) {
        edits.extend(deviation::expectations(
            expected,
            &study.written.expected,
            &study.written.places,
        ));
    }
    Changes {
        departures,
        edits,
        promised_places,
        requested_places,
    }
}

pub(super) fn evidence<'a>(
    study: &'a Gathered,
    plans: &Plans<'a>,
    wording: &'a Wording,
    changes: &'a Changes,
    twins: &'a Twins,
) -> Evidence<'a> {
    Evidence {
        promised: plans.promised,
        requested: plans.requested,
        changes: &changes.departures,
        edits: &changes.edits,
        promised_places: &changes.promised_places,
        requested_places: &changes.requested_places,
        departures: &study.departures,
        wording,
        twins,
        mapping: study.pipeline.data.as_ref().map(|d| &d.mapping),
        shape: study.pipeline.data.as_ref().map(|d| &d.shape),
        registration_file: &study.inputs.registration.name,
        pipeline_file: &study.inputs.pipeline.name,
    }
}

pub(super) fn observed(
    study: &Gathered,
    settled: &Settled,
    digests: Digests,
    wording: &Wording,
    data: &Data,
    results: &Results,
    changes: &Changes,
    replayed: Option<&Replayed>,
) -> Observed {
    let plans = &settled.plans();
    let seed = digests.plan.seed();
    let promised = data.promised();
    let counted = match plans.promised.design.counted {
        Counted::BeforeExclusions => promised.collected.sample.rows(),
        Counted::AfterExclusions => promised.analysed.sample.rows(),
    };
    let mut collection = data::collection(&promised.collected, plans.promised, counted as u64);
    let repeated = data::repeated(&promised.analysed.sample, plans.promised);
    collection.repeated_units_count = repeated.len() as u64;
    collection.repeated_units = repeated.into_iter().take(10).collect();
    let pinned = study.pipeline.data.as_ref().and_then(|d| d.sha256.as_ref());
    collection.pinned = pinned.map(|p| p.value.clone());
    let mut assignment = data::assignment(&promised.collected, plans.promised);
    assignment.iter_mut().for_each(inference::allocation);
    let lock = study.locked.as_ref();
    let lock = lock.map(|l| {
        let mut facts = l.facts(&|path| study.inputs.digest_beside_registration(path));
        compare::amendments(l, &mut facts);
        facts
    });
    let analysis = ledger::analysis(study, &digests);
    Observed {
        provenance: analysis.provenance,
        blind: analysis.blind,
        digests,
        ledger: ledger::facts(study, &analysis, lock.as_ref()),
        lock,
        collection,
        analysed: replayed.map(|r| r.facts.clone()),
        file: data.promised().collected.file.clone(),
        shape: data.shape.clone(),
        flagged: data.flagged.clone(),
        cells: data.promised().collected.cells.clone(),
        flow: data.requested.analysed.flow.clone(),
        flow_as_registered: promised.analysed.flow.clone(),
        flow_by_arm: data.requested.analysed.flow_by_arm.clone(),
        exclusions: sampled::exclusions(plans, data),
        assignment,
        balance: inference::balance(plans.requested, &data.requested.analysed.sample),
        attrition: sampled::attrition(plans, data),
        raked: data::raked(&data.requested.analysed.sample, plans.requested),
        reliability: inference::reliability(plans.requested, &data.requested.analysed.sample),
        forbidden: data::forbidden(&promised.collected, plans.promised, &study.inputs.data.name),
        codebook: sampled::codebook(&promised.collected.codebook, plans.promised),
        tests: deviation::tests(
            plans.promised,
            plans.requested,
            &changes.departures,
            wording,
            results.promised(),
            &results.requested,
        ),
        models: models(&results.requested),
        hypotheses: deviation::hypotheses(
            plans.promised,
            plans.requested,
            wording,
            results.promised(),
            &results.requested,
        ),
        margins: inference::figures(
            plans.requested,
            &data.requested.analysed.sample,
            &results.requested,
            seed,
        ),
        conventions: study.requested.conventions.clone(),
        contingencies: deviation::contingencies(plans.promised, &settled.decisions),
        exploratory: explored(study, plans.requested, wording, data, seed),
    }
}

fn digest(plan: &Plan) -> Result<Digest, Failure> {
    Digest::of_value(plan).map_err(|e| {
        Failure::from(Diagnostic::error(
            codes::NOT_FINITE,
            format!("the plan cannot be hashed: {e}"),
        ))
    })
}

pub(super) fn digests(study: &Gathered, plans: &Plans<'_>) -> Result<Digests, Failure> {
    Ok(Digests {
        registration: study.inputs.registration.digest.clone(),
        plan: digest(plans.promised)?,
        requested_plan: digest(plans.requested)?,
        data: study.inputs.data.digest.clone(),
        pipeline: study.inputs.pipeline.digest.clone(),
        lock: study.locked.as_ref().map(|l| l.root().clone()),
    })
}

fn models(outcomes: &Outcomes) -> Vec<crate::record::ModelRecord> {
    outcomes.models.values().cloned().collect()
}
