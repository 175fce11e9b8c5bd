//! Times as numbers since 1970.

use loki_push::Timestamp;

use super::iso::fraction_nanos;

/// Parses a whole number of seconds, milliseconds, microseconds or nanoseconds since the epoch, distinguished
/// by the number of digits, as upstream does.
///
/// Seconds have at most 11 digits until the year 5138; milliseconds with fewer than 12 digits are before
/// 1973.
pub(crate) fn epoch(digits: &[u8]) -> Option<Timestamp> {
    if digits.is_empty() || digits.len() > 19 {
        return None;
    }
    // 19 digits are less than 2^64.
    let mut number: u64 = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(byte - b'0');
    }
    // Divisions by constants are multiplications.
    let (seconds, nanos) = match digits.len() {
        ..=11 => (number, 0),
        12..=14 => (number / 1_000, number % 1_000 * 1_000_000),
        15..=17 => (number / 1_000_000, number % 1_000_000 * 1_000),
        _ => (number / 1_000_000_000, number % 1_000_000_000),
    };
    Timestamp::new(i64::try_from(seconds).ok()?, u32::try_from(nanos).ok()?).ok()
}

/// Parses seconds since the epoch with digits after the point, as CloudFront writes them in real-time logs.
pub(crate) fn fractional_epoch(text: &[u8]) -> Option<Timestamp> {
    let point = text.iter().position(|byte| *byte == b'.')?;
    let (seconds, digits) = (&text[..point], &text[point + 1..]);
    // More digits are a smaller unit, which has no fraction.
    (seconds.len() <= 11).then_some(())?;
    Timestamp::new(epoch(seconds)?.seconds(), fraction_nanos(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_digits_tells_the_unit() {
        for (text, seconds, nanos) in [
            ("1772600700", 1_772_600_700, 0),
            ("1772600767034", 1_772_600_767, 34_000_000),
            ("1772600767005", 1_772_600_767, 5_000_000),
            ("1772600767000", 1_772_600_767, 0),
            ("1772600767034056", 1_772_600_767, 34_056_000),
            ("1772600767034056078", 1_772_600_767, 34_056_078),
            ("0", 0, 0),
            ("9999999999999999999", 9_999_999_999, 999_999_999),
        ] {
            let expected = Timestamp::new(seconds, nanos).unwrap();
            assert_eq!(epoch(text.as_bytes()), Some(expected), "{text}");
        }
    }

    #[test]
    fn seconds_can_have_a_fraction() {
        for (text, nanos) in [
            ("1772600767.123", 123_000_000),
            ("1772600767.0", 0),
            ("1772600767.123456789", 123_456_789),
        ] {
            let expected = Timestamp::new(1_772_600_767, nanos).unwrap();
            assert_eq!(fractional_epoch(text.as_bytes()), Some(expected), "{text}");
        }
        for text in [
            "",
            ".",
            "1",
            "1.",
            ".5",
            "1.-5",
            "-1.5",
            "1.5.5",
            "1772600767123.5",
        ] {
            assert_eq!(fractional_epoch(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in ["", "-", "-1", "1.5", "1e9", " 1", "12345678901234567890"] {
            assert_eq!(epoch(text.as_bytes()), None, "{text}");
        }
    }
}
