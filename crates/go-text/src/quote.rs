//! Quoting of text as Go's `strconv` and the verb `%q` do it.

use std::fmt::{self, Write};

use crate::is_print;

/// Writes text in double quotes, escaped as Go's `strconv.Quote` does.
///
/// # Errors
/// Returns the error of `out`; a `String` has none.
///
/// ```
/// let mut out = String::new();
/// go_text::quote("a\n\u{a0}é", &mut out)?;
/// assert_eq!(out, r#""a\n\u00a0é""#);
/// # Ok::<(), std::fmt::Error>(())
/// ```
pub fn quote(text: &str, out: &mut impl Write) -> fmt::Result {
    // Most label values are plain ASCII, which need not be decoded into characters.
    if text.bytes().all(is_plain_ascii) {
        out.write_char('"')?;
        out.write_str(text)?;
        return out.write_char('"');
    }
    delimited(text, '"', is_print, out)
}

/// Writes text in double quotes, with characters beyond ASCII escaped, as Go's `strconv.QuoteToASCII` does.
///
/// # Errors
/// Returns the error of `out`; a `String` has none.
pub fn quote_ascii(text: &str, out: &mut impl Write) -> fmt::Result {
    delimited(text, '"', |char| matches!(char, ' '..='~'), out)
}

/// Writes a character in single quotes as Go's `strconv.QuoteRune` does, or `strconv.QuoteRuneToASCII` if `ascii`.
///
/// # Errors
/// Returns the error of `out`; a `String` has none.
pub fn quote_char(char: char, ascii: bool, out: &mut impl Write) -> fmt::Result {
    let mut utf8 = [0; 4];
    let text = char.encode_utf8(&mut utf8);
    if ascii {
        delimited(text, '\'', |char| matches!(char, ' '..='~'), out)
    } else {
        delimited(text, '\'', is_print, out)
    }
}

/// Returns whether Go can write the text in backquotes, as `strconv.CanBackquote` does: one line without control
/// characters and backquotes.
pub fn can_backquote(text: &str) -> bool {
    text.chars()
        .all(|char| char == '\t' || !(char < ' ' || matches!(char, '`' | '\u{7f}' | '\u{feff}')))
}

/// Writes the text between two quotes. Runs of characters that need no escape are written at once.
#[inline]
fn delimited(text: &str, quote: char, plain: impl Fn(char) -> bool, out: &mut impl Write) -> fmt::Result {
    out.write_char(quote)?;
    let mut plain_from = 0;
    for (at, char) in text.char_indices() {
        if char != quote && char != '\\' && plain(char) {
            continue;
        }
        out.write_str(&text[plain_from..at])?;
        plain_from = at + char.len_utf8();
        escape(char, out)?;
    }
    out.write_str(&text[plain_from..])?;
    out.write_char(quote)
}

/// Returns whether the byte is an ASCII character that needs no escape in double quotes.
fn is_plain_ascii(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'
}

/// Writes the escape of a character.
fn escape(char: char, out: &mut impl Write) -> fmt::Result {
    match char {
        '"' | '\'' | '\\' => {
            out.write_char('\\')?;
            out.write_char(char)
        }
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
