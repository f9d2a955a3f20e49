//! One thin file a verb. The only room that prints, asks, shows progress or reads the clock.

mod archive;
mod browser;
mod check;
mod claims;
mod clock;
mod diff;
mod explain;
mod ledger;
mod lock;
mod manuscript;
mod report;
mod run;
mod simulate;

mod summary;
mod terminal;
mod verify;

use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;
use terminal::Terminal;

const AFTER_HELP: &str = "\
Exit status:
  0  checked, and it holds
  1  checked, and it does not hold: an undisclosed deviation, a digest that does not match, a re-run that differs
  2  it could not be checked: usage, unreadable or invalid input, no lock
A hypothesis that finds no support never changes the exit status.

Examples:
  asregistered                              run the study in this folder
  asregistered check                        read the registration and say what is wrong or open
  asregistered lock                         freeze it
  asregistered archive && asregistered verify bundle.zip";

/// Tells whether an empirical study was analysed as registered.
#[derive(Parser)]
#[command(name = "asregistered", version, about, after_help = AFTER_HELP)]
struct Low {
    #[command(subcommand)]
    verb: Option<Verb>,
    /// How results are printed
    #[arg(long, global = true, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// When to colour; NO_COLOR is honoured
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    /// The pipeline to run
    #[arg(long, value_name = "FILE")]
    pipeline: Option<std::path::PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
enum Verb {
    /// Run exactly the registered tests on the collected data and report every deviation
    Run(run::Arguments),
    /// Is the registration complete, consistent and falsifiable?
    Check(check::Arguments),
    /// Freeze the registration: hash its files and its plan
    Lock(lock::Arguments),
    /// The report as Markdown, text, figures and tables for a paper
    Report(report::Arguments),
    /// Draw data from the registered design
    Simulate(simulate::Arguments),
    /// Does the manuscript say what the run found?
    Claims(claims::Arguments),
    /// Two registrations or locks, field by field
    Diff(diff::Arguments),
    /// What was locked, amended and analysed, in order, and whether the chain holds
    Ledger(ledger::Arguments),
    /// What a code means, why it matters, an example
    Explain(explain::Arguments),
    /// Pack everything that a re-run needs into one deterministic zip
    Archive(archive::Arguments),
    /// Re-hash and re-run a bundle; compare every number
    Verify(verify::Arguments),
}

/// Parses the command line, runs the verb, and says how it ended.
pub fn main() -> ExitCode {
    let low = match Low::try_parse() {
        Ok(low) => low,
        Err(error) => {
            let failed = error.use_stderr();
            // A closed pipe is no failure of the help text.
            let _ = error.print();
            return ExitCode::from(if failed { 2 } else { 0 });
        }
    };
    let terminal = Terminal::new(low.format == Form::Json, low.color);
    let holds = match low.verb {
        None => run::run(&run::Arguments::of(low.pipeline), &terminal),
        Some(Verb::Run(mut arguments)) => {
            arguments.pipeline = arguments.pipeline.or(low.pipeline);
            run::run(&arguments, &terminal)
        }
        Some(Verb::Report(mut arguments)) => {
            arguments.pipeline = arguments.pipeline.or(low.pipeline);
            report::run(&arguments, &terminal)
        }
        Some(Verb::Check(arguments)) => check::run(&arguments, &terminal),
        Some(Verb::Lock(arguments)) => lock::run(&arguments, &terminal),
        Some(Verb::Simulate(arguments)) => simulate::run(&arguments, &terminal),
        Some(Verb::Claims(arguments)) => claims::run(&arguments, &terminal),
        Some(Verb::Diff(arguments)) => diff::run(&arguments, &terminal),
        Some(Verb::Ledger(arguments)) => ledger::run(&arguments, &terminal),
        Some(Verb::Explain(arguments)) => explain::run(&arguments, &terminal),
        Some(Verb::Archive(arguments)) => archive::run(&arguments, &terminal),
        Some(Verb::Verify(arguments)) => verify::run(&arguments, &terminal),
    };
    ExitCode::from(match holds {
        Some(true) => 0,
        Some(false) => 1,
        None => 2,
    })
}
