//! `asregistered claims`

use super::terminal::Terminal;
use crate::claims;
use crate::diagnostic::{Code, Diagnostic, clean, codes};
use crate::record::{ClaimRecord, ClaimResult, ClaimsRecord};
use crate::run;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered claims                            hold the claims that pipeline.yaml names to a run
  asregistered claims --claims claims.yaml       or these

A claim holds if the number that the run found may be rounded to the printed one. Exit status 1 if one does not hold,
2 if all that could be checked holds but something could not be.")]
pub(super) struct Arguments {
    /// The pipeline of the study
    #[arg(long, value_name = "FILE", default_value = "pipeline.yaml")]
    pipeline: PathBuf,
    /// What the manuscript says [default: the pipeline's `claims:`]
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let run = match run::run(&arguments.pipeline) {
        Ok(run) => run,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let judged = match (&arguments.claims, &run.record.claims) {
        (Some(path), _) => match run::claimed(&run, path) {
            Ok((judged, _)) => judged,
            Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
        },
        (None, Some(judged)) => judged.clone(),
        (None, None) => {
            let message = "the pipeline names no claims";
            let help = "write `claims: claims.yaml` into the pipeline, or name a file with --claims";
            return terminal.failed(None, &[Diagnostic::error(codes::MISSING_KEY, message).help(help)]);
        }
    };
    let found: Vec<Diagnostic> = judged.claims.iter().flat_map(diagnostics).collect();
    let holds = judged.holds();
    if terminal.json {
        terminal.answer(holds, &found, serde_json::json!({ "claims": judged }));
        return holds;
    }
    terminal.diagnostics(&found, true);
    terminal.say(&text(&judged));
    holds
}

/// A claim's findings, with their places.
fn diagnostics(claim: &ClaimRecord) -> Vec<Diagnostic> {
    let known = claim
        .findings
        .iter()
        .filter_map(|f| Some((f, claims::rule(&f.code)?)));
    known
        .map(|(finding, rule)| {
            let code = Code {
                id: rule.code,
                slug: rule.slug,
                page: "",
            };
            Diagnostic::error(code, format!("{}: {}", claim.place, finding.message)).at(finding.at.clone())
        })
        .collect()
}

/// The counts, what could not be checked, and what no claim speaks of.
fn text(judged: &ClaimsRecord) -> String {
    let count = |result| judged.count(result);
    let mut out = format!(
        "{}: {} claims; {} points hold, {} do not, {} could not be checked\n",
        clean(&judged.file),
        judged.claims.len(),
        count(ClaimResult::Holds),
        count(ClaimResult::DoesNotHold),
        count(ClaimResult::NotChecked),
    );
    for claim in &judged.claims {
        let open = claim
            .points
            .iter()
            .filter(|p| p.result == ClaimResult::NotChecked);
        for point in open {
            let why = point.note.as_deref().unwrap_or("the run has no such thing");
            let line = format!(
                "  not checked: {}, {} {}: {why}",
                claim.place, point.says, point.printed
            );
            out.push_str(&format!("{}\n", clean(&line)));
        }
    }
    if !judged.unclaimed.is_empty() {
        out.push_str(&format!(
            "  no claim speaks of the registered {}\n",
            clean(&judged.unclaimed.join(", "))
        ));
    }
    out
}
