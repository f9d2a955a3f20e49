//! THE page: what a run is, step by step.
//!
//!  1. read the pipeline, the registration, its documents, the lock and the data, each once
//!  2. the promise is the locked plan; without a lock, the registration as it stands
//!  3. the request is the registration as it stands with the pipeline's departures
//!  4. read the data and hold every cell to the codebook
//!  5. leave out the registered rows, decide the registered contingencies on those that stay
//!  6. run the registered tests: as requested, and as registered if that differs
//!  7. run each departure alone, and their combinations
//!  8. write down what was done and found
//!  9. compare promise, request and record; judge
//! 10. hold the manuscript's claims to the record

mod claimed;
mod compare;
mod explore;
mod failure;
mod gather;
mod inspect;
mod ledger;
mod observe;
mod replay;
mod request;
mod rows;
mod sampled;
mod twin;

pub use claimed::claimed;
pub use compare::compare;
pub use failure::Failure;
pub use gather::{Checked, Inputs, check};
pub use inspect::{Inspected, inspect, personal};

use crate::claims;
use crate::deviation;
use crate::diagnostic::Diagnostic;
use crate::lock::ledger::Analysis;
use crate::plan::{Plan, Wording};
use crate::record::Record;
use std::path::{Path, PathBuf};

/// A finished run. Nothing was written.
#[derive(Clone, Debug)]
pub struct Run {
    pub record: Record,
    pub wording: Wording,
    /// Warnings and notes about the author's files.
    pub diagnostics: Vec<Diagnostic>,
    pub inputs: Inputs,
    /// Where the report goes, relative to the study's folder.
    pub report: PathBuf,
    /// Where the ledger is, or would be, relative to the study's folder.
    pub ledger: String,
    /// What the ledger knows this run by.
    pub analysis: Analysis,
}

/// The two plans that are compared.
struct Plans<'a> {
    promised: &'a Plan,
    requested: &'a Plan,
}

/// Runs a study.
pub fn run(pipeline: &Path) -> Result<Run, Failure> {
    let study = gather::gather(pipeline)?;
    let promised = observe::promise(&study);
    let plans = Plans {
        promised: &promised,
        requested: &study.requested.plan,
    };
    let wording = observe::wording(&study);
    let data = rows::collect(&study, &plans, &wording)?;
    let digests = observe::digests(&study, &plans)?;
    let settled = observe::settle(&data, &plans, &digests)?;
    let results = observe::analyse(&data, &settled.plans(), &digests);
    let changes = observe::changes(&study, &plans, &settled);
    let mut twins = twin::twins(&study, &settled, &wording, &data, &changes, &digests);
    let replayed = replay::replay(&study, &settled, &wording, &data)?;
    if let Some(replayed) = &replayed {
        replay::effects(
            replayed,
            &settled,
            &data,
            &results,
            digests.plan.seed(),
            &mut twins,
        );
    }
    let analysis = ledger::analysis(&study, &digests);
    let observed = observe::observed(
        &study,
        &settled,
        digests,
        &wording,
        &data,
        &results,
        &changes,
        replayed.as_ref(),
    );
    let evidence = observe::evidence(&study, &settled.plans(), &wording, &changes, &twins);
    let (mut record, unmatched) = deviation::judge(&evidence, observed, &study.pipeline.disclosures);
    let written = study.inputs.claims.as_ref().zip(study.claims.as_ref());
    record.claims = written.map(|(source, written)| claims::judge(source, written, &record));
    let mut diagnostics = study.diagnostics;
    diagnostics.extend(data.warnings);
    diagnostics.extend(unmatched);
    Ok(Run {
        record,
        wording,
        diagnostics,
        inputs: study.inputs,
        report: study.report,
        ledger: study.ledger,
        analysis,
    })
}
