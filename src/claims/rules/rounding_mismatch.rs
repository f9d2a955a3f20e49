//! # A printed number is rounded to another digit
//!
//! What it detects: a number that is less than one unit of its last place off, but that no convention of rounding gives.
//!
//! Why it matters: most are harmless; one that turns p = .054 into .05 is not.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Results, test: H1.letter, says: {estimate: "0.84"}}      # the run found 0.8479, which rounds to 0.85
//!
//! What to do: round anew; if the whole manuscript truncates, say `rounding: truncate` at the head of the claims.
//!
//! References: Nuijten et al. (2016), doi:10.3758/s13428-015-0664-2; Hartgerink et al. (2016), doi:10.7717/peerj.1935

use crate::claims::{Finding, Judged, Relation, Rule};

pub const RULE: Rule = Rule {
    code: "C003",
    slug: "rounding-mismatch",
    source: include_str!("rounding_mismatch.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    judged.numbers_that(Relation::Misrounded, |n, found| {
        format!(
            "{} {} is printed, the run found {found}, which rounds to another last digit",
            n.key, n.text
        )
    })
}
