//! S3's notifications about objects.

use percent_encoding::percent_decode_str;

use crate::object::Object;
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, FieldError, S3Object};

const BUCKET: &str = "s3.bucket.name";
const KEY: &str = "s3.object.key";

/// Reads a record of a notification (AWS's page "Event message structure"). Only the bucket and the key are
/// required: S3 adds fields, and imitations of S3 leave some out.
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    match read_object(record) {
        Ok(object) => {
            let name = name(&object.bucket, &object.key);
            place.item(name, None, Ok(Content::S3Object(object)))
        }
        Err(error) => {
            let name = match (record.name(BUCKET), record.name(KEY)) {
                // This is the key as it is encoded.
                (Some(bucket), Some(key)) => name(&bucket, &key),
                _ => numbered("S3 record", number, place),
            };
            place.item(name, None, Err(error.into()))
        }
    }
}

fn read_object(record: &Object<'_>) -> Result<S3Object, FieldError> {
    let bucket = record.demand_name(BUCKET)?;
    Ok(S3Object {
        bucket,
        key: decode_key(&record.demand_name(KEY)?, KEY)?,
        region: record.name("awsRegion"),
        // A deleted version would fail forever, and the current version may have its content.
        version: None,
        size: record.number("s3.object.size"),
        event_name: record.name("eventName"),
    })
}

/// Returns the name of an object in errors.
pub(crate) fn name(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}

/// Decodes the key of an object, which S3 writes form-encoded into the field of that name.
pub(crate) fn decode_key(encoded: &str, field: &'static str) -> Result<String, FieldError> {
    String::from_utf8(decode_form(encoded)).map_err(|_| FieldError::NotUtf8 { field })
}

/// Decodes form-encoded text: `+` is a space, `%2B` is the byte `0x2b`.
///
/// A `%` without two hexadecimal digits is kept. S3 never writes one, so such a key was not encoded, and is
/// probably correct as it is.
fn decode_form(text: &str) -> Vec<u8> {
    // Before the escapes, because `%2B` stays a plus.
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Encodes text as S3 does, or with an escape for every byte.
    fn encode(text: &str, all: bool, lower: bool) -> String {
        let mut encoded = String::new();
        for byte in text.bytes() {
            match byte {
                b' ' if !all => encoded.push('+'),
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b'*' | b'/' if !all => {
                    encoded.push(byte as char);
                }
                _ if lower => encoded += &format!("%{byte:02x}"),
                _ => encoded += &format!("%{byte:02X}"),
            }
        }
        encoded
    }

    #[test]
    fn escapes_are_decoded_once() {
        for (text, expected) in [
            ("", ""),
            ("plain/key.log.gz", "plain/key.log.gz"),
            ("a+b%2Bc%2bd%20e", "a b+c+d e"),
            ("year%3D2026/month=07", "year=2026/month=07"),
            ("%E2%82%AC/%c3%a9/\u{1f600}", "\u{20ac}/\u{e9}/\u{1f600}"),
            ("100%2525", "100%25"),
            // Texts without escapes.
            ("%", "%"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz%4g%g4", "%zz%4g%g4"),
            ("%%41", "%A"),
            ("%+1", "% 1"),
        ] {
            assert_eq!(decode_form(text), expected.as_bytes(), "{text}");
        }
        assert_eq!(decode_form("%FF%00"), b"\xff\0");
    }

    proptest! {
        #[test]
        fn it_undoes_an_encoder(text in any::<String>(), all in any::<bool>(), lower in any::<bool>()) {
            prop_assert_eq!(decode_form(&encode(&text, all, lower)), text.as_bytes());
        }
    }
}
