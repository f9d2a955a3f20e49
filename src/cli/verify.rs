//! `asregistered verify`

use super::terminal::Terminal;
use crate::archive::{self, StepResult};
use crate::source::Source;
use clap::Args;
use std::path::PathBuf;

/// The largest bundle that is read.
const LIMIT: u64 = 8 << 30;

#[derive(Args)]
#[command(
    after_help = "Nothing in a bundle is executed, and nothing is written outside a temporary folder.

Examples:
  asregistered verify bundle.zip
  asregistered verify bundle.zip --format json"
)]
pub(super) struct Arguments {
    /// A bundle that `asregistered archive` wrote
    bundle: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let name = arguments
        .bundle
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let source = match Source::read(&arguments.bundle, &name, LIMIT) {
        Ok(source) => source,
        Err(diagnostic) => return terminal.failed(None, &[diagnostic]),
    };
    let verification = archive::verify(&source.bytes);
    // What never was a zip is no bundle that fails: it could not be checked.
    let holds = verification
        .holds()
        .filter(|h| *h || source.bytes.starts_with(b"PK") || source.bytes.len() > 64);
    if terminal.json {
        terminal.answer(holds, &verification.diagnostics, &verification);
        return holds;
    }
    terminal.diagnostics(&verification.diagnostics, true);
    for step in &verification.steps {
        let (word, style) = match step.result {
            StepResult::Holds => ("holds", "1;32"),
            StepResult::DoesNotHold => ("does not hold", "1;31"),
            StepResult::NotChecked => ("could not be checked", "1;33"),
        };
        terminal.say(&format!(
            "  {:<10} {}: {}\n",
            step.step,
            terminal.palette.paint(style, word),
            step.detail
        ));
    }
    let study = verification
        .verdict
        .map(|v| format!(" The study itself: {}.", verdict_words(v)))
        .unwrap_or_default();
    terminal.say(&match holds {
        Some(true) => format!("{name} holds.{study}\n"),
        Some(false) => format!("{name} does not hold.\n"),
        None => format!("{name} could not be checked.\n"),
    });
    holds
}

fn verdict_words(verdict: crate::record::Verdict) -> &'static str {
    match verdict {
        crate::record::Verdict::AsRegistered => "as registered",
        crate::record::Verdict::DeviatesDisclosed => "deviates, disclosed",
        crate::record::Verdict::DeviatesUndisclosed => "deviates, undisclosed",
        crate::record::Verdict::NotCheckable => "could not be checked",
    }
}
