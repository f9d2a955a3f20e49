//! The timeline: what was written down, locked and collected when, on one scale of days.

use super::Figure;
use super::strips::{Frame, Strip, StripMark, strips};
use jiff::civil::Date;

/// Something that happened at a time, or from one to another, as ISO 8601 dates.
pub(in crate::report) struct Moment<'a> {
    pub what: String,
    pub from: &'a str,
    pub to: Option<&'a str>,
}

/// Nothing unless two dates can be read.
pub(in crate::report) fn timeline(moments: &[Moment<'_>]) -> Option<Figure> {
    let rows: Vec<Strip> = moments.iter().filter_map(strip).collect();
    let days: Vec<f64> = rows.iter().flat_map(|r| r.marks.iter().map(|m| m.at)).collect();
    let low = days.iter().copied().fold(f64::INFINITY, f64::min);
    let high = days.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if days.len() < 2 || high <= low {
        return None;
    }
    let frame = Frame {
        unit: "",
        ticks: Some(ticks(low, high)),
        values: 100.0,
        include: None,
    };
    let (wide, narrow) = strips(&rows, &frame);
    Some(Figure {
        name: String::from("timeline"),
        title: String::from("From registration to result"),
        description: format!(
            "{} events by date. The list below has the same dates.",
            rows.len()
        ),
        note: String::new(),
        wide,
        narrow,
    })
}

fn strip(moment: &Moment<'_>) -> Option<Strip> {
    let from = day(moment.from)?;
    let to = moment.to.and_then(day);
    let mark = |at: f64, span: Option<(f64, f64)>, when: &str| StripMark {
        at,
        span,
        hollow: false,
        tip: when.to_owned(),
    };
    let mut marks = vec![mark(from, to.map(|to| (from, to)), moment.from)];
    marks.extend(to.zip(moment.to).map(|(to, when)| mark(to, None, when)));
    Some(Strip {
        label: moment.what.clone(),
        value: moment.from.get(..10).unwrap_or(moment.from).to_owned(),
        marks,
        flat: true,
        ..Strip::default()
    })
}

/// Days since 1970 of the date that a time begins with.
fn day(text: &str) -> Option<f64> {
    let date: Date = text.get(..10)?.parse().ok()?;
    let since = Date::new(1970, 1, 1).ok()?.until(date).ok()?;
    Some(f64::from(since.get_days()))
}

fn date(day: f64) -> Option<Date> {
    let days = jiff::Span::new().try_days(day.round() as i64).ok()?;
    Date::new(1970, 1, 1).ok()?.checked_add(days).ok()
}

/// At most seven first days of months, quarters, years or decades; of a short span its two ends.
fn ticks(low: f64, high: f64) -> Vec<(f64, String)> {
    let ends = || {
        [low, high]
            .into_iter()
            .filter_map(|d| Some((d, date(d)?.to_string())))
            .collect()
    };
    let (Some(first), Some(last)) = (date(low), date(high)) else {
        return Vec::new();
    };
    for months in [1, 3, 6, 12, 24, 60, 120] {
        let mut found = Vec::new();
        for month in i32::from(first.year()) * 12..=i32::from(last.year()) * 12 + 12 {
            let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12));
            let starts = i16::try_from(year).ok().zip(i8::try_from(of_year + 1).ok());
            let Some(start) = starts.and_then(|(y, m)| Date::new(y, m, 1).ok()) else {
                continue;
            };
            if month % months != 0 || start < first || start > last {
                continue;
            }
            let label = if months >= 12 {
                format!("{year}")
            } else {
                format!("{year}-{:02}", of_year + 1)
            };
            found.extend(day(&start.to_string()).map(|d| (d, label)));
        }
        match found.len() {
            0 | 1 if months == 1 => return ends(),
            2..=7 => return found,
            _ => {}
        }
    }
    ends()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_stand_at_first_days() {
        let at = |text: &str| day(text).unwrap();
        let labels = |a: &str, b: &str| -> Vec<String> {
            ticks(at(a), at(b)).into_iter().map(|(_, label)| label).collect()
        };
        assert_eq!(labels("2024-10-28", "2024-12-31"), ["2024-11", "2024-12"]);
        assert_eq!(labels("2024-10-28", "2024-10-30"), ["2024-10-28", "2024-10-30"]);
        assert_eq!(
            labels("2015-03-01", "2024-10-30"),
            ["2016", "2018", "2020", "2022", "2024"]
        );
        assert_eq!(at("1970-01-11T10:00:00"), 10.0);
        assert_eq!(day("soon"), None);
    }
}
