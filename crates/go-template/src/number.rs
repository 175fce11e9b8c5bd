//! Constants of a template: numbers, characters and quoted strings in Go's syntax.

use go_text::{Unescaped, unescape};

/// A numeric constant, as each of Go's types that can hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) int: Option<i64>,
    /// Whether it fits an unsigned integer.
    pub(crate) unsigned: bool,
    pub(crate) float: f64,
}

impl Number {
    /// Parses a number or a character constant.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Some(quoted) = text.strip_prefix('\'') {
            let code = character(quoted).ok_or_else(|| format!("malformed character constant: {text}"))?;
            return Ok(Self::from_int(text, i64::from(code)));
        }
        if let Some(int) = signed(text) {
            return Ok(Self::from_int(text, int));
        }
        if let Some(unsigned) = magnitude(text) {
            return Ok(Self {
                text: text.to_owned(),
                int: None,
                unsigned: true,
                float: unsigned as f64,
            });
        }
        let float = parse_float(text).ok_or_else(|| format!("bad number syntax: {text:?}"))?;
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {text:?}"));
        }
        // A float with an integer value can be used where an integer is expected. The cast saturates at 2^63 - 1.
        let int = float as i64;
        Ok(Self {
            text: text.to_owned(),
            int: (int as f64 == float && float < 9_223_372_036_854_775_808.0).then_some(int),
            unsigned: false,
            float,
        })
    }

    /// Returns the constant for an integer.
    fn from_int(text: &str, int: i64) -> Self {
        Self {
            text: text.to_owned(),
            int: Some(int),
            unsigned: int >= 0,
            float: int as f64,
        }
    }

    /// Returns whether the constant is a float where no type is expected.
    pub(crate) fn is_float(&self) -> bool {
        let hex = self.text.starts_with(['0', '+', '-'])
            && self.text.contains(['x', 'X'])
            && !self.text.contains(['p', 'P']);
        !hex && !self.text.starts_with('\'') && self.text.contains(['.', 'e', 'E', 'p', 'P'])
    }
}

/// Parses an integer as Go's `strconv.ParseInt` with base 0 does: `-12`, `0x1f`, `0b1`, `0o17`, `017`, `1_000`.
pub(crate) fn signed(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let magnitude = magnitude(digits)?;
    if text.starts_with('-') {
        (magnitude <= 1 << 63).then(|| 0i64.wrapping_sub_unsigned(magnitude))
    } else {
        i64::try_from(magnitude).ok()
    }
}

/// Parses an unsigned integer as Go's `strconv.ParseUint` with base 0 does.
fn magnitude(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (digits, base, prefixed) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], 16, true),
        [b'0', b'o', ..] => (&lower[2..], 8, true),
        [b'0', b'b', ..] => (&lower[2..], 2, true),
        [b'0', _, ..] => (&lower[1..], 8, true),
        _ => (lower.as_str(), 10, false),
    };
    // Go allows an underscore between digits, and between the prefix and a digit.
    if digits.ends_with('_') || digits.contains("__") || (digits.starts_with('_') && !prefixed) {
        return None;
    }
    let digits = digits.replace('_', "");
    // `from_str_radix` would accept a sign.
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    u64::from_str_radix(&digits, base).ok()
}

/// Parses a float as Go's `strconv.ParseFloat` does, including hexadecimal floats.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(digits) = unsigned
        .strip_prefix("0x")
        .or_else(|| unsigned.strip_prefix("0X"))
    {
        let magnitude = hex_float(&digits.to_ascii_lowercase())?;
        return Some(if text.starts_with('-') {
            -magnitude
        } else {
            magnitude
        });
    }
    if unsigned.contains('_') {
        return None;
    }
    let float: f64 = text.parse().ok()?;
    // In Go a number that is too large is an error; an infinity must be written by name.
    let named = unsigned.starts_with(['i', 'I', 'n', 'N']);
    (float.is_finite() || named).then_some(float)
}

/// Parses a hexadecimal float such as `1.8p3`. Up to 16 significant digits are exact.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0f64;
    for c in whole.chars().chain(fraction.chars()) {
        value = value * 16.0 + f64::from(c.to_digit(16)?);
    }
    let scale = exponent.saturating_sub(4i32.saturating_mul(i32::try_from(fraction.len()).ok()?));
    let value = value * 2f64.powi(scale);
    value.is_finite().then_some(value)
}

/// Returns the code of one character or escape, which must be followed by the closing quote.
fn character(quoted: &str) -> Option<u32> {
    let mut chars = quoted.chars();
    let read = match chars.next()? {
        '\\' => unescape(&mut chars, '\'')?,
        '\'' => return None,
        c => Unescaped::Char(c),
    };
    let code = match read {
        Unescaped::Char(c) => u32::from(c),
        Unescaped::Byte(byte) => u32::from(byte),
    };
    (chars.as_str() == "'").then_some(code)
}

/// Returns the text of a quoted string, or `None` if an escape is not one of Go's.
///
/// Bytes that are not UTF-8 (`\xff`) become U+FFFD.
pub(crate) fn unquote(text: &str) -> Option<String> {
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let read = match c {
            '\\' => unescape(&mut chars, '"')?,
            c => Unescaped::Char(c),
        };
        read.push_to(&mut bytes);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_what_they_can_be() {
        let number = |text: &str| Number::parse(text).unwrap();
        assert_eq!(number("0x1F").int, Some(31));
        assert_eq!(number("017").int, Some(15));
        assert_eq!(number("1_000").int, Some(1000));
        assert_eq!(number("-9223372036854775808").int, Some(i64::MIN));
        assert_eq!((number("1e3").int, number("1e3").is_float()), (Some(1000), true));
        assert_eq!((number("0x1p4").float, number("0x1e").is_float()), (16.0, false));
        assert_eq!(number("'a'").int, Some(97));
        assert_eq!(number(r"'\''").int, Some(39));
        assert!(number("18446744073709551615").unsigned);
        for bad in ["18446744073709551616", "1__0", "08", "''", "'ab'", "1e999", "."] {
            assert!(Number::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn strings_are_unquoted() {
        assert_eq!(unquote(r#""a\t\"\x41\u00e9\101\\""#).unwrap(), "a\t\"AéA\\");
        assert_eq!(unquote(r#""\xff""#).unwrap(), "\u{fffd}");
        assert_eq!(unquote(r#""\xc3\xa9""#).unwrap(), "é");
        for bad in [r#""\q""#, r#""\'""#, r#""\x4""#, r#""\ud800""#, r#""\400""#] {
            assert_eq!(unquote(bad), None, "{bad}");
        }
    }
}
