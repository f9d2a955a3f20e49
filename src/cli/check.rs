//! `asregistered check`

use super::terminal::Terminal;
use crate::diagnostic::Severity;
use crate::run::{self, Checked};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered check
  asregistered check --registration prereg/registration.yaml --format json
  asregistered check --data data/responses.csv            hold a file to the codebook, without running anything
  asregistered check --data data/responses.csv --privacy  and look for columns that may identify people")]
pub(super) struct Arguments {
    /// The registration
    #[arg(long, value_name = "FILE", default_value = "prereg/registration.yaml")]
    registration: PathBuf,
    /// Hold this data file to the codebook as well; nothing is run
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Warn of columns that may identify people
    #[arg(long, requires = "data")]
    privacy: bool,
    /// The pipeline whose mapping of columns and values applies to the data
    #[arg(long, value_name = "FILE", requires = "data")]
    pipeline: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let checked = match run::check(&arguments.registration) {
        Ok(checked) => checked,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    if let Some(data) = &arguments.data {
        return inspect(arguments, &checked, data, terminal);
    }
    if terminal.json {
        terminal.answer(Some(true), &checked.diagnostics, serde_json::Map::new());
        return Some(true);
    }
    terminal.diagnostics(&checked.diagnostics, true);
    let open = checked
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Note)
        .count();
    let plan = &checked.lowered.plan;
    terminal.say(&format!(
        "{}: {} hypotheses, {} tests, {} models. No errors{}.\nNext: asregistered lock\n",
        arguments.registration.display(),
        plan.hypotheses.len(),
        plan.tests.len(),
        plan.models.len(),
        match open {
            0 => String::new(),
            1 => String::from("; one point is left to a convention"),
            n => format!("; {n} points are left to conventions"),
        }
    ));
    Some(true)
}

/// The pipeline that is named, or the one in this folder.
fn inspect(arguments: &Arguments, checked: &Checked, data: &Path, terminal: &Terminal) -> Option<bool> {
    let here = Some(PathBuf::from("pipeline.yaml")).filter(|p| p.is_file());
    let pipeline = arguments.pipeline.clone().or(here);
    let found = match run::inspect(checked, data, pipeline.as_deref(), arguments.privacy) {
        Ok(found) => found,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    if terminal.json {
        let more = serde_json::json!({
            "file": found.collected.file,
            "cells": found.collected.cells,
            "codebook": found.collected.codebook,
        });
        terminal.answer(Some(found.holds), &found.diagnostics, more);
        return Some(found.holds);
    }
    terminal.diagnostics(&found.diagnostics, true);
    let sample = &found.collected.sample;
    terminal.say(&format!(
        "{}: {} rows, {} of the registered variables. {}\n",
        data.display(),
        sample.rows(),
        sample.columns.len(),
        if found.holds {
            "Every cell is as registered."
        } else {
            "Not every cell is as registered."
        }
    ));
    Some(found.holds)
}
