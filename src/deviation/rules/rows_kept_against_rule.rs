//! # Rows were analysed that a rule leaves out
//!
//! What it detects: rows of the file the authors analysed (`data.analysed`) that an exclusion of the plan leaves out of the raw data.
//!
//! Why it matters: a registered exclusion that was not carried out is another sample under the registered name.
//!
//! Example that fires:
//!
//!     data: {path: raw.csv, analysed: analysed.csv}      # with rows that failed the registered attention check
//!
//! What to do: leave the rows out as registered, or take the exclusion out under `analysis:` and disclose that.
//!
//! References: Willroth & Atherton (2024), doi:10.1177/25152459231213802

use crate::deviation::{Category, Evidence, FieldChange, Finding, Rule};
use crate::record::Observed;

pub const RULE: Rule = Rule {
    code: "D077",
    slug: "rows-kept-against-rule",
    category: Category::Exclusions,
    source: include_str!("rows_kept_against_rule.rs"),
    claims,
    check,
};

fn claims(_change: &FieldChange) -> bool {
    false
}

fn check(_evidence: &Evidence<'_>, observed: &Observed) -> Vec<Finding> {
    super::analysed::of_rows(
        observed,
        |facts| &facts.kept,
        |rows, lines, file| format!("{rows} of {file} are left out by the exclusions of the plan: {lines}"),
    )
}
