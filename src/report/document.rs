//! The report's sections as a document of blocks, which Markdown and a terminal show alike.

use super::paper::{self, Table, markdown as marked};
use super::{evidence, hypotheses, number, words};
use crate::diagnostic::clean;
use crate::plan::Wording;
use crate::record::{MarginTable, Provenance, Record};

enum Block {
    Heading(usize, String),
    Text(String),
    Items(Vec<String>),
    Table(Table),
}

/// The report as Markdown, such as for a comment on a code host.
pub fn markdown(record: &Record, wording: &Wording) -> String {
    let shown = |block: &Block| match block {
        Block::Heading(level, text) => format!("{} {}\n", "#".repeat(*level), marked::escaped(text)),
        Block::Text(text) => format!("{}\n", marked::escaped(text)),
        Block::Items(items) => items
            .iter()
            .map(|item| format!("- {}\n", marked::escaped(item)))
            .collect(),
        Block::Table(table) => marked::table(table),
    };
    let blocks: Vec<String> = blocks(record, wording).iter().map(shown).collect();
    blocks.join("\n")
}

/// The report as plain text of at most `width` columns where its tables allow.
pub fn text(record: &Record, wording: &Wording, width: usize) -> String {
    let shown = |block: &Block| match block {
        Block::Heading(1, text) => format!("{text}\n{}\n", "=".repeat(text.chars().count().min(width))),
        Block::Heading(2, text) => format!("\n{text}\n{}\n", "-".repeat(text.chars().count().min(width))),
        Block::Heading(_, text) => format!("{text}\n"),
        Block::Text(text) => wrapped(text, width, ""),
        Block::Items(items) => items.iter().map(|item| wrapped(item, width, "  ")).collect(),
        Block::Table(table) => columns(table),
    };
    let blocks: Vec<String> = blocks(record, wording).iter().map(shown).collect();
    clean(&blocks.join("\n"))
}

fn blocks(record: &Record, wording: &Wording) -> Vec<Block> {
    let mut all = Vec::new();
    verdict(record, wording, &mut all);
    of_hypotheses(record, wording, &mut all);
    figures(record, wording, &mut all);
    deviations(record, &mut all);
    collected(record, wording, &mut all);
    all.push(Block::Heading(2, String::from("Every test")));
    all.push(Block::Table(paper::results(record, wording)));
    explored(record, wording, &mut all);
    all.push(Block::Heading(2, String::from("How to check this yourself")));
    all.push(Block::Items(digests(record)));
    all
}

fn verdict(record: &Record, wording: &Wording, all: &mut Vec<Block>) {
    all.push(Block::Heading(1, wording.title.clone()));
    if record.observed.provenance == Provenance::Simulated {
        all.push(Block::Text(String::from(
            "SIMULATED DATA: these rows were drawn from the registered design; nothing here is a finding about the world.",
        )));
    }
    all.push(Block::Heading(2, words::verdict(record).to_owned()));
    all.push(Block::Text(words::why(record)));
    all.push(Block::Text(words::tally(record)));
    if !record.not_checked.is_empty() {
        all.push(Block::Heading(3, String::from("What this run could not check")));
        let items = record.not_checked.iter().map(|n| format!("{}: {}", n.of, n.why));
        all.push(Block::Items(items.collect()));
    }
}

fn of_hypotheses(record: &Record, wording: &Wording, all: &mut Vec<Block>) {
    all.push(Block::Heading(2, String::from("The hypotheses")));
    for h in &record.observed.hypotheses {
        all.push(Block::Heading(3, format!("{}: {}", h.id, h.verdict.word())));
        all.push(Block::Text(h.statement.clone()));
        if words::flipped(h) {
            let other = h.verdict_as_requested.map(|v| v.word()).unwrap_or_default();
            all.push(Block::Text(format!(
                "With the plan as requested this would be: {other}."
            )));
        }
        all.extend(h.note.clone().map(Block::Text));
        all.extend(hypotheses::first_sentence(h, record, wording).map(Block::Text));
    }
    all.push(Block::Table(paper::hypotheses(record)));
}

fn figures(record: &Record, wording: &Wording, all: &mut Vec<Block>) {
    if record.observed.margins.is_empty() {
        return;
    }
    all.push(Block::Heading(2, String::from("The figures, as tables")));
    all.extend(
        record
            .observed
            .margins
            .iter()
            .map(|m| Block::Table(margins(m, wording))),
    );
}

fn margins(table: &MarginTable, wording: &Wording) -> Table {
    let by = |level: &Option<String>| match (&table.by, level) {
        (Some(by), Some(level)) => wording.level(by, level).to_owned(),
        _ => String::from("all"),
    };
    Table {
        name: "margins",
        caption: super::figures::margin_title(table, wording),
        head: vec![
            ("Level", false),
            ("At", false),
            ("Estimate", true),
            ("SE", true),
            ("Interval", true),
        ],
        rows: table
            .rows
            .iter()
            .map(|row| {
                vec![
                    wording.level(&table.of, &row.level).to_owned(),
                    by(&row.by),
                    number::estimate(row.estimate),
                    number::estimate(row.std_error),
                    format!(
                        "{} to {}",
                        number::estimate(row.conf_low),
                        number::estimate(row.conf_high)
                    ),
                ]
            })
            .collect(),
        note: format!(
            "{}% confidence intervals, {}; n = {}.",
            number::percent(table.conf_level),
            table.vcov,
            number::count(table.n)
        ),
    }
}

fn deviations(record: &Record, all: &mut Vec<Block>) {
    all.push(Block::Heading(2, String::from("The deviations")));
    if record.deviations.is_empty() {
        all.push(Block::Text(String::from(
            "None was found among what could be checked.",
        )));
        return;
    }
    all.push(Block::Items(
        record
            .deviations
            .iter()
            .map(|d| {
                let (mark, word) = words::mark(d);
                format!(
                    "{mark} {word} {} {}: {}",
                    d.code,
                    d.slug,
                    d.message.replace('`', "")
                )
            })
            .collect(),
    ));
    all.push(Block::Table(paper::deviations(record)));
}

fn collected(record: &Record, wording: &Wording, all: &mut Vec<Block>) {
    all.push(Block::Heading(2, String::from("From registration to result")));
    let events = evidence::timeline(record, wording);
    all.push(Block::Items(events.iter().map(evidence::Event::line).collect()));
    all.push(Block::Table(evidence::flow_table(record, wording)));
}

fn explored(record: &Record, wording: &Wording, all: &mut Vec<Block>) {
    let tests = &record.observed.exploratory.tests;
    if tests.is_empty() {
        return;
    }
    all.push(Block::Heading(2, String::from("Exploratory analyses")));
    all.push(Block::Text(String::from(
        "Not registered, and labelled so by the authors. Nothing here bears on a hypothesis.",
    )));
    let lines = tests.iter().map(|t| hypotheses::sentence(t, record, wording));
    all.push(Block::Items(lines.collect()));
}

fn digests(record: &Record) -> Vec<String> {
    super::page::digests(record)
        .into_iter()
        .map(|(what, digest, _)| format!("{what}: {digest}"))
        .collect()
}

/// A text in lines of at most `width`, those after the first indented by two more.
fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut out = String::from(indent);
    let mut used = indent.chars().count();
    for (position, word) in text.split_whitespace().enumerate() {
        let length = word.chars().count();
        if position > 0 && used + 1 + length > width {
            out.push_str(&format!("\n{indent}"));
            used = indent.chars().count();
        } else if position > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.push('\n');
    out
}

/// A table in aligned columns.
fn columns(table: &Table) -> String {
    let head: Vec<String> = table.head.iter().map(|(name, _)| (*name).to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(&table.rows).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            all.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = format!("{}\n", table.caption);
    for (position, row) in all.iter().enumerate() {
        let cells = row
            .iter()
            .zip(&widths)
            .zip(&table.head)
            .map(|((cell, width), (_, number))| {
                let space = " ".repeat(width.saturating_sub(cell.chars().count()));
                if *number {
                    format!("{space}{cell}")
                } else {
                    format!("{cell}{space}")
                }
            });
        let line: Vec<String> = cells.collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
        if position == 0 {
            let rules: Vec<String> = widths.iter().map(|w| "-".repeat(*w)).collect();
            out.push_str(&rules.join("  "));
            out.push('\n');
        }
    }
    if !table.note.trim().is_empty() {
        out.push_str(&format!("{}\n", table.note.trim()));
    }
    out
}
