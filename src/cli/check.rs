//! `asregistered check`

use super::terminal::Terminal;
use crate::diagnostic::Severity;
use crate::run;
use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = "Examples:
  asregistered check
  asregistered check --registration prereg/registration.yaml --format json")]
pub(super) struct Arguments {
    /// The registration
    #[arg(long, value_name = "FILE", default_value = "prereg/registration.yaml")]
    registration: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let checked = match run::check(&arguments.registration) {
        Ok(checked) => checked,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
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
