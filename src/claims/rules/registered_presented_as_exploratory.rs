//! # A registered test is presented as exploration
//!
//! What it detects: `confirmatory: false` of a test or hypothesis that was registered.
//!
//! Why it matters: a planned test that failed and is called exploratory no longer counts against the hypothesis.
//!
//! Example that fires:
//!
//!     claims:
//!       - {where: Discussion, test: H1.letter, says: {confirmatory: false}}      # H1.letter is registered
//!
//! What to do: report it as the planned test that it is.
//!
//! References: Goldacre et al. (2019), doi:10.1186/s13063-019-3173-2; Claesen et al. (2021), doi:10.1098/rsos.211037

use crate::claims::{Finding, Judged, Rule};

pub const RULE: Rule = Rule {
    code: "C008",
    slug: "registered-presented-as-exploratory",
    source: include_str!("registered_presented_as_exploratory.rs"),
    check,
};

fn check(judged: &Judged<'_>) -> Vec<Finding> {
    let said = judged.claim.confirmatory.iter();
    said.filter(|said| !said.value && super::confirmatory(judged) == Some(true))
        .map(|said| Finding {
            at: said.at.clone(),
            message: format!(
                "{} is registered and is claimed to be exploratory",
                judged.named()
            ),
        })
        .collect()
}
