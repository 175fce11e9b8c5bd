//! Lossy text from JSON strings and from bytes. AWS passes on strings that are not valid UTF-8 or UTF-16, and one of
//! them must not make the whole payload unreadable.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// Converts bytes to text. Each invalid sequence becomes one U+FFFD, and so does a lone UTF-16 surrogate.
///
/// ```
/// assert_eq!(json_text::lossy(b"plain"), "plain");
/// assert_eq!(json_text::lossy(b"a\xffb"), "a\u{fffd}b");
/// // U+D800 as serde_json decodes it into bytes: one replacement, as in Go's decoder.
/// assert_eq!(json_text::lossy(b"a\xed\xa0\x80b"), "a\u{fffd}b");
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

/// A JSON string, which is borrowed from the input if it has no escapes.
///
/// serde_json refuses to read a lone surrogate (`"\ud800"`) into a `str`. Here it becomes U+FFFD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonText<'a>(pub Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for JsonText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_bytes<E: de::Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
                Ok(lossy(bytes))
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                Ok(Cow::Owned(lossy(bytes).into_owned()))
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
        }

        deserializer.deserialize_bytes(Text).map(JsonText)
    }
}
