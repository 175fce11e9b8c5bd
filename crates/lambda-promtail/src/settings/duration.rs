//! Durations in Go's format: `100ms`, `1m30s`, `1.5h`.

use std::time::Duration;

use go_time::DurationErrorKind;

/// An error in the text of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// The text does not have Go's format.
    #[error("not a duration; expected one like 100ms, 5s or 1m30s")]
    Form,
    /// The duration is negative.
    #[error("a duration cannot be negative here")]
    Negative,
    /// The duration does not fit in Go's 64 bits of nanoseconds.
    #[error("the duration is longer than 292 years")]
    TooLong,
}

impl From<go_time::DurationError> for DurationError {
    fn from(error: go_time::DurationError) -> Self {
        match error.kind {
            DurationErrorKind::Syntax => Self::Form,
            DurationErrorKind::TooLong => Self::TooLong,
        }
    }
}

/// Parses a duration as Go's `time.ParseDuration` does: `0`, or a sequence of numbers with units (`ns`, `us`, `µs`,
/// `ms`, `s`, `m`, `h`). Numbers may have fractions, which are cut off below a nanosecond.
///
/// # Errors
/// Returns an error if the text has another format, or the duration is negative or longer than 292 years.
///
/// ```
/// use std::time::Duration;
/// assert_eq!(lambda_promtail::settings::parse_duration("1m30.5s"), Ok(Duration::from_millis(90_500)));
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let go_time::Duration(nanos) = go_time::Duration::parse(text)?;
    match u64::try_from(nanos) {
        Ok(nanos) => Ok(Duration::from_nanos(nanos)),
        Err(_) => Err(DurationError::Negative),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_parsed_as_in_go() {
        for (text, nanos) in [
            ("0", 0),
            ("0s", 0),
            ("-0", 0),
            ("5s", 5_000_000_000),
            ("+5s", 5_000_000_000),
            ("100ms", 100_000_000),
            ("1m30s", 90_000_000_000),
            ("1.5h", 5_400_000_000_000),
            (".5s", 500_000_000),
            ("1.s", 1_000_000_000),
            ("10us", 10_000),
            ("10\u{b5}s", 10_000),
            ("10\u{3bc}s", 10_000),
            ("3ns", 3),
            ("0.9ns", 0),
            ("1.0000000000000000000000001s", 1_000_000_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_nanos(nanos)), "{text}");
        }
    }

    #[test]
    fn durations_that_go_refuses_are_refused() {
        for text in [
            "", "5", "s", ".s", "5 s", "5sec", "1d", "-", "+", "0.", "1s5", "1e3s", " 5s", "١s",
        ] {
            assert_eq!(parse_duration(text), Err(DurationError::Form), "{text}");
        }
        assert_eq!(parse_duration("-5s"), Err(DurationError::Negative));
        for text in ["9999999999999999999999s", "2562048h", "9223372036854775808ns"] {
            assert_eq!(parse_duration(text), Err(DurationError::TooLong), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "[-+]?([0-9]{0,25}\\.?[0-9]{0,25}(ns|ms|s|m|h|µs)?){0,4}") {
            let _ = parse_duration(&text);
            let _ = parse_duration(&near);
        }
    }
}
