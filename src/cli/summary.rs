//! What a run prints: under 25 lines, the verdict first.

use crate::diagnostic::{Palette, clean};
use crate::record::Verdict;
use crate::report::{self, HypothesisLine};
use crate::run::Run;

/// Deviations listed before the rest is counted.
const DEVIATIONS: usize = 6;
/// Findings about claims listed before the rest is counted.
const CLAIMS: usize = 4;
/// Hypotheses listed before the rest is counted.
const HYPOTHESES: usize = 8;

pub(super) fn text(run: &Run, palette: Palette) -> String {
    let summary = report::summary(&run.record, &run.wording);
    let style = match run.record.verdict {
        Verdict::AsRegistered => "1;32",
        Verdict::DeviatesDisclosed => "1;33",
        Verdict::DeviatesUndisclosed => "1;31",
        Verdict::NotCheckable => "1;35",
    };
    let mut out = format!(
        "{}\n{}\n\n",
        palette.paint(style, &summary.verdict),
        clean(&summary.counts)
    );
    for line in summary.hypotheses.iter().take(HYPOTHESES) {
        out.push_str(&hypothesis(line, palette));
    }
    rest(&mut out, summary.hypotheses.len(), HYPOTHESES, "hypotheses");
    if !summary.deviations.is_empty() {
        out.push('\n');
    }
    for line in summary.deviations.iter().take(DEVIATIONS) {
        out.push_str(&format!("  {}\n", shortened(&clean(line), 150)));
    }
    rest(&mut out, summary.deviations.len(), DEVIATIONS, "deviations");
    if !summary.claims.is_empty() {
        out.push('\n');
    }
    for line in summary.claims.iter().take(CLAIMS) {
        out.push_str(&format!("  {}\n", shortened(&clean(line), 150)));
    }
    rest(&mut out, summary.claims.len(), CLAIMS, "findings about claims");
    let report = run.inputs.folder.join(&run.report);
    out.push_str(&format!("\nReport: {}\n", report.display()));
    let contradicted = run
        .record
        .claims
        .as_ref()
        .is_some_and(|claims| claims.failing() > 0);
    out.push_str(match run.record.verdict {
        Verdict::DeviatesUndisclosed => {
            "Next: asregistered explain CODE, then disclose it under `disclosures:` in the pipeline\n"
        }
        Verdict::NotCheckable => "Next: asregistered lock\n",
        _ if contradicted => "Next: asregistered claims, then correct the manuscript or its claims\n",
        _ => "Next: asregistered archive\n",
    });
    out
}

fn hypothesis(line: &HypothesisLine, palette: Palette) -> String {
    let id = palette.paint("1", &clean(&line.id));
    format!(
        "  {id}  {:<13} {}\n",
        line.verdict,
        shortened(&clean(&line.numbers), 120)
    )
}

fn rest(out: &mut String, all: usize, shown: usize, what: &str) {
    if all > shown {
        out.push_str(&format!("  … and {} more {what} in the report\n", all - shown));
    }
}

fn shortened(text: &str, limit: usize) -> String {
    let line = text.replace('\n', " ");
    if line.chars().count() <= limit {
        return line;
    }
    line.chars().take(limit - 1).chain(['…']).collect()
}
