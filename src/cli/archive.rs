//! `asregistered archive`

use super::ledger;
use super::terminal::Terminal;
use crate::archive;
use crate::diagnostic::{Diagnostic, codes};
use crate::digest::Digest;
use crate::run;
use crate::source::write_whole;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered archive
  asregistered archive --pipeline pipeline.yaml --out alliance-cohesion.zip")]
pub(super) struct Arguments {
    /// The pipeline
    #[arg(long, value_name = "FILE", default_value = "pipeline.yaml")]
    pipeline: PathBuf,
    /// Where to write the bundle
    #[arg(long, value_name = "FILE", default_value = "bundle.zip")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let run = match ledger::recorded(&arguments.pipeline, terminal) {
        Ok(run) => run,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let personal = match run::personal(&run.inputs) {
        Ok(personal) => personal,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let bytes = match archive::bundle(&run) {
        Ok(bytes) => bytes,
        Err(diagnostic) => return terminal.failed(None, &[diagnostic]),
    };
    if let Err(error) = write_whole(&arguments.out, &bytes) {
        let message = format!("cannot write {}: {error}", arguments.out.display());
        return terminal.failed(None, &[Diagnostic::error(codes::CANNOT_WRITE, message)]);
    }
    let digest = Digest::of(&bytes);
    if terminal.json {
        terminal.answer(
            Some(true),
            &personal,
            serde_json::json!({ "sha256": digest, "bytes": bytes.len() }),
        );
    } else {
        terminal.diagnostics(&personal, false);
        let out = arguments.out.display();
        terminal.say(&format!("{out}  {digest}\nNext: asregistered verify {out}\n"));
    }
    Some(true)
}
