//! Go's `time.Duration`: a number of nanoseconds, written as `1h2m3.5s`.

use std::fmt;

use DurationErrorKind::{Syntax, TooLong};

/// A duration in nanoseconds, which Go limits to about 292 years in either direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

/// An error for a text that is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a duration such as \"300ms\", \"1.5s\" or \"2h45m\"")]
pub struct DurationError {
    /// The text as it was given.
    pub text: String,
    /// The reason.
    pub kind: DurationErrorKind,
}

/// The reason of a [`DurationError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationErrorKind {
    /// The text does not have Go's syntax.
    Syntax,
    /// The duration does not fit into 64 bits of nanoseconds: it is longer than 292 years.
    TooLong,
}

/// The number of nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;

/// The units and their nanoseconds.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),
    ("\u{3bc}s", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3600 * SECOND),
];

impl Duration {
    /// Parses a duration as Go's `time.ParseDuration` does: an optional sign and then one or more numbers, each with
    /// a unit (`ns`, `us`, `ms`, `s`, `m` or `h`). `0` alone needs no unit.
    ///
    /// # Errors
    /// Returns an error if the text has another form or the sum does not fit into 64 bits.
    pub fn parse(text: &str) -> Result<Self, DurationError> {
        parse(text).map(Self).map_err(|kind| DurationError {
            text: text.to_owned(),
            kind,
        })
    }
}

/// Returns the nanoseconds of a duration.
fn parse(text: &str) -> Result<i64, DurationErrorKind> {
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(Syntax);
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (nanos, after) = next_term(rest)?;
        let sum = total.checked_add(nanos).filter(|&total| total <= 1 << 63);
        total = sum.ok_or(TooLong)?;
        rest = after;
    }
    if negative {
        // A magnitude of 2^63 is allowed: it is the smallest 64-bit number.
        return Ok(0i64.wrapping_sub_unsigned(total));
    }
    i64::try_from(total).map_err(|_| TooLong)
}

/// Reads the first number and its unit, and returns the nanoseconds and the rest of the text.
fn next_term(text: &str) -> Result<(u64, &str), DurationErrorKind> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole_len = digits(text);
    let (whole, rest) = text.split_at(whole_len);
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => after.split_at(digits(after)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(Syntax);
    }
    let unit_len = rest
        .find(|c: char| c == '.' || c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (unit, rest) = rest.split_at(unit_len);
    let known = UNITS.into_iter().find(|(name, _)| *name == unit);
    let (_, unit) = known.ok_or(Syntax)?;
    let whole: u64 = match whole {
        "" => 0,
        // Only digits, so the number is too large if it is not one.
        digits => digits.parse().map_err(|_| TooLong)?,
    };
    let nanos = whole.checked_mul(unit).filter(|&nanos| nanos <= 1 << 63);
    let nanos = nanos.and_then(|nanos| nanos.checked_add(fraction_of(fraction, unit)));
    Ok((nanos.ok_or(TooLong)?, rest))
}

/// Returns the nanoseconds of a fraction of a unit. Go computes them with a float, from as many digits as fit into 63
/// bits.
fn fraction_of(digits: &str, unit: u64) -> u64 {
    let (mut number, mut scale) = (0u64, 1f64);
    for digit in digits.bytes() {
        let next = number
            .checked_mul(10)
            .and_then(|number| number.checked_add(u64::from(digit - b'0')));
        let Some(next) = next.filter(|&next| next <= 1 << 63) else {
            break;
        };
        number = next;
        scale *= 10.0;
    }
    // The product is below one unit, so it fits; the cast rounds down, as Go does.
    (number as f64 * (unit as f64 / scale)) as u64
}

impl fmt::Display for Duration {
    /// Writes `1h0m0.5s`, or a duration below a second in its largest fitting unit, such as `1.5ms`. Zero is `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nanos = self.0.unsigned_abs();
        if nanos == 0 {
            return f.write_str("0s");
        }
        let (unit, name) = match nanos {
            0..1_000 => return write!(f, "{sign}{nanos}ns"),
            1_000..1_000_000 => (1_000, "\u{b5}s"),
            1_000_000..SECOND => (1_000_000, "ms"),
            _ => (SECOND, "s"),
        };
        let (whole, fraction) = (nanos / unit, nanos % unit);
        // The fraction has as many digits as the unit has zeros.
        let width = unit.ilog10() as usize;
        let fraction = format!("{fraction:0width$}");
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        f.write_str(sign)?;
        let (hours, minutes, whole) = match name {
            "s" => (whole / 3600, whole / 60 % 60, whole % 60),
            _ => (0, 0, whole),
        };
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        write!(f, "{whole}{point}{fraction}{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written() {
        for (text, nanos, written) in [
            ("0", 0, "0s"),
            ("1.5h", 5_400_000_000_000, "1h30m0s"),
            ("-1m.5s", -60_500_000_000, "-1m0.5s"),
            ("1us", 1_000, "1\u{b5}s"),
            ("1\u{b5}s1\u{3bc}s", 2_000, "2\u{b5}s"),
            ("1.000000001ms", 1_000_000, "1ms"),
            ("+1ns", 1, "1ns"),
            ("-9223372036854775808ns", i64::MIN, "-2562047h47m16.854775808s"),
            ("9223372036854775807ns", i64::MAX, "2562047h47m16.854775807s"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!(
                (duration.0, duration.to_string().as_str()),
                (nanos, written),
                "{text}"
            );
        }
        for (bad, kind) in [
            ("", Syntax),
            ("1", Syntax),
            ("-", Syntax),
            ("s", Syntax),
            (".s", Syntax),
            ("1d", Syntax),
            ("1.2.3s", Syntax),
            ("1 s", Syntax),
            ("9223372036854775808ns", TooLong),
            ("-9223372036854775809ns", TooLong),
            ("99999999999999999999s", TooLong),
            ("99999999999999999999d", Syntax),
            ("3000000h", TooLong),
            ("1s1", Syntax),
        ] {
            let error = Duration::parse(bad).unwrap_err();
            assert!(error.to_string().contains(&format!("{bad:?}")));
            assert_eq!(error.kind, kind, "{bad}");
        }
    }
}
