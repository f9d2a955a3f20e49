//! What the ledger says of a run, up to and with the run itself.

use super::gather::{DOCUMENT_LIMIT, Gathered};
use crate::digest::Digest;
use crate::lock::Locked;
use crate::lock::ledger::{Analysis, Entry, Event, FILE, Ledger};
use crate::record::{AmendedAfter, Digests, EntryFacts, LedgerFacts, LockFacts, Provenance, Tool};
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::pipeline::Pipeline;
use std::path::Path;

/// The ledger lies beside the lock, or where the lock would be.
pub(super) fn path(request: &Pipeline, inner: &str) -> String {
    let beside = match &request.lock {
        Some(lock) => lock.value.rsplit_once('/').map_or("", |(above, _)| above),
        None => inner,
    };
    match beside {
        "" => FILE.to_owned(),
        above => format!("{above}/{}", FILE),
    }
}

pub(super) fn source(path: &str, folder: &Path, found: &Findings) -> Option<Source> {
    let file = folder.join(path);
    if !file.exists() {
        return None;
    }
    Source::read(&file, path, DOCUMENT_LIMIT)
        .map_err(|d| found.add(d))
        .ok()
}

/// What this run is an analysis of.
pub(super) fn analysis(study: &Gathered, digests: &Digests) -> Analysis {
    let spec = study.pipeline.data.as_ref();
    let provenance = spec.map_or(Provenance::Collected, |data| data.provenance.value);
    let tool = Tool::this();
    Analysis {
        file: study.inputs.data.name.clone(),
        data: digests.data.clone(),
        plan: digests.plan.clone(),
        requested_plan: digests.requested_plan.clone(),
        pipeline: digests.pipeline.clone(),
        lock: digests.lock.clone(),
        provenance,
        blind: false,
        tool: format!("{} {}", tool.name, tool.version),
    }
}

/// The facts. A run that stands in the ledger already is told from where it stands.
pub(super) fn facts(study: &Gathered, own: &Analysis, lock: Option<&LockFacts>) -> LedgerFacts {
    let read = study.inputs.ledger.as_ref().map(Ledger::read).unwrap_or_default();
    let ledger = read.until(own);
    let others = || ledger.analyses().filter(|(_, _, of)| *of != own);
    let registered = |of: &Analysis| of.lock.is_some() && of.plan == of.requested_plan;
    let of_data = |of: &Analysis| of.data == own.data;
    let count = |kind: fn(&Event) -> bool| ledger.entries.iter().filter(|e| kind(&e.event)).count() as u64;
    let earlier = others()
        .filter(|(_, _, of)| of_data(of) && registered(of))
        .count() as u64;
    LedgerFacts {
        file: study.ledger.clone(),
        analysis: others().filter(|(_, _, of)| of_data(of)).count() as u64 + 1,
        as_registered: registered(own).then_some(earlier + 1),
        analyses: others().count() as u64 + 1,
        locks: count(|event| matches!(event, Event::Lock { .. })),
        amendments: count(|event| matches!(event, Event::Amendment { .. })),
        before_lock: before_lock(&ledger, lock),
        amended_after: amended_after(&ledger, lock),
        other_data: others()
            .find(|(_, _, of)| of.file == own.file && !of_data(of) && of.shows_results())
            .map(|(number, entry, of)| told(number, entry, &of.data)),
        lost_lock: lost_lock(
            &ledger,
            &study.locked.as_ref().map(Locked::roots).unwrap_or_default(),
        ),
        broken: read.broken.map(|(line, why)| format!("line {line}: {why}")),
    }
}

fn told(number: usize, entry: &Entry, digest: &Digest) -> EntryFacts {
    EntryFacts {
        entry: number as u64,
        at: entry.at.clone(),
        digest: digest.clone(),
    }
}

/// Results of collected data that were seen before any lock is recorded, where there is a lock now.
fn before_lock(ledger: &Ledger, lock: Option<&LockFacts>) -> Option<EntryFacts> {
    lock?;
    let locked = ledger.entries.iter().position(|entry| match &entry.event {
        Event::Lock { .. } | Event::Amendment { .. } => true,
        Event::Run { of, .. } => of.lock.is_some(),
    });
    let mut seen = ledger.analyses().filter(|(_, _, of)| of.shows_results());
    let (number, entry, of) = seen.find(|(number, ..)| locked.is_none_or(|first| *number <= first))?;
    of.lock.is_none().then(|| told(number, entry, &of.data))
}

/// Amendments of the present lock that are recorded after results were seen.
fn amended_after(ledger: &Ledger, lock: Option<&LockFacts>) -> Vec<AmendedAfter> {
    let Some(lock) = lock else { return Vec::new() };
    let mut found = Vec::new();
    for (position, entry) in ledger.entries.iter().enumerate() {
        let Event::Amendment { root, reason, .. } = &entry.event else {
            continue;
        };
        let own = lock.amendments.iter().any(|a| a.root == *root);
        let before = ledger
            .analyses()
            .find(|(number, _, of)| *number <= position && of.shows_results());
        if let (true, Some((number, seen, of))) = (own, before) {
            found.push(AmendedAfter {
                amendment: told(position + 1, entry, root),
                reason: reason.clone(),
                analysis: told(number, seen, &of.data),
            });
        }
    }
    found
}

/// The last recorded lock, where the present one neither is it nor amends it.
fn lost_lock(ledger: &Ledger, roots: &[Digest]) -> Option<EntryFacts> {
    let mut entries = ledger.entries.iter().enumerate().rev();
    let (number, entry, root) = entries.find_map(|(position, entry)| match &entry.event {
        Event::Lock { root, .. } | Event::Amendment { root, .. } => Some((position + 1, entry, root)),
        Event::Run { .. } => None,
    })?;
    (!roots.contains(root)).then(|| told(number, entry, root))
}
