//! Dates and times as survey platforms write them.

use jiff::civil::{Date, DateTime};

/// The ISO 8601 form of a date or time, without its offset: the platform's own clock.
pub(super) fn normalised(cell: &str) -> Option<String> {
    if cell.as_bytes().get(4) != Some(&b'-') || cell.as_bytes().get(7) != Some(&b'-') {
        return None;
    }
    if let Some(time) = plain(cell) {
        return Some(time);
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

/// `2024-11-04 10:22:31`, the form that platforms write most, without the calendar's help.
fn plain(cell: &str) -> Option<String> {
    let bytes: &[u8; 19] = cell.as_bytes().try_into().ok()?;
    let [
        ..,
        b'-',
        _,
        _,
        b'-',
        _,
        _,
        b' ' | b'T',
        _,
        _,
        b':',
        _,
        _,
        b':',
        _,
        _,
    ] = bytes
    else {
        return None;
    };
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?.iter();
        digits
            .map(|b| b.is_ascii_digit().then(|| u32::from(b - b'0')))
            .try_fold(0, |n, d| Some(10 * n + d?))
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let holds =
        (1..=length).contains(&day) && number(11, 13)? < 24 && number(14, 16)? < 60 && number(17, 19)? < 60;
    holds.then(|| cell.replacen(' ', "T", 1))
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

    #[test]
    fn the_short_way_is_the_calendars() {
        let mut held = 0;
        for year in ["0000", "1582", "1900", "2000", "2023", "2024", "9999", "20x4"] {
            for month in 0..=13 {
                for day in 0..=32 {
                    for time in [
                        "00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "1:00:000",
                    ] {
                        let cell = format!("{year}-{month:02}-{day:02} {time}");
                        let calendar = cell.replacen(' ', "T", 1).parse::<DateTime>().ok();
                        if let Some(short) = plain(&cell) {
                            assert_eq!(Some(short), calendar.map(|t| t.to_string()), "{cell}");
                            held += 1;
                        } else {
                            assert!(calendar.is_none() || time.ends_with("60"), "{cell}");
                        }
                    }
                }
            }
        }
        assert_eq!(held, 2 * (366 * 3 + 365 * 4));
    }
}
