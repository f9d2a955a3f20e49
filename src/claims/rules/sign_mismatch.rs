//! # A printed number has the other sign
//!
//! What it detects: a number whose digits are the run's and whose sign is not.
//!
//! Why it matters: the effect goes the other way, or the manuscript compares the groups in the other order than registered.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Results, test: H1.letter, says: {estimate: "-0.84"}}      # the run found 0.8412
//!
//! What to do: correct the sign, or print the contrast in its registered order.
//!
//! References: Nuijten et al. (2016), doi:10.3758/s13428-015-0664-2

use crate::claims::{Finding, Judged, Relation, Rule};

pub const RULE: Rule = Rule {
    code: "C004",
    slug: "sign-mismatch",
    source: include_str!("sign_mismatch.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    judged.numbers_that(Relation::OtherSign, |n, found| {
        format!(
            "{} {} is printed, the run found {found}: the other sign",
            n.key, n.text
        )
    })
}
