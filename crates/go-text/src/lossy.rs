//! Lossy text from bytes.

use std::borrow::Cow;

/// Converts bytes to text. Each invalid sequence becomes one U+FFFD, and so does a lone UTF-16 surrogate.
///
/// ```
/// assert_eq!(go_text::lossy(b"plain"), "plain");
/// assert_eq!(go_text::lossy(b"a\xffb"), "a\u{fffd}b");
/// // U+D800 as serde_json decodes it into bytes: one replacement, as in Go's decoder.
/// assert_eq!(go_text::lossy(b"a\xed\xa0\x80b"), "a\u{fffd}b");
/// ```
pub fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    let mut text = match std::str::from_utf8(bytes) {
        Ok(valid) => return Cow::Borrowed(valid),
        Err(_) => String::with_capacity(bytes.len()),
    };
    let mut rest = bytes;
    let mut surrogate_bytes_left = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        rest = &rest[chunk.valid().len()..];
        if surrogate_bytes_left > 0 {
            surrogate_bytes_left -= 1;
        } else if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            // The second and third byte of a surrogate are chunks of their own but belong to the same sequence.
            let surrogate = matches!(rest, [0xed, 0xa0..=0xbf, 0x80..=0xbf, ..]);
            surrogate_bytes_left = if surrogate { 2 } else { 0 };
        }
        rest = &rest[chunk.invalid().len()..];
    }
    Cow::Owned(text)
}
