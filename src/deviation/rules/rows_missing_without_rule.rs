//! # Rows are missing that no rule leaves out
//!
//! What it detects: collected rows that the requested exclusions and missing rules keep, that some model would use, and that are not in the file the authors analysed (`data.analysed`), matched by the unit or by `by:`.
//!
//! Why it matters: a row that is left out by nobody's rule was left out by somebody's choice.
//!
//! Example that fires:
//!
//!     data: {path: raw.csv, analysed: analysed.csv}      # 14 of the raw rows are not in it
//!
//! What to do: put the rows back, or state the rule by which they left and disclose it.
//!
//! References: Simmons, Nelson & Simonsohn (2011), doi:10.1177/0956797611417632; CONSORT 2025 item 21

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D016",
    slug: "rows-missing-without-rule",
    category: Category::Exclusions,
    source: include_str!("rows_missing_without_rule.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(_evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::analysed::of_rows(
        observed,
        |facts| &facts.absent,
        |rows, lines, file| {
            format!(
                "{rows} that no rule leaves out and some test would use are not in {file}: {lines} of the raw data"
            )
        },
    )
}
