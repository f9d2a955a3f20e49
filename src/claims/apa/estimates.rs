//! Finds estimates with their error and p, where no statistic stands between: `b = 0.71, SE = 0.09, p < .001`.

use super::find::{NUMBER, POWER, between};
use super::{Kind, Reported};
use crate::claims::manuscript::Text;
use crate::claims::printed::Printed;
use crate::diagnostic::Place;
use crate::spec::pipeline::Decimal;
use regex::Regex;
use std::ops::Range;

/// Every such result, and where in the prose it stands.
pub(super) fn find(file: &str, prose: &Text) -> Vec<(Range<usize>, Reported)> {
    let text = prose.as_str();
    let Ok(result) = Regex::new(&pattern()) else {
        return Vec::new();
    };
    let all = result.captures_iter(text);
    all.filter_map(|captures| {
        let range = captures.name("estimate")?.start()..captures.get(0)?.end();
        let number = |name: &str| Printed::read(captures.name(name)?.as_str(), Decimal::Point);
        let p = format!(
            "{}{}",
            captures.name("sign")?.as_str(),
            captures.name("p")?.as_str()
        );
        let mut at = Place::file(file);
        at.line = prose.line(range.start);
        let estimate = number("estimate")?;
        let reported = Reported {
            at,
            text: text.get(range.clone())?.to_owned(),
            kind: Kind::Estimate,
            df: Vec::new(),
            statistic: estimate.clone(),
            p: Printed::read(&p, Decimal::Point).filter(|p| p.value <= 1.0)?,
            not_significant: false,
            n: None,
            estimate: Some(estimate),
            std_error: Some(number("error")?),
            one_sided: false,
        };
        Some((range, reported))
    })
    .collect()
}

fn pattern() -> String {
    let between = between();
    format!(
        r"(?:^|[^\pL\d.,])(?P<estimate>{NUMBER})(?: ?(?:percentage|scale|points?|pp|units?|SDs?)){{0,2}} ?[,;]? ?[(\[]? ?(?:SE|[Ss]\.[Ee]\.|se|[Ss]tandard error|robust SE) ?=? ?(?P<error>{NUMBER}) ?[)\]]? ?[,;]? ?(?:{between}){{0,4}}(?:(?:one|two|1|2)-(?:sided|tailed) ?)?[pP] ?(?P<sign><=|>=|=|<|>) ?(?P<p>\d*\.?\d+{POWER})"
    )
}
