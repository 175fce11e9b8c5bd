//! The flags, width and precision of a verb, and the formatting of text and numbers with them.

use go_text::{can_backquote, is_print};

use crate::fmt::float::{format_float, hex_float};
use crate::fmt::quoted::{quoted, quoted_char};

/// The part of a directive between `%` and its verb.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spec {
    pub(crate) plus: bool,
    pub(crate) minus: bool,
    pub(crate) sharp: bool,
    pub(crate) space: bool,
    pub(crate) zero: bool,
    pub(crate) width: Option<usize>,
    pub(crate) precision: Option<usize>,
    /// Whether the directive is `%#v`.
    pub(crate) go_syntax: bool,
}

impl Spec {
    /// Appends text padded to the width.
    pub(crate) fn pad(&self, out: &mut String, text: &str) {
        let fill = self.width.unwrap_or(0).saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', fill));
        } else {
            let with = if self.zero { '0' } else { ' ' };
            out.extend(std::iter::repeat_n(with, fill));
            out.push_str(text);
        }
    }

    /// Returns the text cut off at the precision, in characters.
    fn truncated<'t>(&self, text: &'t str) -> &'t str {
        let end = self
            .precision
            .and_then(|precision| text.char_indices().nth(precision));
        end.map_or(text, |(end, _)| &text[..end])
    }

    /// Formats text for `%s`.
    pub(crate) fn text(&self, out: &mut String, text: &str) {
        self.pad(out, self.truncated(text));
    }

    /// Formats text for `%q`.
    pub(crate) fn quoted(&self, out: &mut String, text: &str) {
        let text = self.truncated(text);
        if self.sharp && can_backquote(text) {
            self.pad(out, &format!("`{text}`"));
        } else {
            self.pad(out, &quoted(text, self.plus));
        }
    }

    /// Formats the bytes of a text for `%x` and `%X`.
    pub(crate) fn hex_text(&self, out: &mut String, text: &str, upper: bool) {
        let mut bytes = text.as_bytes();
        bytes = &bytes[..self.precision.unwrap_or(bytes.len()).min(bytes.len())];
        let prefix = if upper { "0X" } else { "0x" };
        let mut hex = String::with_capacity(bytes.len() * 2);
        for (index, byte) in bytes.iter().enumerate() {
            if self.space && index > 0 {
                hex.push(' ');
            }
            if self.sharp && (self.space || index == 0) {
                hex.push_str(prefix);
            }
            let digits = if upper {
                format!("{byte:02X}")
            } else {
                format!("{byte:02x}")
            };
            hex.push_str(&digits);
        }
        self.pad(out, &hex);
    }

    /// Formats a code point for `%c`.
    pub(crate) fn character(&self, out: &mut String, code: i64) {
        self.pad(out, to_char(code).encode_utf8(&mut [0; 4]));
    }

    /// Formats a code point for `%q`.
    pub(crate) fn quoted_char(&self, out: &mut String, code: i64) {
        self.pad(out, &quoted_char(to_char(code), self.plus));
    }

    /// Formats a code point for `%U`.
    pub(crate) fn unicode(&self, out: &mut String, code: i64) {
        // Go shows a negative number as the unsigned number with the same bits.
        let code_text = format!(
            "{:0>width$}",
            format!("{:X}", code as u64),
            width = self.precision.unwrap_or(4).max(4)
        );
        let printable = u32::try_from(code).ok().and_then(char::from_u32);
        let shown = match printable {
            Some(c) if self.sharp && is_print(c) => format!("U+{code_text} '{c}'"),
            _ => format!("U+{code_text}"),
        };
        let unfilled = Self {
            zero: false,
            ..self.clone()
        };
        unfilled.pad(out, &shown);
    }

    /// Formats an integer for `%d %b %o %O %x %X`.
    pub(crate) fn integer(&self, out: &mut String, value: i64, verb: char) {
        let magnitude = value.unsigned_abs();
        let unfilled = Self {
            zero: false,
            ..self.clone()
        };
        if self.precision == Some(0) && magnitude == 0 {
            return unfilled.pad(out, "");
        }
        let digits = match verb {
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => format!("{magnitude}"),
        };
        let signed = value < 0 || self.plus || self.space;
        let least = match (self.precision, self.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if self.zero && !self.minus => width.saturating_sub(usize::from(signed)),
            _ => 0,
        };
        let digits = format!("{digits:0>least$}");
        let prefix = match verb {
            'O' => "0o",
            'b' if self.sharp => "0b",
            'o' if self.sharp && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let sign = match value {
            ..0 => "-",
            _ if self.plus => "+",
            _ if self.space => " ",
            _ => "",
        };
        unfilled.pad(out, &format!("{sign}{prefix}{digits}"));
    }

    /// Formats a float for `%e %f %g %x` and their upper-case forms.
    pub(crate) fn float(&self, out: &mut String, value: f64, verb: char) {
        let precision = match verb {
            'e' | 'E' | 'f' | 'F' => self.precision.or(Some(6)),
            _ => self.precision,
        };
        let shown = match verb {
            'v' => format_float(value, 'g', precision),
            'x' => hex_float(value),
            'X' => hex_float(value).to_uppercase(),
            _ => format_float(value, verb, precision),
        };
        let digits = shown.trim_start_matches(['+', '-']);
        let sign = match shown.as_bytes().first() {
            Some(b'-') => "-",
            _ if self.plus => "+",
            _ if self.space => " ",
            // An infinity gets its sign below.
            _ => "",
        };
        let digits = if self.sharp {
            with_point(digits, verb, self.precision)
        } else {
            digits.to_owned()
        };
        let finite = value.is_finite();
        let width = self.width.unwrap_or(0);
        if self.zero && !self.minus && finite && !sign.is_empty() {
            let fill = width.saturating_sub(digits.len() + sign.len());
            out.push_str(sign);
            out.extend(std::iter::repeat_n('0', fill));
            out.push_str(&digits);
            return;
        }
        let sign = if sign.is_empty() && value == f64::INFINITY {
            "+"
        } else {
            sign
        };
        let spec = Self {
            zero: self.zero && finite,
            ..self.clone()
        };
        spec.pad(out, &format!("{sign}{digits}"));
    }
}

/// Adds the point that `%#g` and the like always have, and for `%#g` the zeros up to the precision.
fn with_point(number: &str, verb: char, precision: Option<usize>) -> String {
    if !number.starts_with(|c: char| c.is_ascii_digit()) || matches!(verb, 'x' | 'X') {
        return number.to_owned();
    }
    let exponent_at = number.find(['e', 'E']).unwrap_or(number.len());
    let (mantissa, exponent) = number.split_at(exponent_at);
    let mut mantissa = mantissa.to_owned();
    if !mantissa.contains('.') {
        mantissa.push('.');
    }
    if matches!(verb, 'g' | 'G' | 'v') {
        let significant = mantissa.trim_start_matches(['0', '.']);
        let present = significant.bytes().filter(u8::is_ascii_digit).count();
        let wanted = precision.unwrap_or(6).max(1);
        // A zero counts as one significant digit.
        let present = if significant.is_empty() { 1 } else { present };
        mantissa.extend(std::iter::repeat_n('0', wanted.saturating_sub(present)));
    }
    mantissa + exponent
}

/// Returns the character of a code point, or U+FFFD.
fn to_char(code: i64) -> char {
    let code = u32::try_from(code).ok();
    code.and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}
