//! The author's clock, read here and nowhere else.

/// Now, in UTC, to the second. `SOURCE_DATE_EPOCH` stands in for reproducible builds of examples.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(super) fn now() -> String {
    let fixed = std::env::var("SOURCE_DATE_EPOCH")
        .ok()
        .and_then(|s| s.parse::<i64>().ok());
    let stamp = fixed
        .and_then(|s| jiff::Timestamp::from_second(s).ok())
        .unwrap_or_else(jiff::Timestamp::now);
    let second = jiff::Timestamp::from_second(stamp.as_second()).unwrap_or(stamp);
    second.to_string()
}
