//! Quoting of label values as Go's `%q` does it.

use std::fmt::{self, Write};

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Writes `value` in double quotes, escaped as Go's `strconv.Quote` does. Loki can read every escape of it.
pub(crate) fn quote(value: &str, out: &mut impl Write) -> fmt::Result {
    // Most values are plain ASCII, which need not be decoded into characters.
    if value.bytes().all(is_plain_ascii) {
        out.write_str("\"")?;
        out.write_str(value)?;
        return out.write_str("\"");
    }
    out.write_char('"')?;
    let mut plain_from = 0;
    for (at, char) in value.char_indices() {
        if is_plain(char) {
            continue;
        }
        out.write_str(&value[plain_from..at])?;
        plain_from = at + char.len_utf8();
        escape(char, out)?;
    }
    out.write_str(&value[plain_from..])?;
    out.write_char('"')
}

/// Returns whether the byte is an ASCII character that is written without an escape.
fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Returns whether the character is written without an escape.
fn is_plain(char: char) -> bool {
    match char {
        '"' | '\\' => false,
        ' '..='~' => true,
        '\0'..='\x1f' | '\x7f' => false,
        _ => is_printable(char),
    }
}

/// Returns what Go's `strconv.IsPrint` returns above ASCII: true for letters, marks, numbers, punctuation and symbols.
fn is_printable(char: char) -> bool {
    matches!(
        char.general_category_group(),
        GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Mark
            | GeneralCategoryGroup::Number
            | GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol
    )
}

/// Writes the escape of a character.
fn escape(char: char, out: &mut impl Write) -> fmt::Result {
    match char {
        '"' => out.write_str("\\\""),
        '\\' => out.write_str("\\\\"),
        '\x07' => out.write_str("\\a"),
        '\x08' => out.write_str("\\b"),
        '\x0c' => out.write_str("\\f"),
        '\n' => out.write_str("\\n"),
        '\r' => out.write_str("\\r"),
        '\t' => out.write_str("\\t"),
        '\x0b' => out.write_str("\\v"),
        '\0'..='\x7f' => write!(out, "\\x{:02x}", u32::from(char)),
        '\u{80}'..='\u{ffff}' => write!(out, "\\u{:04x}", u32::from(char)),
        _ => write!(out, "\\U{:08x}", u32::from(char)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row has a value and its text as upstream writes it and Loki reads it.
    #[test]
    fn values_are_quoted_as_go_does() {
        for (value, text) in [
            ("", r#""""#),
            ("plain", r#""plain""#),
            ("\"\\", r#""\"\\""#),
            ("\x07\x08\x0c\n\r\t\x0b", r#""\a\b\f\n\r\t\v""#),
            ("\0\x01\x1b\x1f\x7f", r#""\x00\x01\x1b\x1f\x7f""#),
            ("'`$<>&~ ", r#""'`$<>&~ ""#),
            ("é 日本 ±€ 🙂 e\u{301}", "\"é 日本 ±€ 🙂 e\u{301}\""),
            ("\u{fffd}", "\"\u{fffd}\""),
            (
                "\u{a0}\u{ad}\u{200b}\u{2028}\u{feff}\u{e000}",
                r#""\u00a0\u00ad\u200b\u2028\ufeff\ue000""#,
            ),
            ("\u{e0001}\u{10ffff}", r#""\U000e0001\U0010ffff""#),
            ("a\nb\"c", r#""a\nb\"c""#),
        ] {
            let mut quoted = String::new();
            quote(value, &mut quoted).unwrap();
            assert_eq!(quoted, text, "{value:?}");
        }
    }
}
