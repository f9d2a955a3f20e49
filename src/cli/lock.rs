//! `asregistered lock`

use super::terminal::Terminal;
use super::{clock, ledger};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::lock::ledger::Event;
use crate::lock::{self, LockFile};
use crate::run;
use crate::source::{Source, write_whole};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered lock
  asregistered lock --amend --reason \"the panel provider changed before fielding\"")]
pub(super) struct Arguments {
    /// The registration; the lock is written beside it
    #[arg(long, value_name = "FILE", default_value = "prereg/registration.yaml")]
    registration: PathBuf,
    /// Replace the lock by an amendment that names it
    #[arg(long, requires = "reason")]
    amend: bool,
    /// Why the registration is amended
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let checked = match run::check(&arguments.registration) {
        Ok(checked) => checked,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let path = arguments
        .registration
        .parent()
        .unwrap_or(Path::new(""))
        .join("lock.json");
    let amends = match predecessor(arguments, &path) {
        Ok(amends) => amends,
        Err((holds, diagnostics)) => return terminal.failed(holds, &diagnostics),
    };
    let now = clock::now();
    let frozen = lock::freeze(
        &checked.registration,
        &checked.documents,
        &checked.lowered,
        now.clone(),
        amends.clone(),
    );
    let written = frozen.and_then(|lock| Ok((lock.to_bytes()?, lock)));
    let (bytes, lock) = match written {
        Ok(written) => written,
        Err(error) => {
            let message = format!("the plan cannot be hashed: {error}");
            return terminal.failed(None, &[Diagnostic::error(codes::NOT_FINITE, message)]);
        }
    };
    if amends.is_some_and(|(old, _)| old.files == lock.files && old.plan_digest == lock.plan_digest) {
        let diagnostic = Diagnostic::error(codes::LOCK_UNCHANGED, "nothing differs from the lock")
            .at(Place::file("lock.json"))
            .help("there is nothing to amend");
        return terminal.failed(None, &[diagnostic]);
    }
    if let Err(error) = write_whole(&path, &bytes) {
        let message = format!("cannot write lock.json: {error}");
        return terminal.failed(None, &[Diagnostic::error(codes::CANNOT_WRITE, message)]);
    }
    if let Err(diagnostic) = ledger::locked(&path, &now, &event(&lock)) {
        return terminal.failed(None, &[diagnostic]);
    }
    if terminal.json {
        let more = serde_json::json!({ "root": lock.root, "plan_digest": lock.plan_digest });
        terminal.answer(Some(true), &checked.diagnostics, more);
    } else {
        terminal.say(&format!(
            "Locked {} files and the plan they mean: {}\n  fingerprint  {}\nKeep the fingerprint with the public registration, then collect.\nNext: asregistered run\n",
            lock.files.len(),
            path.display(),
            lock.root.fingerprint(),
        ));
    }
    Some(true)
}

fn event(lock: &LockFile) -> Event {
    let (root, plan) = (lock.root.clone(), lock.plan_digest.clone());
    match &lock.amends {
        None => Event::Lock { root, plan },
        Some(amends) => Event::Amendment {
            root,
            amends: amends.lock.root.clone(),
            plan,
            reason: amends.reason.clone(),
        },
    }
}

/// The lock to amend, if that is asked for; a refusal if there is one and it is not.
#[expect(
    clippy::type_complexity,
    reason = "a refusal is a verdict with its diagnostics"
)]
fn predecessor(
    arguments: &Arguments,
    path: &Path,
) -> Result<Option<(LockFile, String)>, (Option<bool>, Vec<Diagnostic>)> {
    let place = Place::file("lock.json");
    match (path.exists(), arguments.amend) {
        (false, false) => Ok(None),
        (false, true) => Err((
            None,
            vec![
                Diagnostic::error(codes::LOCK_UNREADABLE, "there is no lock to amend")
                    .at(place)
                    .help("asregistered lock"),
            ],
        )),
        (true, false) => Err((
            None,
            vec![
                Diagnostic::error(codes::LOCK_EXISTS, "the registration is locked already")
                    .at(place)
                    .help("a change is an amendment: asregistered lock --amend --reason \"…\""),
            ],
        )),
        (true, true) if arguments.reason.as_deref().is_none_or(|r| r.trim().is_empty()) => Err((
            None,
            vec![
                Diagnostic::error(codes::MISSING_KEY, "an amendment needs its reason")
                    .at(place)
                    .help("asregistered lock --amend --reason \"…\""),
            ],
        )),
        (true, true) => {
            let source = Source::read(path, "lock.json", 64 << 20).map_err(|d| (None, vec![d]))?;
            let locked = lock::open(&source).map_err(|d| (Some(false), d))?;
            Ok(Some((
                locked.file().clone(),
                arguments.reason.clone().unwrap_or_default(),
            )))
        }
    }
}
