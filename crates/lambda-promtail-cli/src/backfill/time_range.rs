//! The range of dates whose objects are shipped.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// A range of dates. An object is in it if its date, which can be a whole day, overlaps the range.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TimeRange {
    pub(crate) since: Option<Timestamp>,
    /// The end, which is not part of the range.
    pub(crate) until: Option<Timestamp>,
}

impl TimeRange {
    /// Returns whether the range has a part of the time from `start` to `end`.
    pub(crate) fn overlaps(&self, start: Timestamp, end: Timestamp) -> bool {
        let is_early = self.since.is_some_and(|since| end <= since && start < since);
        let is_late = self.until.is_some_and(|until| start >= until);
        !is_early && !is_late
    }
}

/// Parses a date such as `2026-03-04`, which is its midnight in UTC, or a time such as `2026-03-04T05:06Z`; a time without
/// an offset is in UTC.
pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    let utc = |time: DateTime| Offset::UTC.to_timestamp(time).ok();
    let time = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(utc))
        .or_else(|| {
            let date = text.parse::<Date>().ok()?;
            utc(date.to_datetime(jiff::civil::Time::midnight()))
        });
    time.ok_or_else(|| {
        "expected a date or a time in UTC, such as 2026-03-04 or 2026-03-04T05:06:00Z".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        for (text, expected) in [
            ("2026-03-04", Some("2026-03-04T00:00:00Z")),
            ("2026-03-04T05:06", Some("2026-03-04T05:06:00Z")),
            ("2026-03-04 05:06:07", Some("2026-03-04T05:06:07Z")),
            ("2026-03-04T05:06:07Z", Some("2026-03-04T05:06:07Z")),
            ("2026-03-04T05:06:07+01:00", Some("2026-03-04T04:06:07Z")),
            ("7d", None),
            ("", None),
        ] {
            let parsed = parse_time(text).ok().map(|time| time.to_string());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_object_is_taken_if_its_date_overlaps() {
        let time = |text| parse_time(text).unwrap();
        let range = TimeRange {
            since: Some(time("2026-03-04T12:00")),
            until: Some(time("2026-03-06")),
        };
        for (start, end, expected) in [
            ("2026-03-03", "2026-03-04", false),
            ("2026-03-04", "2026-03-05", true),
            ("2026-03-04T11:00", "2026-03-04T12:00", false),
            ("2026-03-04T12:00", "2026-03-04T12:00", true),
            ("2026-03-05", "2026-03-06", true),
            ("2026-03-06", "2026-03-07", false),
        ] {
            assert_eq!(range.overlaps(time(start), time(end)), expected, "{start}");
        }
        assert!(TimeRange::default().overlaps(time("1990-01-01"), time("1990-01-02")));
    }
}
