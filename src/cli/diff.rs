//! `asregistered diff`

use super::terminal::Terminal;
use crate::deviation::{FieldChange, RULES};
use crate::diagnostic::{Place, clean};
use crate::run;
use clap::Args;
use std::path::PathBuf;

/// The widest left column, in characters.
const WIDTH: usize = 56;

#[derive(Args)]
#[command(
    after_help = "Exit status 0 if the two mean the same, 1 if they do not. Labels, comments and layout mean nothing.

Examples:
  asregistered diff prereg/lock.json prereg/registration.yaml
  asregistered diff old/registration.yaml prereg/registration.yaml --format json"
)]
pub(super) struct Arguments {
    /// A registration, or a lock
    before: PathBuf,
    /// The one to compare it with
    after: PathBuf,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Option<bool> {
    let changes = match run::compare(&arguments.before, &arguments.after) {
        Ok(changes) => changes,
        Err(failure) => return terminal.failed(failure.holds, &failure.diagnostics),
    };
    let same = changes.is_empty();
    if terminal.json {
        let all: Vec<serde_json::Value> = changes.iter().map(json).collect();
        terminal.answer(Some(same), &[], serde_json::json!({ "changes": all }));
        return Some(same);
    }
    if same {
        terminal.say("No difference: the two promise the same.\n");
        return Some(true);
    }
    let side = |text: &Option<String>| clean(text.as_deref().unwrap_or("\u{2013}"));
    let left = changes
        .iter()
        .map(|c| side(&c.registered).chars().count())
        .max()
        .unwrap_or(0)
        .min(WIDTH);
    for change in &changes {
        let of = terminal.palette.paint("1", &clean(&change.of()));
        terminal.say(&format!("{of}  {}\n", rule(change)));
        let (a, b) = (side(&change.registered), side(&change.executed));
        let pad = " ".repeat(left.saturating_sub(a.chars().count()));
        terminal.say(&format!("  {a}{pad}  →  {b}\n"));
        let places: Vec<String> = [&change.registered_at, &change.executed_at]
            .into_iter()
            .flatten()
            .map(Place::to_string)
            .collect();
        if !places.is_empty() {
            terminal.say(&format!("  {}\n", clean(&places.join("  →  "))));
        }
    }
    let differences = if changes.len() == 1 {
        "difference"
    } else {
        "differences"
    };
    terminal.say(&format!("{} {differences}.\n", changes.len()));
    Some(false)
}

/// The deviation that a request with this change would be.
fn rule(change: &FieldChange) -> String {
    let rule = RULES.iter().find(|rule| (rule.claims)(change));
    rule.map(|rule| format!("{} {}", rule.code, rule.slug))
        .unwrap_or_default()
}

fn json(change: &FieldChange) -> serde_json::Value {
    serde_json::json!({
        "of": change.of(),
        "deviation": rule(change),
        "before": change.registered,
        "after": change.executed,
        "before_at": change.registered_at,
        "after_at": change.executed_at,
    })
}
