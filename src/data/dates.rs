//! Dates and times as survey platforms write them.

use jiff::civil::{Date, DateTime};

/// The ISO 8601 form of a date or time, without its offset: the platform's own clock.
pub(super) fn normalised(cell: &str) -> Option<String> {
    if cell.as_bytes().get(4) != Some(&b'-') || cell.as_bytes().get(7) != Some(&b'-') {
        return None;
    }
    if let Ok(date) = cell.parse::<Date>()
        && cell.len() == 10
    {
        return Some(date.to_string());
    }
    cell.replacen(' ', "T", 1)
        .parse::<DateTime>()
        .ok()
        .map(|time| time.to_string())
        .or_else(|| {
            let zoned = cell.replacen(' ', "T", 1);
            let stamp: jiff::Timestamp = zoned.parse().ok()?;
            Some(jiff::tz::TimeZone::UTC.to_datetime(stamp).to_string())
        })
}

/// The day of a normalised time.
pub(super) fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// Whole days from one normalised time's date to another's.
pub(super) fn days(from: &str, to: &str) -> Option<f64> {
    let (from, to): (Date, Date) = (day(from).parse().ok()?, day(to).parse().ok()?);
    Some(f64::from(from.until(to).ok()?.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_platforms_write() {
        for (cell, expected) in [
            ("2024-11-04 10:22:31", "2024-11-04T10:22:31"),
            ("2024-11-04T10:22:31Z", "2024-11-04T10:22:31"),
            ("2024-11-04", "2024-11-04"),
        ] {
            assert_eq!(normalised(cell).as_deref(), Some(expected), "{cell}");
        }
        assert_eq!(days("2024-02-28T23:59:00", "2024-03-01"), Some(2.0));
        assert_eq!(days("2025-01-01", "2024-12-31T00:00:00"), Some(-1.0));
        for cell in ["4.11.2024", "yesterday", "2024-13-01", "20241104"] {
            assert_eq!(normalised(cell), None, "{cell}");
        }
    }
}
