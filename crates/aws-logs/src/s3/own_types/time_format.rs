//! The notations of times that the user can name.

use go_time::{Layout, Time};
use loki_push::Timestamp;

use crate::s3::time;

/// A notation of times.
#[derive(Debug)]
pub(super) enum TimeFormat {
    /// RFC 3339; without an offset, in UTC.
    Rfc3339,
    /// A number of units since 1970, of which a second has this many.
    Unix { per_second: u64 },
    /// A layout of Go.
    Layout(Layout),
}

const NANOS_PER_SECOND: u64 = 1_000_000_000;

impl TimeFormat {
    /// Returns the notation with this name or layout, or `None` if it does not determine a time.
    pub(super) fn new(format: &str) -> Option<Self> {
        let per_second = match format {
            "RFC3339" => return Some(Self::Rfc3339),
            "unix" => 1,
            "unix_ms" => 1_000,
            "unix_us" => 1_000_000,
            "unix_ns" => NANOS_PER_SECOND,
            layout => {
                let layout = Layout::new(layout);
                return is_sufficient(&layout).then_some(Self::Layout(layout));
            }
        };
        Some(Self::Unix { per_second })
    }

    /// Parses a time.
    pub(super) fn parse(&self, text: &[u8]) -> Option<Timestamp> {
        match self {
            Self::Rfc3339 => time::iso(text),
            Self::Unix { per_second } => unix(text, *per_second),
            Self::Layout(layout) => {
                let time = layout.parse(std::str::from_utf8(text).ok()?, None).ok()?;
                Timestamp::new(time.unix_seconds(), time.subsec_nanos()).ok()
            }
        }
    }
}

/// Returns whether a layout determines at least the day. A time whose parts all differ must come back, cut off at the
/// seconds, the minutes, the hour or the day.
fn is_sufficient(layout: &Layout) -> bool {
    /// 2009-11-17T20:34:58Z.
    const SECONDS: i64 = 1_258_490_098;
    let text = layout.format(&Time::utc(SECONDS, 0));
    let Ok(time) = layout.parse(&text, None) else {
        return false;
    };
    let units = [1, 60, 3_600, 86_400];
    units
        .iter()
        .any(|unit| time.unix_seconds() == SECONDS - SECONDS % unit)
}

/// Parses a decimal number of units since 1970, of which a second has `per_second`. Digits below a nanosecond are cut
/// off.
fn unix(text: &[u8], per_second: u64) -> Option<Timestamp> {
    let (negative, text) = match text.strip_prefix(b"-") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let point = text.iter().position(|byte| *byte == b'.');
    let (whole, fraction) = match point {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b"0"[..]),
    };
    let units = digits(whole)?;
    // The rest below a unit in billionths, of which a unit has that many nanoseconds.
    let kept = fraction.len().min(9);
    fraction.iter().all(u8::is_ascii_digit).then_some(())?;
    let billionths = digits(&fraction[..kept])? * 10_u64.pow(9 - u32::try_from(kept).ok()?);
    let nanos = units % per_second * (NANOS_PER_SECOND / per_second) + billionths / per_second;
    let seconds = i64::try_from(units / per_second).ok()?;
    let (seconds, nanos) = match (negative, nanos) {
        (false, nanos) => (seconds, nanos),
        (true, 0) => (-seconds, 0),
        (true, nanos) => (-seconds - 1, NANOS_PER_SECOND - nanos),
    };
    Timestamp::new(seconds, u32::try_from(nanos).ok()?).ok()
}

/// Parses 1 to 19 digits.
fn digits(text: &[u8]) -> Option<u64> {
    // 19 digits are less than 2^64.
    if text.is_empty() || text.len() > 19 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = text
        .iter()
        .fold(0_u64, |number, byte| number * 10 + u64::from(byte - b'0'));
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(format: &str, text: &str) -> Option<i128> {
        let time = TimeFormat::new(format).unwrap().parse(text.as_bytes())?;
        Some(time.unix_nanos())
    }

    #[test]
    fn times_are_read_in_every_notation() {
        // 2026-03-04T05:06:07Z.
        const AT: i128 = 1_772_600_767_000_000_000;
        for (format, text, expected) in [
            ("RFC3339", "2026-03-04T05:06:07Z", AT),
            ("RFC3339", "2026-03-04T07:06:07.5+02:00", AT + 500_000_000),
            ("unix", "1772600767", AT),
            ("unix", "1772600767.25", AT + 250_000_000),
            ("unix", "1772600767.1234567899", AT + 123_456_789),
            ("unix", "-0.5", -500_000_000),
            ("unix", "-2", -2_000_000_000),
            ("unix_ms", "1772600767034", AT + 34_000_000),
            ("unix_ms", "1772600767034.5", AT + 34_500_000),
            ("unix_ms", "5", 5_000_000),
            ("unix_us", "1772600767034056", AT + 34_056_000),
            ("unix_us", "1772600767034056.5", AT + 34_056_500),
            ("unix_ns", "1772600767034056078", AT + 34_056_078),
            ("unix_ns", "-1", -1),
            ("2006-01-02 15:04:05", "2026-03-04 05:06:07", AT),
            ("02/Jan/2006:15:04:05 -0700", "04/Mar/2026:06:06:07 +0100", AT),
            ("2006-01-02", "1970-01-02", 86_400_000_000_000),
            ("01/02/2006 03:04:05 PM", "03/04/2026 05:06:07 AM", AT),
        ] {
            assert_eq!(nanos(format, text), Some(expected), "{format}: {text}");
        }
    }

    #[test]
    fn other_text_has_no_time() {
        for (format, text) in [
            ("RFC3339", "2026-03-04 05:06:07"),
            ("RFC3339", "1772600767"),
            ("unix", ""),
            ("unix", "-"),
            ("unix", "1."),
            ("unix", ".5"),
            ("unix", "1.5.5"),
            ("unix", "1e9"),
            ("unix", " 1"),
            ("unix", "+1"),
            ("unix", "99999999999999"),
            ("unix", "12345678901234567890"),
            ("unix_ns", "1.-5"),
            ("2006-01-02", "2026-03-04T"),
            ("2006-01-02", "\u{fffd}"),
        ] {
            assert_eq!(nanos(format, text), None, "{format}: {text}");
        }
    }

    #[test]
    fn a_layout_determines_a_day_at_least() {
        for layout in [
            "2006-01-02T15:04:05.000Z0700",
            "Jan _2 2006 15:04:05",
            "2006-002 15h",
            "02 Jan 06 15:04 MST",
            "Mon Jan _2 15:04:05 2006",
        ] {
            assert!(TimeFormat::new(layout).is_some(), "{layout}");
        }
        for layout in [
            "",
            "rfc3339",
            "UnixMs",
            "yyyy-MM-dd HH:mm:ss",
            "%Y-%m-%d",
            "15:04:05",
            "Jan _2 15:04:05",
            "2006-01",
            "2006-01-02 03:04:05",
            "2006-01-02 04:05",
        ] {
            assert!(TimeFormat::new(layout).is_none(), "{layout}");
        }
    }
}
