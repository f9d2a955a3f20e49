//! `asregistered report`: the run once more, in the forms that papers, comments and terminals take.

use super::browser;
use super::run::{holds, refused};
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, codes};
use crate::report;
use crate::run::{self, Run};
use crate::source::write_whole;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered report                  all of them, beside the report
  asregistered report --figures        every figure as SVG and PDF
  asregistered report --tables         hypotheses, deviations and results as LaTeX, Markdown, CSV and HTML for Word
  asregistered report --markdown | gh pr comment --body-file -
  asregistered report --terminal | less
  asregistered report --pdf
  asregistered report --anonymous --pdf")]
pub(super) struct Arguments {
    /// The pipeline [default: pipeline.yaml]
    #[arg(long, value_name = "FILE")]
    pub pipeline: Option<PathBuf>,
    /// Write each figure as SVG and PDF
    #[arg(long)]
    figures: bool,
    /// Write the tables for a paper
    #[arg(long)]
    tables: bool,
    /// Print the report as Markdown
    #[arg(long, conflicts_with = "terminal")]
    markdown: bool,
    /// Print the report as plain text
    #[arg(long)]
    terminal: bool,
    /// Write the report as a tagged PDF, by the Chromium, Chrome or Edge of this machine
    #[arg(long)]
    pdf: bool,
    /// Leave authors, registry, note and folders out, for double-blind review: report-anonymous.html
    #[arg(long)]
    anonymous: bool,
}

/// The width of a page of text where nobody says how wide the terminal is.
const COLUMNS: usize = 100;

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let path = arguments
        .pipeline
        .clone()
        .unwrap_or_else(|| PathBuf::from("pipeline.yaml"));
    let mut run = match run::run(&path) {
        Ok(run) => run,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    if arguments.anonymous {
        (run.record, run.wording) = report::anonymous(&run.record, &run.wording);
    }
    let (record, wording) = (&run.record, &run.wording);
    if arguments.markdown {
        terminal.say(&report::markdown(record, wording));
    } else if arguments.terminal {
        terminal.say(&report::text(record, wording, COLUMNS));
    }
    let printed = arguments.markdown || arguments.terminal;
    match files(&run, arguments).and_then(|files| write(&run, &files)) {
        Ok(0) => {}
        Ok(count) => terminal.warn(&format!(
            "{count} files written beside {}\n",
            run.report.display()
        )),
        Err(diagnostic) => return terminal.failed(None, &[diagnostic]),
    }
    if arguments.pdf
        && let Err(diagnostic) = printed_pdf(&run, arguments)
    {
        return terminal.failed(None, &[diagnostic]);
    }
    if arguments.pdf && !printed {
        terminal.warn("The PDF lies beside it.\n");
    }
    holds(record)
}

/// The page as a PDF of the same name.
fn printed_pdf(run: &Run, arguments: &Arguments) -> Result<(), Diagnostic> {
    let page = beside(run, &page_name(run, arguments));
    let pdf = page.with_extension("pdf");
    let failed = |why: String| Diagnostic::error(codes::CANNOT_WRITE, why);
    if let Some(why) = refused(run, &pdf) {
        return Err(failed(format!("cannot write {}: {why}", pdf.display())));
    }
    let browser = browser::find().ok_or_else(|| {
        failed(String::from("no browser was found to print the PDF with"))
            .help("install Chromium (Debian: apt install chromium), Chrome or Edge, or print the report from any browser")
    })?;
    browser::print(&browser, &page, &pdf).map_err(|e| failed(format!("the PDF was not printed: {e}")))
}

/// The page that is written, and printed: the report, or the one without its authors.
fn page_name(run: &Run, arguments: &Arguments) -> PathBuf {
    let name = run.report.file_name().map(PathBuf::from).unwrap_or_default();
    if arguments.anonymous {
        PathBuf::from("report-anonymous.html")
    } else {
        name
    }
}

fn beside(run: &Run, name: &Path) -> PathBuf {
    let report = run.inputs.folder.join(&run.report);
    report.parent().unwrap_or(Path::new("")).join(name)
}

/// What was asked for; all of it where nothing was.
fn files(run: &Run, asked: &Arguments) -> Result<Vec<(PathBuf, Vec<u8>)>, Diagnostic> {
    let cannot =
        |what: &str, e| Diagnostic::error(codes::CANNOT_WRITE, format!("{what} cannot be drawn: {e}"));
    let all = ![
        asked.figures,
        asked.tables,
        asked.markdown,
        asked.terminal,
        asked.pdf,
        asked.anonymous,
    ]
    .contains(&true);
    let mut files = Vec::new();
    if asked.figures || all {
        let drawn = report::figure_files(&run.record, &run.wording).map_err(|e| cannot("the figures", e))?;
        files.extend(
            drawn
                .into_iter()
                .map(|(name, bytes)| (Path::new("figures").join(name), bytes)),
        );
    }
    if asked.tables || all {
        let made = report::paper_tables(&run.record, &run.wording);
        files.extend(
            made.into_iter()
                .map(|(name, text)| (Path::new("tables").join(name), text.into_bytes())),
        );
    }
    if all {
        let text = report::markdown(&run.record, &run.wording);
        files.push((PathBuf::from("report.md"), text.into_bytes()));
    }
    if asked.pdf || asked.anonymous {
        let html = report::html(&run.record, &run.wording).map_err(|e| cannot("the report", e))?;
        files.push((page_name(run, asked), html.into_bytes()));
    }
    Ok(files)
}

/// Each beside the report, and none in the place of a file of the study.
fn write(run: &Run, files: &[(PathBuf, Vec<u8>)]) -> Result<usize, Diagnostic> {
    for (name, bytes) in files {
        let path = beside(run, name);
        let failed = |why: String| {
            Diagnostic::error(
                codes::CANNOT_WRITE,
                format!("cannot write {}: {why}", name.display()),
            )
        };
        if let Some(why) = refused(run, &path) {
            return Err(failed(why));
        }
        write_whole(&path, bytes)
            .map_err(|e| failed(e.to_string()).help("check that the report's folder can be written to"))?;
    }
    Ok(files.len())
}
