//! Days and microseconds since a year began, as ISO 8601.

use jiff::Span;
use jiff::civil::{Date, DateTime};

fn start(year: i16) -> Option<Date> {
    Date::new(year, 1, 1).ok()
}

/// The day, if the calendar has it.
pub(super) fn day(since: i64, year: i16) -> Option<String> {
    let span = Span::new().try_days(since).ok()?;
    Some(start(year)?.checked_add(span).ok()?.to_string())
}

/// The moment, if the calendar has it.
pub(super) fn microsecond(since: i64, year: i16) -> Option<String> {
    let span = Span::new().try_microseconds(since).ok()?;
    let midnight: DateTime = start(year)?.to_datetime(jiff::civil::Time::midnight());
    Some(midnight.checked_add(span).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_the_year() {
        assert_eq!(day(0, 1960).as_deref(), Some("1960-01-01"));
        assert_eq!(day(20_032, 1970).as_deref(), Some("2024-11-05"));
        assert_eq!(day(-1, 1970).as_deref(), Some("1969-12-31"));
        assert_eq!(day(i64::MAX, 1970), None);
        let of = |us| microsecond(us, 1970);
        assert_eq!(of(1_730_802_600_000_000).as_deref(), Some("2024-11-05T10:30:00"));
        assert_eq!(of(1_500_000).as_deref(), Some("1970-01-01T00:00:01.5"));
    }
}
