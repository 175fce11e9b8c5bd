//! `yyyy-mm-dd` with a time of day.

use loki_push::Timestamp;

use super::civil::Date;
use super::{number, offset};

/// Parses `yyyy-mm-ddThh:mm:ss`, with or without a fraction, followed by `Z`, an offset, or nothing for UTC
/// (as network load balancers write it). Digits below a nanosecond are cut off.
pub(crate) fn iso(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time_of_day, mut rest) = rest.strip_prefix(b"T")?.split_at_checked(8)?;
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        nanos = fraction_nanos(&fraction[..digits])?;
        rest = &fraction[digits..];
    }
    let ahead_of_utc = match rest {
        b"" | b"Z" => 0,
        zone => offset(zone)?,
    };
    Date::parse(date)?.at(time_of_day, nanos, ahead_of_utc)
}

/// Parses `yyyy-mm-dd` and `hh:mm:ss` in UTC, as CloudFront writes them.
pub(crate) fn date_and_time(date: &[u8], time_of_day: &[u8]) -> Option<Timestamp> {
    Date::parse(date)?.at(time_of_day, 0, 0)
}

/// Parses `[yyyy-mm-dd hh:mm:ss,mmm]` at the start of the line in UTC, as log4j writes it on Kafka brokers.
pub(crate) fn log4j(line: &[u8]) -> Option<Timestamp> {
    let (date, rest) = line.strip_prefix(b"[")?.split_at_checked(10)?;
    let (time_of_day, rest) = rest.strip_prefix(b" ")?.split_at_checked(8)?;
    let (millis, rest) = rest.strip_prefix(b",")?.split_at_checked(3)?;
    rest.strip_prefix(b"]")?;
    Date::parse(date)?.at(time_of_day, fraction_nanos(millis)?, 0)
}

/// Parses the digits after the point, at least one, as nanoseconds.
pub(super) fn fraction_nanos(digits: &[u8]) -> Option<u32> {
    let digits = &digits[..digits.len().min(9)];
    let missing = 9 - u32::try_from(digits.len()).ok()?;
    if digits.is_empty() {
        return None;
    }
    Some(number(digits)? * 10_u32.pow(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_all_shapes_are_read() {
        // 2026-03-04T05:06:07Z.
        const AT: i64 = 1_772_600_767;
        for (text, seconds, nanos) in [
            ("2026-03-04T05:06:07Z", AT, 0),
            ("2026-03-04T05:06:07", AT, 0),
            ("2026-03-04T05:06:07.1Z", AT, 100_000_000),
            ("2026-03-04T05:06:07.12", AT, 120_000_000),
            ("2026-03-04T05:06:07.123456Z", AT, 123_456_000),
            ("2026-03-04T05:06:07.000000001Z", AT, 1),
            ("2026-03-04T05:06:07.9999999999999Z", AT, 999_999_999),
            ("2026-03-04T05:06:07+00:00", AT, 0),
            ("2026-03-04T05:06:07.5-00:00", AT, 500_000_000),
            ("2026-03-04T07:06:07+02:00", AT, 0),
            ("2026-03-03T23:36:07-0530", AT, 0),
            ("1969-12-31T23:59:59.25Z", -1, 250_000_000),
        ] {
            assert_eq!(
                iso(text.as_bytes()),
                Some(Timestamp::new(seconds, nanos).unwrap()),
                "{text}"
            );
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "-",
            "2026-03-04",
            "2026-03-04 05:06:07",
            "2026-03-04T05:06",
            "2026-03-04T24:00:00Z",
            "2026-03-04T05:60:00Z",
            "2026-03-04T05:06:60Z",
            "2026-02-30T05:06:07Z",
            "2026-03-04T05:06:07.Z",
            "2026-03-04T05:06:07ZZ",
            "2026-03-04T05:06:07z",
            "2026-03-04T05:06:07+24:00",
            "2026-03-04T05:06:07+0:00",
            "2026-03-04T05:06:07+00:00:00",
            "2026-03-04T05:06:07 +0000",
            "0001-01-01T00:00:00+00:01",
            "+026-03-04T05:06:07Z",
            "é026-03-04T05:06:07Z",
        ] {
            assert_eq!(iso(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn log4j_times_stand_in_brackets_at_the_start() {
        let expected = Timestamp::new(1_772_600_767, 123_000_000).unwrap();
        assert_eq!(log4j(b"[2026-03-04 05:06:07,123] INFO x"), Some(expected));
        for line in [
            " [2026-03-04 05:06:07,123] INFO",
            "[2026-03-04 05:06:07,123",
            "[2026-03-04 05:06:07,12] INFO",
            "[2026-02-29 05:06:07,123] INFO",
            "\tat kafka.server.KafkaApis.handle(KafkaApis.scala:1)",
            "[",
        ] {
            assert_eq!(log4j(line.as_bytes()), None, "{line}");
        }
    }
}
