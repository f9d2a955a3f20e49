//! Finds results in running prose.
//!
//! As statcheck's (Epskamp & Nuijten; Nuijten et al. 2016, doi:10.3758/s13428-015-0664-2), with what stands between statistic and p
//! passed over where it is `name = number` or an interval, and with the estimate and its error before them.

use super::{Kind, Reported};
use crate::claims::manuscript::Manuscript;
use crate::claims::printed::Printed;
use crate::diagnostic::Place;
use crate::spec::pipeline::Decimal;
use regex::{Captures, Regex};
use std::ops::Range;

pub(super) const NUMBER: &str =
    r"- ?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)|(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.?\d*|\.\d+)";
pub(super) const POWER: &str = r"(?:e[-+]?\d+| ?[×x·*] ?10 ?\^? ?-? ?\d+)?";
/// How far before a result its estimate, and a word on its sides, may stand.
const BEFORE: usize = 120;
const AROUND: usize = 200;

/// Every result, in the order of the text.
pub fn find(manuscript: &Manuscript) -> Vec<Reported> {
    let prose = manuscript.text.prose();
    let text = prose.as_str();
    let (Ok(result), Ok(before)) = (Regex::new(&pattern()), Regex::new(&preceding())) else {
        return Vec::new();
    };
    let all = result.captures_iter(text);
    let all = all.filter_map(|captures| {
        let whole = captures.get(0)?;
        // The letter of a longer word is no statistic.
        let start = captures.name("stat")?.start();
        let head = text.get(start..whole.end())?;
        let mut reported = reported(&captures, head)?;
        let mut at = Place::file(&manuscript.name);
        at.line = prose.line(start);
        reported.at = at;
        let front = text.get(..start)?;
        if let Some(found) = before.captures(tail(front, BEFORE)) {
            reported.estimate = printed(&found, "estimate");
            reported.std_error = printed(&found, "error");
        }
        let near = format!("{}{}", tail(front, AROUND), lead(text.get(start..)?, AROUND));
        reported.one_sided = one_sided(&near);
        Some((start..whole.end(), reported))
    });
    let mut found: Vec<(Range<usize>, Reported)> = all.collect();
    let without = super::estimates::find(&manuscript.name, &prose);
    let known = found.len();
    for (range, reported) in without {
        let inside =
            |(other, _): &(Range<usize>, Reported)| other.start < range.end && range.start < other.end;
        if !found.iter().take(known).any(inside) {
            found.push((range, reported));
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found.into_iter().map(|(_, reported)| reported).collect()
}

fn pattern() -> String {
    let df = r"\d*\.?\d+";
    let n = format!(r"(?: ?[,;] ?[Nn] ?= ?(?P<n>{NUMBER}))?");
    let kinds = [
        format!(r"(?P<t>t) ?\( ?(?:df ?= ?)?(?P<t1>{df}) ?\)"),
        format!(r"(?P<f>F) ?\( ?(?P<f1>{df}) ?[,;] ?(?P<f2>{df}) ?\)"),
        format!(r"(?P<r>r) ?\( ?(?:df ?= ?)?(?P<r1>{df}) ?\)"),
        format!(
            r"(?P<c>χ ?\^? ?2?|[Cc]hi ?-? ?(?:\^? ?2|squared?)|X ?\^? ?2) ?\^? ?\( ?(?:df ?= ?)?(?P<c1>{df}){n} ?\)"
        ),
        format!(r"(?P<q>Q) ?-? ?(?:[wWbB](?:ithin|etween)?)? ?\( ?(?P<q1>{df}) ?\)"),
        String::from(r"(?P<z>[zZ])"),
    ];
    let between = between();
    format!(
        r"(?:^|[^\pL\d])(?P<stat>{}) ?(?P<relation>[=<>]) ?(?P<value>{NUMBER}) ?[,;)]? ?\(? ?(?:{between}){{0,5}}(?:(?:one|two|1|2)-(?:sided|tailed) ?)?(?:[pP] ?(?P<sign><=|>=|=|<|>) ?(?P<p>\d*\.?\d+{POWER})|(?P<ns>[nN]\.? ?[sS]\b\.?))",
        kinds.join("|")
    )
}

/// What may stand before p: `name = number`, or an interval.
pub(super) fn between() -> String {
    format!(
        r"(?:[^\s,;=<>()\[\]]{{1,14}}(?: ?\^ ?2)? ?[=≈] ?(?:{NUMBER})|\d\d\.?\d*% ?C\.?I\.?:? ?=? ?[\[(] ?(?:{NUMBER}) ?(?:[,;]|to) ?(?:{NUMBER}) ?[\])]) ?[,;] ?"
    )
}

fn preceding() -> String {
    format!(
        r"(?:^|[^\pL])(?:b|B|β|[Bb]eta|[Ee]stimate|est\.?|Est\.?|ATE|AMCE|[Cc]oefficient|M ?diff|Mdiff|[Dd]ifference|ΔM?) ?(?:=|of) ?(?P<estimate>{NUMBER}) ?[,;(]? ?\(?(?:SE|[Ss]\.[Ee]\.|se) ?=? ?(?P<error>{NUMBER}) ?\)?[,;]? ?(?:[^\pL]*(?:C\.?I\.?)[^\pL]*)?\(?$"
    )
}

fn printed(captures: &Captures<'_>, name: &str) -> Option<Printed> {
    Printed::read(captures.name(name)?.as_str(), Decimal::Point)
}

fn reported(captures: &Captures<'_>, text: &str) -> Option<Reported> {
    let number = |name: &str| printed(captures, name);
    let (kind, df) = if captures.name("t").is_some() {
        (Kind::T, vec![number("t1")?])
    } else if captures.name("f").is_some() {
        (Kind::F, vec![number("f1")?, number("f2")?])
    } else if captures.name("r").is_some() {
        (Kind::R, vec![number("r1")?])
    } else if captures.name("c").is_some() {
        (Kind::ChiSquared, vec![number("c1")?])
    } else if captures.name("q").is_some() {
        (Kind::Q, vec![number("q1")?])
    } else {
        (Kind::Z, Vec::new())
    };
    let relation = captures.name("relation")?.as_str();
    let value = captures.name("value")?.as_str();
    let not_significant = captures.name("ns").is_some();
    let p = match captures.name("p") {
        Some(p) => Printed::read(
            &format!("{}{}", captures.name("sign")?.as_str(), p.as_str()),
            Decimal::Point,
        )?,
        None => Printed::read("> .05", Decimal::Point)?,
    };
    let reported = Reported {
        at: Place::file(""),
        text: text.to_owned(),
        kind,
        df,
        statistic: Printed::read(&format!("{relation}{value}"), Decimal::Point)?,
        p,
        not_significant,
        n: number("n"),
        estimate: None,
        std_error: None,
        one_sided: false,
    };
    possible(&reported).then_some(reported)
}

/// Whether such a statistic can exist: no correlation above one, no negative F, no df of zero.
fn possible(reported: &Reported) -> bool {
    let value = reported.statistic.value;
    let sized = match reported.kind {
        Kind::R => value.abs() <= 1.0,
        Kind::F | Kind::ChiSquared | Kind::Q => value >= 0.0,
        Kind::T | Kind::Z | Kind::Estimate => true,
    };
    sized && reported.df.iter().all(|df| df.value > 0.0) && reported.p.value <= 1.0
}

fn one_sided(text: &str) -> bool {
    let text = text.to_lowercase();
    let words = [
        "one-sided",
        "one-tailed",
        "one sided",
        "one tailed",
        "1-sided",
        "1-tailed",
        "directional test",
    ];
    words.iter().any(|word| text.contains(word))
}

/// The last bytes of a text, from a character's beginning.
fn tail(text: &str, bytes: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or_default()
}

fn lead(text: &str, bytes: usize) -> &str {
    let mut to = bytes.min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or_default()
}
