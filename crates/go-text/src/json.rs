//! Strings and numbers of JSON as Go's encoders write them.

use std::fmt::Write;

/// An encoder of Go, each of which escapes other characters of a string. All of them escape U+2028 and U+2029.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonEncoder {
    /// `encoding/json`. `<`, `>` and `&` are escaped, because the text may stand in HTML.
    Standard,
    /// `encoding/json` after `SetEscapeHTML(false)`.
    WithoutHtml,
    /// `github.com/json-iterator/go`, as promtail uses it. It escapes what `encoding/json` does, but has no short
    /// escapes for backspace and form feed.
    JsonIterator,
}

/// Writes a string in quotes.
///
/// ```
/// let mut out = String::new();
/// go_text::write_json_string("<é>\t\u{2028}", go_text::JsonEncoder::Standard, &mut out);
/// assert_eq!(out, r#""\u003cé\u003e\t\u2028""#);
/// ```
pub fn write_json_string(text: &str, encoder: JsonEncoder, out: &mut String) {
    out.push('"');
    let mut copied = 0;
    for (at, char) in text.char_indices() {
        let short = match char {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\x08' if encoder != JsonEncoder::JsonIterator => "\\b",
            '\x0c' if encoder != JsonEncoder::JsonIterator => "\\f",
            '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => "",
            '<' | '>' | '&' if encoder != JsonEncoder::WithoutHtml => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        copied = at + char.len_utf8();
        if short.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(char));
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

/// Writes the shortest decimal that identifies the number, with an exponent below 1e-6 and from 1e21 on. The number must
/// be finite: JSON has no others, and Go refuses to write them.
///
/// ```
/// let mut out = String::new();
/// go_text::write_json_number(1e21, &mut out);
/// assert_eq!(out, "1e+21");
/// ```
pub fn write_json_number(number: f64, out: &mut String) {
    let size = number.abs();
    // Writing to a `String` cannot fail.
    let _ = if size == 0.0 || (1e-6..1e21).contains(&size) {
        write!(out, "{number}")
    } else {
        let text = format!("{number:e}");
        match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => write!(out, "{digits}e+{exponent}"),
            _ => write!(out, "{text}"),
        }
    };
}
