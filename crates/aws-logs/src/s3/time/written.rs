//! Dates with a weekday and the name of a month.

use loki_push::Timestamp;

use super::civil::Date;
use super::iso::fraction_nanos;
use super::{month, number};

/// Parses `Wed, 4 Mar 2026 05:06:07:123` in UTC, as Redshift writes it. The fraction may be missing.
pub(crate) fn weekday_and_date(text: &[u8]) -> Option<Timestamp> {
    let (weekday, rest) = text.split_at_checked(3)?;
    weekday.iter().all(u8::is_ascii_alphabetic).then_some(())?;
    let mut words = rest
        .strip_prefix(b", ")?
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let (day, month_name, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || day.len() > 2 || year.len() != 4 {
        return None;
    }
    let (time_of_day, fraction) = time.split_at_checked(8)?;
    let nanos = match fraction {
        [] => 0,
        [b':' | b'.', digits @ ..] => fraction_nanos(digits)?,
        _ => return None,
    };
    Date::new(number(year)?, month(month_name)?, number(day)?)?.at(time_of_day, nanos, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekday_precedes_the_date() {
        for (text, nanos) in [
            ("Wed, 4 Mar 2026 05:06:07:123", 123_000_000),
            ("Wed, 04 Mar 2026 05:06:07:123456", 123_456_000),
            ("Wed,  4 Mar 2026 05:06:07", 0),
        ] {
            let expected = Timestamp::new(1_772_600_767, nanos).unwrap();
            assert_eq!(weekday_and_date(text.as_bytes()), Some(expected), "{text}");
        }
        for text in [
            "",
            "Wed",
            "Wed, 4 Mar 2026",
            "Wed, 4 Mar 2026 05:06:07:",
            "Wed, 4 Mar 2026 05:06:07:123 x",
            "Wed, 4 mar 2026 05:06:07:123",
            "Wed, 30 Feb 2026 05:06:07:123",
            "Wed, 4 Mar 26 05:06:07:123",
            "4 Mar 2026 05:06:07:123",
            "W1d, 4 Mar 2026 05:06:07:123",
        ] {
            assert_eq!(weekday_and_date(text.as_bytes()), None, "{text}");
        }
    }
}
