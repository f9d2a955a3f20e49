//! `asregistered ledger`, and the entries that other verbs leave in it.

use super::clock;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::lock::ledger::{self, Entry, Event, Ledger};
use crate::run::{self, Failure, Run};
use crate::source::Source;
use clap::Args;
use std::path::{Path, PathBuf};

/// The largest ledger that is read.
const LIMIT: u64 = 256 << 20;

#[derive(Args)]
#[command(
    after_help = "Every lock, amendment and analysis of a study, in order, each entry with the digest of the one before.

Examples:
  asregistered ledger
  asregistered ledger prereg/ledger.jsonl --format json"
)]
pub(super) struct Arguments {
    /// The ledger
    #[arg(value_name = "FILE", default_value = "prereg/ledger.jsonl")]
    ledger: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let name = arguments.ledger.to_string_lossy().replace('\\', "/");
    let source = match Source::read(&arguments.ledger, &name, LIMIT) {
        Ok(source) => source,
        Err(diagnostic) => return terminal.failed(None, &[diagnostic]),
    };
    let read = Ledger::read(&source);
    let mut found: Vec<Diagnostic> = read
        .broken
        .iter()
        .map(|(line, why)| broken(&name, *line, why))
        .collect();
    let holds = found.is_empty();
    found.extend(torn(&name, read.torn, "the next entry takes it away"));
    if terminal.json {
        let more = serde_json::json!({ "entries": read.entries });
        terminal.answer(Some(holds), &found, more);
        return Some(holds);
    }
    for (position, entry) in read.entries.iter().enumerate() {
        terminal.say(&format!("{:>4}  {}  {}\n", position + 1, entry.at, words(entry)));
    }
    terminal.diagnostics(&found, !holds);
    if holds {
        terminal.say(&format!(
            "{} entries, each with the digest of the one before.\n",
            read.entries.len()
        ));
    }
    Some(holds)
}

fn words(entry: &Entry) -> String {
    match &entry.event {
        Event::Lock { root, .. } => format!("lock       {}", root.fingerprint()),
        Event::Amendment { root, reason, .. } => format!("amendment  {}  {reason}", root.fingerprint()),
        Event::Run { of, verdict } => {
            let plan = match (&of.lock, of.plan == of.requested_plan) {
                (None, _) => "without a lock",
                (Some(_), true) => "with the registered plan",
                (Some(_), false) => "with departures from the registered plan",
            };
            let verdict = serde_json::to_value(verdict).ok();
            let verdict = verdict
                .as_ref()
                .and_then(|v| v.as_str())
                .unwrap_or_default()
                .replace('_', " ");
            format!("analysis   {}  {plan}: {verdict}", of.file)
        }
    }
}

fn broken(name: &str, line: usize, why: &str) -> Diagnostic {
    let mut place = Place::file(name);
    place.line = line;
    Diagnostic::error(
        codes::LOCK_BROKEN,
        format!("the ledger's chain does not hold: {why}"),
    )
    .at(place)
    .help("restore the file that was written; a ledger is never edited by hand")
}

fn torn(name: &str, bytes: usize, then: &str) -> Option<Diagnostic> {
    let message =
        format!("the ledger's last entry was cut off after {bytes} bytes while it was written: {then}");
    let warning = Diagnostic::warning(codes::LOCK_BROKEN, message).at(Place::file(name));
    (bytes > 0).then_some(warning)
}

/// Runs a study and leaves the analysis in its ledger, once. Where another analysis was recorded meanwhile, it counts.
pub(super) fn recorded(pipeline: &Path, terminal: &Terminal) -> Result<Run, Failure> {
    let mut run = run::run(pipeline)?;
    let path = run.inputs.folder.join(&run.ledger);
    let verdict = run.record.verdict;
    let (analysis, name) = (run.analysis.clone(), run.ledger.clone());
    let next = |ledger: &Ledger| {
        let known = ledger.analyses().any(|(_, _, of)| *of == analysis);
        let of = analysis.clone();
        (!known).then_some(Event::Run { of, verdict })
    };
    let (found, added) =
        ledger::append(&path, &clock::now(), &next).map_err(|error| cannot_write(&name, &error))?;
    if added {
        terminal.diagnostics(
            &Vec::from_iter(torn(&name, found.torn, "it was taken away")),
            false,
        );
    }
    let seen = run
        .inputs
        .ledger
        .as_ref()
        .map_or(0, |source| Ledger::read(source).entries.len());
    if added && found.entries.len() != seen {
        return run::run(pipeline);
    }
    run.inputs.ledger = Some(Source::read(&path, &name, LIMIT)?);
    Ok(run)
}

/// Leaves a lock or an amendment in the ledger beside it.
pub(super) fn locked(lock: &Path, at: &str, event: &Event) -> Result<(), Diagnostic> {
    let path = lock.with_file_name(ledger::FILE);
    let written = ledger::append(&path, at, &|_| Some(event.clone()));
    written
        .map(|_| ())
        .map_err(|error| cannot_write(ledger::FILE, &error))
}

fn cannot_write(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(codes::CANNOT_WRITE, format!("cannot write {name}: {error}"))
        .at(Place::file(name))
        .help("a lock, an amendment and an analysis are recorded beside the lock: check that its folder can be written to")
}
