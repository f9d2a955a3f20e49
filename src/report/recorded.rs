//! What the ledger and the authors' own analysed file say, in words.

use super::number;
use crate::record::{AmendmentFacts, AnalysedFacts, LedgerFacts, Record};

pub(super) fn recorded(record: &Record) -> Vec<String> {
    let own = std::iter::once(analyses(&record.observed.ledger));
    let amendments = record.observed.lock.iter().flat_map(|lock| &lock.amendments);
    own.chain(amendments.map(amended))
        .chain(record.observed.analysed.iter().map(analysed))
        .collect()
}

fn analyses(ledger: &LedgerFacts) -> String {
    let plan = match ledger.as_registered {
        Some(n) => format!("analysis {n} of them with the registered plan"),
        None => String::from("with another plan than the registered one, or without a lock"),
    };
    format!(
        "In the study’s ledger this is analysis {} of these data, {plan}. The ledger ({}) shows what was recorded, not what was done.",
        ledger.analysis, ledger.file
    )
}

fn amended(amendment: &AmendmentFacts) -> String {
    let side = |text: &Option<String>| text.clone().unwrap_or_else(|| String::from("nothing"));
    let changes: Vec<String> = amendment
        .changes
        .iter()
        .map(|c| format!("{} ({} → {})", c.of, side(&c.before), side(&c.after)))
        .collect();
    let changes = if changes.is_empty() {
        String::from("nothing that is analysed")
    } else {
        changes.join("; ")
    };
    format!("The amendment of {} changed: {changes}.", amendment.locked_at)
}

fn analysed(facts: &AnalysedFacts) -> String {
    let compared: u64 = facts.columns.iter().map(|c| c.compared).sum();
    let differ: u64 = facts.columns.iter().map(|c| c.differ).sum();
    let rounded: u64 = facts.columns.iter().map(|c| c.rounded).sum();
    format!(
        "The file that the authors analysed ({}), matched by {}: {} of its {} rows are rows that the rules keep; {} rows are missing from it, {} were to leave, {} were not collected. Of {} cells compared, {} differ and {} agree but for rounding.",
        facts.file,
        facts.by.join(" and "),
        number::count(facts.matched),
        number::count(facts.rows),
        number::count(facts.absent.count),
        number::count(facts.kept.count),
        number::count(facts.unknown.count),
        number::count(compared),
        number::count(differ),
        number::count(rounded)
    )
}
