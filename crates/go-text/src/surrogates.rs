//! Lone UTF-16 surrogates in JSON text.

use std::borrow::Cow;

use memchr::memmem;

/// Returns the text with each escape of a lone surrogate (`\ud800`) replaced by that of U+FFFD, as Go's decoder reads
/// it. serde_json refuses the whole document.
///
/// ```
/// assert_eq!(go_text::without_lone_surrogates(r#"{"a":"\ud800"}"#), r#"{"a":"\ufffd"}"#);
/// ```
pub fn without_lone_surrogates(json: &str) -> Cow<'_, str> {
    let bytes = json.as_bytes();
    if memmem::find(bytes, br"\ud").is_none() && memmem::find(bytes, br"\uD").is_none() {
        return Cow::Borrowed(json);
    }
    let mut fixed = String::with_capacity(json.len());
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', &bytes[at..]) {
        let escape = at + found;
        at = match surrogate(bytes, escape) {
            None => escape + 2,
            Some(High) if matches!(surrogate(bytes, escape + 6), Some(Low)) => escape + 12,
            Some(_) => {
                // Escapes are ASCII, so these positions are character boundaries.
                fixed.push_str(&json[copied..escape]);
                fixed.push_str(r"\ufffd");
                copied = escape + 6;
                copied
            }
        };
        if at >= bytes.len() {
            break;
        }
    }
    fixed.push_str(&json[copied..]);
    Cow::Owned(fixed)
}

/// The half of a surrogate pair.
enum Surrogate {
    High,
    Low,
}
use Surrogate::{High, Low};

/// Returns which surrogate the escape at that position is, if it is one.
fn surrogate(bytes: &[u8], at: usize) -> Option<Surrogate> {
    let escape = bytes.get(at..at + 6)?;
    if !escape.starts_with(br"\u") || !escape[2..].iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    match (escape[2], escape[3]) {
        (b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B') => Some(High),
        (b'd' | b'D', b'c'..=b'f' | b'C'..=b'F') => Some(Low),
        _ => None,
    }
}

/// Reads an escape of a JSON string after its `\u`: four hexadecimal digits, and the escape after them if both form a
/// surrogate pair. Returns the character, which is U+FFFD for a lone surrogate, and the rest of the text, or `None` if
/// fewer than four digits follow.
///
/// ```
/// assert_eq!(go_text::unescape_utf16(r"d83d\ude00!"), Some(('\u{1f600}', "!")));
/// assert_eq!(go_text::unescape_utf16(r"d83d!"), Some(('\u{fffd}', "!")));
/// ```
pub fn unescape_utf16(text: &str) -> Option<(char, &str)> {
    let (unit, rest) = code_unit(text)?;
    let pair = rest.strip_prefix("\\u").and_then(code_unit);
    if let (0xd800..0xdc00, Some((low @ 0xdc00..0xe000, rest))) = (unit, pair) {
        let char = char::decode_utf16([unit, low]).next()?.ok()?;
        return Some((char, rest));
    }
    let char = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((char, rest))
}

/// Reads four hexadecimal digits, and returns them and the rest of the text.
fn code_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (json, fixed) in [
            (r#""plain""#, r#""plain""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""a\ud800x""#, r#""a\ufffdx""#),
            (r#""\ud800\ud83d\ude00é\udc00""#, r#""\ufffd\ud83d\ude00é\ufffd""#),
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\ud8"#, r#""\ud8"#),
            (r#""\uDbFF\uDBff\n"#, r#""\ufffd\ufffd\n"#),
            (r"\ud800\", r"\ufffd\"),
        ] {
            assert_eq!(without_lone_surrogates(json), fixed);
        }
    }

    #[test]
    fn an_escape_is_one_character_and_a_pair_of_them_too() {
        for (text, expected) in [
            ("00e9x", Some(('é', "x"))),
            (r"D83D\uDE00", Some(('😀', ""))),
            (r"d800\u0041", Some(('\u{fffd}', r"\u0041"))),
            (r"d800\ud800", Some(('\u{fffd}', r"\ud800"))),
            (r"d800\ude0", Some(('\u{fffd}', r"\ude0"))),
            ("dc00", Some(('\u{fffd}', ""))),
            ("+123", None),
            ("12", None),
            ("123é", None),
        ] {
            assert_eq!(unescape_utf16(text), expected, "{text}");
        }
    }
}
