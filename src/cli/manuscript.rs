//! `asregistered claims --from`: what a manuscript prints, found in its own text.

use super::terminal::Terminal;
use crate::claims::apa::{self, Agreement, Candidate, Kind, Matched};
use crate::claims::{self, manuscript};
use crate::diagnostic::{Code, Diagnostic, clean, codes};
use crate::record::Record;
use crate::source::{Source, write_whole};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Line {
    line: usize,
    text: String,
    /// Of the printed statistic and degrees of freedom.
    p_recomputed: f64,
    p_lowest: f64,
    p_highest: f64,
    agreement: Agreement,
    /// The tests, or `model: term`, that have these numbers.
    of: Vec<String>,
}

/// Holds if every printed p follows from its statistic and every result is one of the run's.
pub(super) fn run(path: &Path, draft: Option<&Path>, record: &Record, terminal: &Terminal) -> Option<bool> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let read = Source::read(path, &name, manuscript::SIZE_LIMIT).and_then(|source| manuscript::read(&source));
    let manuscript = match read {
        Ok(manuscript) => manuscript,
        Err(diagnostic) => return terminal.failed(None, &[diagnostic]),
    };
    let all = apa::matched(apa::find(&manuscript), record);
    if all.is_empty() {
        let message = format!("{name} holds no result in the APA's style, such as t(28) = 2.20, p = .036");
        let help = "write what it says into claims.yaml by hand; tables are read with --table";
        return terminal.failed(None, &[Diagnostic::error(codes::NO_RESULT, message).help(help)]);
    }
    if let Some(path) = draft
        && let Err(error) = write_whole(path, apa::draft(&all).as_bytes())
    {
        let message = format!("cannot write {}: {error}", path.display());
        return terminal.failed(None, &[Diagnostic::error(codes::CANNOT_WRITE, message)]);
    }
    let found: Vec<Diagnostic> = all.iter().filter_map(diagnostic).collect();
    let holds = if all.iter().any(|m| !m.consistent()) {
        Some(false)
    } else {
        all.iter().all(|m| m.only().is_some()).then_some(true)
    };
    let lines: Vec<Line> = all.iter().map(line).collect();
    if terminal.json {
        terminal.answer(holds, &found, serde_json::json!({ "results": lines }));
        return holds;
    }
    terminal.diagnostics(&found, true);
    for line in &lines {
        terminal.say(&shown(&name, line));
    }
    let count = |hit: &dyn Fn(&&Matched<'_>) -> bool| all.iter().filter(hit).count();
    terminal.say(&format!(
        "{} results: p of {} fits, of {} it does not; {} are one of the run's, {} could not be told\n",
        all.len(),
        count(&|m| m.consistent() && m.recomputed.agreement != Agreement::NotRecomputed),
        count(&|m| !m.consistent()),
        count(&|m| m.only().is_some()),
        count(&|m| m.only().is_none()),
    ));
    if let Some(path) = draft {
        terminal.say(&format!(
            "Draft: {}\nNext: read it, then asregistered claims --claims {}\n",
            path.display(),
            path.display()
        ));
    }
    holds
}

fn line(matched: &Matched<'_>) -> Line {
    let of = matched.candidates.iter().map(|candidate| match candidate {
        Candidate::Test(test) => test.id.clone(),
        Candidate::Term(model, term) => format!("{model}: {term}"),
    });
    Line {
        line: matched.reported.at.line,
        text: matched.reported.text.clone(),
        p_recomputed: matched.recomputed.p,
        p_lowest: matched.recomputed.low,
        p_highest: matched.recomputed.high,
        agreement: matched.recomputed.agreement,
        of: of.collect(),
    }
}

fn shown(name: &str, line: &Line) -> String {
    let agreement = match line.agreement {
        Agreement::Agrees => "agrees",
        Agreement::AgreesOneSided => "agrees, one-sided",
        Agreement::Differs => "differs",
        Agreement::DecidesOtherwise => "decides otherwise",
        Agreement::NotRecomputed => "not recomputed",
    };
    let of = match line.of.as_slice() {
        [] => String::from("no test of the run"),
        several => several.join(" or "),
    };
    let line = format!("  {name}:{} {} [p {}] {of}", line.line, line.text, agreement);
    format!("{}\n", clean(&line))
}

/// A printed p that does not follow from its statistic, or is not the run's.
fn diagnostic(matched: &Matched<'_>) -> Option<Diagnostic> {
    let code = match matched.recomputed.agreement {
        Agreement::Agrees | Agreement::AgreesOneSided | Agreement::NotRecomputed => return None,
        Agreement::Differs => codes::P_INCONSISTENT,
        Agreement::DecidesOtherwise => codes::DECISION_INCONSISTENT,
    };
    let (low, high) = (matched.recomputed.low, matched.recomputed.high);
    let said = &matched.reported.text;
    if matched.reported.kind == Kind::Estimate {
        let message = format!("{said}: the run has this estimate and error with p = {low:.3e}");
        let code = claims::rule("C002").map_or(code, |rule| Code {
            id: rule.code,
            slug: rule.slug,
            page: "",
        });
        return Some(Diagnostic::error(code, message).at(matched.reported.at.clone()));
    }
    let message = format!("{said}: the statistic gives a p from {low:.3e} to {high:.3e}");
    let help = "correct the statistic, its degrees of freedom or p; a one-sided test must be called so";
    Some(
        Diagnostic::error(code, message)
            .at(matched.reported.at.clone())
            .help(help),
    )
}
