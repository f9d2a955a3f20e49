//! `asregistered simulate`

use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, codes};
use crate::digest::Digest;
use crate::run;
use crate::simulate;
use crate::source::write_whole;
use crate::spec::pipeline::Format;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Clone, Copy, ValueEnum)]
enum Shape {
    Qualtrics,
    Csv,
}

#[derive(Args)]
#[command(
    after_help = "The draw's seed is the registration's plan digest: it cannot be shopped for.

Examples:
  asregistered simulate --rows 1502
  asregistered simulate --rows 200 --shape csv --out data/rehearsal.csv"
)]
pub(super) struct Arguments {
    /// The registration
    #[arg(long, value_name = "FILE", default_value = "prereg/registration.yaml")]
    registration: PathBuf,
    /// Rows that survive the registered exclusions by condition [default: the registered target]
    #[arg(long, value_name = "N")]
    rows: Option<u64>,
    /// The file's shape
    #[arg(long, value_enum, default_value_t = Shape::Qualtrics)]
    shape: Shape,
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = "data/responses.csv")]
    out: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let checked = match run::check(&arguments.registration) {
        Ok(checked) => checked,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let lowered = &checked.lowered;
    let rows = arguments.rows.or(lowered.plan.design.target).unwrap_or(1000);
    let shape = match arguments.shape {
        Shape::Qualtrics => Format::Qualtrics,
        Shape::Csv => Format::Csv,
    };
    let seed = match Digest::of_value(&lowered.plan) {
        Ok(digest) => digest.seed(),
        Err(error) => {
            let message = format!("the plan cannot be hashed: {error}");
            return terminal.failed(None, &[Diagnostic::error(codes::NOT_FINITE, message)]);
        }
    };
    let rows = usize::try_from(rows).unwrap_or(usize::MAX).min(10_000_000);
    let drawn = simulate::draw(
        &lowered.plan,
        &lowered.wording,
        &lowered.expected,
        rows,
        seed,
        shape,
    );
    let text = match drawn {
        Ok(text) => text,
        Err(diagnostics) => return terminal.failed(None, &diagnostics),
    };
    if let Err(error) = write_whole(&arguments.out, text.as_bytes()) {
        let message = format!("cannot write {}: {error}", arguments.out.display());
        return terminal.failed(None, &[Diagnostic::error(codes::CANNOT_WRITE, message)]);
    }
    if terminal.json {
        let more = serde_json::json!({ "sha256": Digest::of(text.as_bytes()), "rows": rows });
        terminal.answer(Some(true), &[], more);
    } else {
        terminal.say(&format!(
            "Drew {rows} rows that survive the exclusions by condition: {}\nSay `provenance: simulated` in the pipeline.\nNext: asregistered run\n",
            arguments.out.display()
        ));
    }
    Some(true)
}
