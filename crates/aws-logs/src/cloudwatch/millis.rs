//! Milliseconds since the epoch, in any notation of a JSON number.

use super::log_event::Fault;

/// The number of decimal digits that always fit in 64 bits.
const MOST_DIGITS: usize = 18;

/// Parses a JSON number that is a whole number of milliseconds, in any notation: `1772600767034`,
/// `1772600767034.0` and `1.772600767034e12` are equal. It is computed in decimal, so that no fraction is
/// rounded away.
pub(super) fn parse(number: &str) -> Result<i64, Fault> {
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, power(exponent).ok_or(Fault::TimestampText)?),
        None => (number, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return Err(Fault::TimestampText),
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let (sign, whole) = match whole.strip_prefix('-') {
        Some(whole) => (-1, whole),
        None => (1, whole),
    };
    if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return Err(Fault::TimestampText);
    }
    let digits = [whole, fraction].concat();
    let significant = digits.trim_end_matches('0');
    // The number is `significant` times ten to this power. Neither length comes near 64 bits.
    let scale = exponent - fraction.len() as i64 + (digits.len() - significant.len()) as i64;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    let scale = u32::try_from(scale).map_err(|_| match scale < 0 {
        true => Fault::TimestampFraction,
        false => Fault::TimestampRange,
    })?;
    if significant.len() + scale as usize > MOST_DIGITS {
        return Err(Fault::TimestampRange);
    }
    let millis = significant
        .bytes()
        .fold(0, |number: i64, digit| number * 10 + i64::from(digit - b'0'));
    Ok(sign * millis * 10_i64.pow(scale))
}

/// Parses the exponent of a number. A very large one becomes a value beyond all valid ones.
fn power(exponent: &str) -> Option<i64> {
    const LARGE: i64 = i64::MAX / 4;
    let (sign, digits) = match exponent.as_bytes().first()? {
        b'-' => (-1, &exponent[1..]),
        b'+' => (1, &exponent[1..]),
        _ => (1, exponent),
    };
    if digits.is_empty() || !are_digits(digits) {
        return None;
    }
    Some(sign * digits.parse().unwrap_or(LARGE).min(LARGE))
}

fn are_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        for (number, millis) in [
            ("0", 0),
            ("-0", 0),
            ("0.000", 0),
            ("0e99999999999999999999", 0),
            ("0e-5", 0),
            ("1772600767034", 1_772_600_767_034),
            ("1772600767034.0", 1_772_600_767_034),
            ("1.772600767034e12", 1_772_600_767_034),
            ("1.772600767034E+12", 1_772_600_767_034),
            ("17726007670340000000000000000000e-19", 1_772_600_767_034),
            ("0.000001772600767034e18", 1_772_600_767_034),
            ("-1500", -1500),
            ("-1.5e3", -1500),
            ("10", 10),
            ("999999999999999999", 999_999_999_999_999_999),
        ] {
            assert_eq!(parse(number), Ok(millis), "{number}");
        }
    }

    #[test]
    fn everything_else_is_named() {
        for (number, fault) in [
            ("0.5", Fault::TimestampFraction),
            ("1772600767034.5", Fault::TimestampFraction),
            // A 64-bit float cannot represent this fraction of a number of this size.
            ("1772600767034.00000000001", Fault::TimestampFraction),
            ("1e-1", Fault::TimestampFraction),
            ("1e-99999999999999999999", Fault::TimestampFraction),
            ("1e18", Fault::TimestampRange),
            ("1e400", Fault::TimestampRange),
            ("-1e99999999999999999999", Fault::TimestampRange),
            ("9223372036854775808", Fault::TimestampRange),
            ("", Fault::TimestampText),
            ("-", Fault::TimestampText),
            ("1.", Fault::TimestampText),
            (".5", Fault::TimestampText),
            ("1e", Fault::TimestampText),
            ("1e+", Fault::TimestampText),
            ("1e5e5", Fault::TimestampText),
            ("1.2.3", Fault::TimestampText),
            ("+1", Fault::TimestampText),
            (" 1", Fault::TimestampText),
            ("0x10", Fault::TimestampText),
            ("NaN", Fault::TimestampText),
            ("2026-03-04T05:06:07Z", Fault::TimestampText),
            ("é", Fault::TimestampText),
            ("1eé", Fault::TimestampText),
        ] {
            assert_eq!(parse(number), Err(fault), "{number}");
        }
    }

    proptest! {
        #[test]
        fn the_decimal_point_may_be_anywhere(millis in -253_402_300_799_999..253_402_300_799_999_i64, places in 0..20_usize) {
            let (sign, digits) = match millis < 0 {
                true => ("-", (-millis).to_string()),
                false => ("", millis.to_string()),
            };
            let digits = format!("{digits:0>21}");
            let (whole, fraction) = digits.split_at(digits.len() - places);
            let number = match places {
                0 => format!("{sign}{whole}"),
                _ => format!("{sign}{whole}.{fraction}e{places}"),
            };
            prop_assert_eq!(parse(&number), Ok(millis), "{}", number);
        }

        #[test]
        fn no_text_panics(text in "[-+0-9.eE a]{0,24}") {
            let _ = parse(&text);
        }
    }
}
