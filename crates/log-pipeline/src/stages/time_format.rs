//! The formats of times.

use go_time::{Layout, Location, Time};
use loki_push::Timestamp;

/// A format of times.
#[derive(Debug)]
pub(crate) enum TimeFormat {
    /// Seconds with an optional fraction after a point.
    Unix,
    /// A whole number of units of that many nanoseconds.
    UnixUnits(i64),
    /// A layout of Go, and the location of times that do not name one.
    Layout(Layout, Option<Location>),
    /// A layout without a year, and the location.
    Yearless(Layout, Option<Location>),
}

impl TimeFormat {
    /// Returns the format with that name, or otherwise parses it as a layout. The location is used for layouts only,
    /// and not for named formats.
    pub(crate) fn new(format: &str, location: Option<&Location>) -> Self {
        let named = match format {
            "Unix" => return Self::Unix,
            "UnixMs" => return Self::UnixUnits(1_000_000),
            "UnixUs" => return Self::UnixUnits(1_000),
            "UnixNs" => return Self::UnixUnits(1),
            "ANSIC" => go_time::ANSIC,
            "UnixDate" => go_time::UNIX_DATE,
            "RubyDate" => go_time::RUBY_DATE,
            "RFC822" => go_time::RFC822,
            "RFC822Z" => go_time::RFC822Z,
            "RFC850" => go_time::RFC850,
            "RFC1123" => go_time::RFC1123,
            "RFC1123Z" => go_time::RFC1123Z,
            "RFC3339" => go_time::RFC3339,
            "RFC3339Nano" => go_time::RFC3339_NANO,
            layout => {
                let layout = Layout::new(layout);
                let location = location.cloned();
                return match layout.has_year() {
                    true => Self::Layout(layout, location),
                    false => Self::Yearless(layout, location),
                };
            }
        };
        Self::Layout(Layout::new(named), None)
    }

    /// Parses a time. A missing year is the one closest to the entry's own time.
    pub(crate) fn parse(&self, text: &str, entry: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Unix => unix(text),
            Self::UnixUnits(nanos) => {
                // As in Go, a number that does not fit wraps around.
                let nanos = text.parse::<i64>().ok()?.wrapping_mul(*nanos);
                timestamp(nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000))
            }
            Self::Layout(layout, location) => instant(&layout.parse(text, location.as_ref()).ok()?),
            Self::Yearless(layout, location) => {
                let time = layout.parse(text, location.as_ref()).ok()?;
                if time.year() != 0 {
                    return None;
                }
                let now = Time::utc(entry.seconds(), entry.subsec_nanos());
                let year = match (time.month(), now.month()) {
                    (12, 1) => now.year() - 1,
                    (1, 12) => now.year() + 1,
                    _ => now.year(),
                };
                instant(&time.add_date(year, 0, 0))
            }
        }
    }
}

/// Parses seconds with an optional fraction. The fraction is always added, even to negative seconds.
fn unix(text: &str) -> Option<Timestamp> {
    let Some((seconds, fraction)) = text.split_once('.') else {
        return timestamp(text.parse().ok()?, 0);
    };
    // Digits beyond nanoseconds are cut off. The rest is a whole number, which may have a sign.
    let fraction = fraction.get(..9.min(fraction.len()))?;
    let scale = 10_i64.pow(9 - fraction.len() as u32);
    let nanos = fraction.parse::<i64>().ok()?.checked_mul(scale)?;
    let seconds = seconds.parse::<i64>().ok()?;
    let carried = seconds.checked_add(nanos.div_euclid(1_000_000_000))?;
    timestamp(carried, nanos.rem_euclid(1_000_000_000))
}

/// Returns the timestamp of a time.
fn instant(time: &Time) -> Option<Timestamp> {
    Timestamp::new(time.unix_seconds(), time.subsec_nanos()).ok()
}

/// Returns the timestamp for seconds and nanoseconds.
fn timestamp(seconds: i64, nanos: i64) -> Option<Timestamp> {
    Timestamp::new(seconds, u32::try_from(nanos).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(format: &str, text: &str, entry: &str) -> Option<Timestamp> {
        let rfc3339 = TimeFormat::new("RFC3339", None);
        let entry = rfc3339.parse(entry, Timestamp::EPOCH).unwrap();
        TimeFormat::new(format, None).parse(text, entry)
    }

    #[test]
    fn a_missing_year_is_the_entrys_and_december_in_january_the_one_before() {
        let time = |text| parse("RFC3339", text, "2000-01-01T00:00:00Z");
        for (text, entry, expected) in [
            ("Jul  4 10:20:30", "2024-05-06T00:00:00Z", "2024-07-04T10:20:30Z"),
            ("Dec 31 23:59:59", "2024-01-01T00:00:10Z", "2023-12-31T23:59:59Z"),
            ("Jan  1 00:00:01", "2024-12-31T23:59:58Z", "2025-01-01T00:00:01Z"),
            ("Feb 29 00:00:00", "2024-03-01T00:00:00Z", "2024-02-29T00:00:00Z"),
        ] {
            assert_eq!(parse("Jan _2 15:04:05", text, entry), time(expected), "{text}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction() {
        let nanos = |text| parse("Unix", text, "2000-01-01T00:00:00Z").map(Timestamp::unix_nanos);
        assert_eq!(nanos("1.5"), Some(1_500_000_000));
        assert_eq!(nanos("-1.5"), Some(-500_000_000));
        assert_eq!(nanos("1.1234567899"), Some(1_123_456_789));
        for text in [
            "",
            "1.",
            "1.5.5",
            "1e3",
            " 1",
            "1.\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
            "99999999999999",
        ] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }
}
