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

/// The days that ended with a leap second (IERS, Bulletin C), as Stata's `%tC` counts them.
const LEAPS: [(i16, i8, i8); 27] = [
    (1972, 6, 30),
    (1972, 12, 31),
    (1973, 12, 31),
    (1974, 12, 31),
    (1975, 12, 31),
    (1976, 12, 31),
    (1977, 12, 31),
    (1978, 12, 31),
    (1979, 12, 31),
    (1981, 6, 30),
    (1982, 6, 30),
    (1983, 6, 30),
    (1985, 6, 30),
    (1987, 12, 31),
    (1989, 12, 31),
    (1990, 12, 31),
    (1992, 6, 30),
    (1993, 6, 30),
    (1994, 6, 30),
    (1995, 12, 31),
    (1997, 6, 30),
    (1998, 12, 31),
    (2005, 12, 31),
    (2008, 12, 31),
    (2012, 6, 30),
    (2015, 6, 30),
    (2016, 12, 31),
];

/// Milliseconds since a year began, of which the leap seconds are taken off. A leap second is the last one of its day.
pub(super) fn without_leaps(ms: i64, year: i16) -> i64 {
    let Some(start) = start(year) else { return ms };
    let mut plain = ms;
    for (year, month, day) in LEAPS {
        let Ok(last) = Date::new(year, month, day) else {
            continue;
        };
        let midnight = start
            .until(last)
            .map_or(i64::MAX, |s| (i64::from(s.get_days()) + 1) * 86_400_000);
        if plain >= midnight {
            plain = (plain - 1000).max(midnight - 1000);
        }
    }
    plain
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
