//! `asregistered claims`

use super::manuscript as results;
use super::terminal::Terminal;
use crate::claims::{self, manuscript, table};
use crate::diagnostic::{Code, Diagnostic, Place, clean, codes};
use crate::record::{ClaimRecord, ClaimResult, ClaimsRecord};
use crate::run::{self, Run};
use crate::source::{Source, write_whole};
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};

/// The largest file of claims that is read.
const LIMIT: u64 = 4 << 20;

#[derive(Args)]
#[command(group(ArgGroup::new("read").args(["from", "table"])))]
#[command(after_help = "Examples:
  asregistered claims                            hold the claims that pipeline.yaml names to a run
  asregistered claims --claims claims.yaml       or these
  asregistered claims --from manuscript.docx     find the results it prints, recompute p, tell which test each is
  asregistered claims --from paper.tex --draft claims.yaml
  asregistered claims --table table2.html --model approval,moderation

A claim holds if the number that the run found may be rounded to the printed one. Exit status 1 if one does not hold,
2 if all that could be checked holds but something could not be.")]
pub(super) struct Arguments {
    /// The pipeline of the study
    #[arg(long, value_name = "FILE", default_value = "pipeline.yaml")]
    pipeline: PathBuf,
    /// What the manuscript says [default: the pipeline's `claims:`]
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// Find the results that this manuscript prints, and recompute each p: .docx, .html, .md, .tex, .txt
    #[arg(long, value_name = "FILE", conflicts_with = "claims")]
    from: Option<PathBuf>,
    /// Hold a table of coefficients to the run's models: .tex, .html, .csv, .docx, as R's and Stata's programs print them
    #[arg(long, value_name = "FILE", conflicts_with_all = ["claims", "from"])]
    table: Option<PathBuf>,
    /// The table's models, from the left
    #[arg(long, value_name = "ID", value_delimiter = ',', requires = "table")]
    model: Vec<String>,
    /// Write what was found as a draft of claims.yaml
    #[arg(long, value_name = "FILE", requires = "read")]
    draft: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let run = match run::run(&arguments.pipeline) {
        Ok(run) => run,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    if let Some(path) = &arguments.from {
        return results::run(path, arguments.draft.as_deref(), &run.record, terminal);
    }
    let (mut open, mut lines) = (Vec::new(), Vec::new());
    let source = match (&arguments.table, &arguments.claims) {
        (Some(path), _) => Some(table(path, arguments, &run).map(|(source, read)| {
            (open, lines) = (read.open, read.lines);
            source
        })),
        (None, Some(path)) => Some(Source::read(path, &name(path), LIMIT)),
        (None, None) => None,
    };
    let mut judged = match (source, &run.record.claims) {
        (Some(Err(diagnostic)), _) => return terminal.failed(None, &[diagnostic]),
        (Some(Ok(source)), _) => match run::claimed(&run, &source) {
            Ok(judged) => judged,
            Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
        },
        (None, Some(judged)) => judged.clone(),
        (None, None) => {
            let message = "the pipeline names no claims";
            let help = "write `claims: claims.yaml` into the pipeline, or name a file with --claims";
            return terminal.failed(None, &[Diagnostic::error(codes::MISSING_KEY, message).help(help)]);
        }
    };
    // What a table says stands where the table has it, not where its claims do.
    for (claim, line) in judged.claims.iter_mut().zip(lines) {
        let mut at = Place::file(&judged.file);
        at.line = line;
        claim
            .findings
            .iter_mut()
            .for_each(|finding| finding.at = at.clone());
        claim.at = at;
    }
    let found: Vec<Diagnostic> = judged.claims.iter().flat_map(diagnostics).collect();
    let holds = judged.holds().filter(|holds| !holds || open.is_empty());
    if terminal.json {
        terminal.answer(
            holds,
            &found,
            serde_json::json!({ "claims": judged, "untold": open }),
        );
        return holds;
    }
    terminal.diagnostics(&found, true);
    terminal.say(&text(&judged, arguments.table.is_some()));
    for line in &open {
        terminal.say(&format!("  could not be told: {}\n", clean(line)));
    }
    holds
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// A table's claims, and what of it could not be told.
fn table(path: &Path, arguments: &Arguments, run: &Run) -> Result<(Source, table::Read), Diagnostic> {
    let name = name(path);
    let grid = table::grid(&Source::read(path, &name, manuscript::SIZE_LIMIT)?)?;
    let read = table::read(&name, &grid, &arguments.model, &run.record, &run.wording);
    if read.told == 0 {
        let why = match read.open.first() {
            Some(why) => format!("nothing in {name} could be told: {why}"),
            None => format!("{name} has no table of coefficients with their errors in parentheses"),
        };
        let help =
            "say which models its columns are with --model, or write what it says into claims.yaml by hand";
        return Err(Diagnostic::error(codes::NO_RESULT, why).help(help));
    }
    if let Some(draft) = &arguments.draft {
        write_whole(draft, read.claims.as_bytes()).map_err(|error| {
            Diagnostic::error(
                codes::CANNOT_WRITE,
                format!("cannot write {}: {error}", draft.display()),
            )
        })?;
    }
    let source = Source::from_bytes(path.to_owned(), &name, read.claims.clone().into_bytes());
    Ok((source, read))
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
fn text(judged: &ClaimsRecord, table: bool) -> String {
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
    if !judged.unclaimed.is_empty() && !table {
        out.push_str(&format!(
            "  no claim speaks of the registered {}\n",
            clean(&judged.unclaimed.join(", "))
        ));
    }
    out
}
