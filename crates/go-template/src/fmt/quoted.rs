//! Quoted text as a new string.

/// Quotes text in double quotes. If `ascii`, characters beyond ASCII are escaped, too.
pub(crate) fn quoted(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    // Writing to a `String` cannot fail.
    let _ = if ascii {
        go_text::quote_ascii(text, &mut out)
    } else {
        go_text::quote(text, &mut out)
    };
    out
}

/// Quotes a character in single quotes. If `ascii`, a character beyond ASCII is escaped.
pub(crate) fn quoted_char(char: char, ascii: bool) -> String {
    let mut out = String::new();
    // Writing to a `String` cannot fail.
    let _ = go_text::quote_char(char, ascii, &mut out);
    out
}
