//! Durations in Go's format: `100ms`, `1m30s`, `1.5h`.

use std::time::Duration;

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
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(DurationError::Form);
    }
    let mut nanos: u128 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(DurationError::Form);
        }
        let unit_len = after.find(|char: char| char == '.' || char.is_ascii_digit());
        let (unit, after) = after.split_at(unit_len.unwrap_or(after.len()));
        nanos += in_nanos(whole, fraction, unit_nanos(unit)?)?;
        if nanos > i64::MAX as u128 {
            return Err(DurationError::TooLong);
        }
        rest = after;
    }
    match (negative, nanos) {
        (true, 1..) => Err(DurationError::Negative),
        _ => Ok(Duration::from_nanos(nanos as u64)),
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|char: char| !char.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

fn unit_nanos(unit: &str) -> Result<u128, DurationError> {
    Ok(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter look alike, and Go accepts both.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(DurationError::Form),
    })
}

fn in_nanos(whole: &str, fraction: &str, unit: u128) -> Result<u128, DurationError> {
    let number = |digits: &str| match digits {
        "" => Ok(0),
        digits => digits.parse::<u64>().map_err(|_| DurationError::TooLong),
    };
    // Digits after the eighteenth are worth less than a nanosecond even for hours.
    let fraction = &fraction[..fraction.len().min(18)];
    let scale = 10_u128.pow(fraction.len() as u32);
    Ok(u128::from(number(whole)?) * unit + u128::from(number(fraction)?) * unit / scale)
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
