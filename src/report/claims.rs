//! Section 9: what the manuscript says, beside what the run found.

use super::number;
use crate::record::{Against, ClaimPoint, ClaimRecord, ClaimResult, ClaimsRecord, Record};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Section {
    file: String,
    sentence: String,
    claims: Vec<Claim>,
    unclaimed: Vec<String>,
}

#[derive(Serialize)]
struct Claim {
    place: String,
    at: String,
    of: String,
    registered: bool,
    points: Vec<Point>,
    findings: Vec<[String; 3]>,
}

#[derive(Serialize)]
struct Point {
    says: String,
    printed: String,
    found: String,
    mark: &'static str,
    word: &'static str,
    class: &'static str,
    note: Option<String>,
}

/// Nothing where the pipeline names no claims.
pub(super) fn section(record: &Record) -> Option<Section> {
    let claims = record.claims.as_ref()?;
    Some(Section {
        file: claims.file.clone(),
        sentence: sentence(claims),
        claims: claims.claims.iter().map(claim).collect(),
        unclaimed: claims.unclaimed.clone(),
    })
}

/// How many claims there are and how they came out.
pub(super) fn sentence(claims: &ClaimsRecord) -> String {
    let plural = |n: usize, one: &str, more: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    };
    let all = plural(claims.claims.len(), "claim", "claims");
    let open = claims.count(ClaimResult::NotChecked);
    let failing = match claims.failing() {
        0 => String::from("none is contradicted by the run"),
        n => format!("{n} {} not what the run found", if n == 1 { "is" } else { "are" }),
    };
    let rest = match open {
        0 => String::new(),
        n => format!("; {} could not be checked", plural(n, "point", "points")),
    };
    format!("{all} of the manuscript: {failing}{rest}")
}

fn claim(claim: &ClaimRecord) -> Claim {
    Claim {
        place: claim.place.clone(),
        at: claim.at.to_string(),
        of: claim.of.clone(),
        registered: claim.against == Some(Against::AsRegistered),
        points: claim.points.iter().map(point).collect(),
        findings: claim
            .findings
            .iter()
            .map(|f| [f.code.clone(), f.slug.clone(), f.message.clone()])
            .collect(),
    }
}

fn point(point: &ClaimPoint) -> Point {
    let (mark, word, class) = match point.result {
        ClaimResult::Holds => ("\u{25CF}", "holds", "holds"),
        ClaimResult::DoesNotHold => ("\u{25A0}", "does not hold", "undisclosed"),
        ClaimResult::NotChecked => ("\u{25CB}", "not checked", "soft"),
    };
    // One digit more than is printed shows how it was rounded.
    let fraction = point.printed.rsplit_once(['.', ',']).map_or(0, |(_, rest)| {
        rest.chars().take_while(char::is_ascii_digit).count()
    });
    let found = match (point.found, &point.found_word) {
        (Some(value), _) if value.fract() == 0.0 => number::decimals(value, 0),
        (Some(value), _) => number::decimals(value, (fraction + 1).clamp(3, 12)),
        (None, Some(word)) => word.clone(),
        (None, None) => String::from("\u{2013}"),
    };
    let bare = found
        .strip_prefix("0.")
        .filter(|_| point.says.starts_with('p') || point.says == "stars");
    let found = bare.map(|digits| format!(".{digits}")).unwrap_or(found);
    Point {
        says: point.says.replace('_', " "),
        printed: point.printed.clone(),
        found,
        mark,
        word,
        class,
        note: point.note.clone(),
    }
}
