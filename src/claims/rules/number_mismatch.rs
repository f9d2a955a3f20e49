//! # A printed number is not the one that was found
//!
//! What it detects: a number of the manuscript whose digits do not cover the run's number, by more than one unit of the last place; a p
//! beyond its bound; a p of another side or correction than the claim says; a mark of significance that its legend does not give.
//!
//! Why it matters: in half of all papers with such tests at least one p does not fit, and in one of eight so that the decision changes.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: "Table 2, row 1", test: H1.letter, says: {estimate: "0.91"}}      # the run found 0.8412
//!
//! What to do: correct the manuscript, or say with `sided:`, `correction:` and `rounding:` how the number is printed.
//!
//! References: Nuijten et al. (2016), doi:10.3758/s13428-015-0664-2; Brown & Heathers (2017), doi:10.1177/1948550616673876

use crate::claims::{Finding, Judged, Relation, Rule};

pub const RULE: Rule = Rule {
    code: "C002",
    slug: "number-mismatch",
    source: include_str!("number_mismatch.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    judged.numbers_that(Relation::Differs, |n, found| {
        let note = n
            .note
            .as_deref()
            .map(|why| format!("; {why}"))
            .unwrap_or_default();
        let (key, text) = (n.key, &n.text);
        if key == "stars" {
            return format!("{text} is printed beside a p of {found}{note}");
        }
        format!("{key} {text} is printed, the run found {found}{note}")
    })
}
