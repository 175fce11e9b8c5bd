//! Form encoding, with which S3's notifications encode keys.

/// Decodes form-encoded text: `+` is a space, `%2B` is the byte `0x2b`.
///
/// A `%` without two hexadecimal digits is kept. S3 never writes one, so such a key was not encoded, and is
/// probably correct as it is.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return bytes,
            [b'+', rest @ ..] => {
                bytes.push(b' ');
                rest
            }
            [b'%', high, low, after @ ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    after
                }
                _ => {
                    bytes.push(b'%');
                    &rest[1..]
                }
            },
            [byte, rest @ ..] => {
                bytes.push(*byte);
                rest
            }
        }
    }
}

fn hex(digit: u8) -> Option<u8> {
    let value = (digit as char).to_digit(16)?;
    u8::try_from(value).ok()
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
            assert_eq!(decode(text), expected.as_bytes(), "{text}");
        }
        assert_eq!(decode("%FF%00"), b"\xff\0");
    }

    proptest! {
        #[test]
        fn it_undoes_an_encoder(text in any::<String>(), all in any::<bool>(), lower in any::<bool>()) {
            prop_assert_eq!(decode(&encode(&text, all, lower)), text.as_bytes());
        }
    }
}
