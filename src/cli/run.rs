//! `asregistered run`, the default verb.

use super::terminal::Terminal;
use super::{ledger, summary};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::record::{ClaimsRecord, Record, Verdict};
use crate::report;
use crate::run::Run;
use crate::source::write_together;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered run
  asregistered run --pipeline tests/studies/bonilla_tillery/pipeline.yaml --format json")]
pub(super) struct Arguments {
    /// The pipeline [default: pipeline.yaml]
    #[arg(long, value_name = "FILE")]
    pub pipeline: Option<PathBuf>,
    /// Print a stub of `disclosures:` for what is undisclosed, in place of the summary
    #[arg(long)]
    pub draft_disclosures: bool,
}

impl Arguments {
    pub fn of(pipeline: Option<PathBuf>) -> Self {
        Arguments {
            pipeline,
            draft_disclosures: false,
        }
    }
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let path = arguments
        .pipeline
        .clone()
        .unwrap_or_else(|| PathBuf::from("pipeline.yaml"));
    if arguments.pipeline.is_none() && !path.exists() {
        terminal.warn("There is no pipeline.yaml in this folder.\nName one with --pipeline FILE, or see asregistered --help.\n");
        return None;
    }
    let run = match ledger::recorded(&path, terminal) {
        Ok(run) => run,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    if let Err(diagnostic) = write(&run) {
        return terminal.failed(None, &[diagnostic]);
    }
    if arguments.draft_disclosures {
        terminal.say(&report::draft(&run.record));
    } else if terminal.json {
        terminal.say(&report::record_json(&run.record));
    } else {
        // What is open in the registration is `check`'s to say.
        let of_run = |d: &&Diagnostic| d.code.id.starts_with('A') || d.code == codes::DISCLOSURE_UNMATCHED;
        let of_run: Vec<Diagnostic> = run.diagnostics.iter().filter(of_run).cloned().collect();
        terminal.diagnostics(&of_run, false);
        terminal.say(&summary::text(&run, terminal.palette));
    }
    holds(&run.record)
}

/// A disclosed deviation holds; an undisclosed one does not, nor does a claim that the run contradicts; without a lock
/// there is nothing to hold.
pub(super) fn holds(record: &Record) -> Option<bool> {
    if record.claims.as_ref().and_then(ClaimsRecord::holds) == Some(false) {
        return Some(false);
    }
    match record.verdict {
        Verdict::AsRegistered | Verdict::DeviatesDisclosed => Some(true),
        Verdict::DeviatesUndisclosed => Some(false),
        Verdict::NotCheckable => None,
    }
}

/// The report and the files beside it, the report last: who sees it has all of them.
fn write(run: &Run) -> Result<(), Diagnostic> {
    let html = report::html(&run.record, &run.wording)
        .map_err(|e| Diagnostic::error(codes::CANNOT_WRITE, format!("the report cannot be rendered: {e}")))?;
    let path = run.inputs.folder.join(&run.report);
    let beside = |name: &str| path.parent().unwrap_or(Path::new("")).join(name);
    let files = [
        (beside("record.json"), report::record_json(&run.record)),
        (beside("tests.csv"), report::tests_csv(&run.record)),
        (beside("deviations.csv"), report::deviations_csv(&run.record)),
        (path.clone(), html),
    ];
    let failed = |path: &Path, why: String| {
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        Diagnostic::error(codes::CANNOT_WRITE, format!("cannot write {name}: {why}"))
            .at(Place::file(run.report.to_string_lossy()))
    };
    if let Some((path, why)) = overwritten(run, &files) {
        return Err(failed(path, why)
            .help("write another `report: {path: …}` in the pipeline, such as reports/report.html"));
    }
    write_together(&files).map_err(|(path, error)| {
        failed(path, error.to_string()).help("check that the report's folder can be written to")
    })
}

/// A file of the report that would take the place of one of the study's own, or of another one of the report.
fn overwritten<'f>(run: &Run, files: &'f [(PathBuf, String)]) -> Option<(&'f Path, String)> {
    for (position, (path, _)) in files.iter().enumerate() {
        let before = files.get(..position).unwrap_or_default();
        if before.iter().any(|(other, _)| other == path) {
            return Some((path, String::from("the report's own files would have one name")));
        }
        if let Some(why) = refused(run, path) {
            return Some((path, why));
        }
    }
    None
}

/// Why nothing may be written there: a file of the study stands there.
pub(super) fn refused(run: &Run, path: &Path) -> Option<String> {
    let real = path.canonicalize().ok()?;
    let sources = run.inputs.sources();
    let source = sources
        .iter()
        .find(|s| s.path.canonicalize().is_ok_and(|p| p == real))?;
    Some(format!("it would replace the study's own {}", source.name))
}
