//! Sprig's hashes and encodings.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use data_encoding::BASE32;
use sha2::Digest as _;

use crate::funcs::{Function, Param, function};

use Param::Text;

/// Go's base64, which requires padding but accepts non-zero bits before it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

pub(crate) const FUNCTIONS: &[Function] = &[
    function("sha1sum", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len())?;
        env.text(hex(&sha1::Sha1::digest(args.text(0))))
    }),
    function("sha256sum", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len())?;
        env.text(hex(&sha2::Sha256::digest(args.text(0))))
    }),
    function("sha512sum", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len())?;
        env.text(hex(&sha2::Sha512::digest(args.text(0))))
    }),
    function("adler32sum", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len())?;
        env.text(adler2::adler32_slice(args.text(0).as_bytes()).to_string())
    }),
    function("b64enc", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len() * 2)?;
        env.text(BASE64.encode(args.text(0)))
    }),
    function("b64dec", &[Text], None, |env, args| {
        env.text(decode64(args.text(0)))
    }),
    function("b32enc", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len() * 2)?;
        env.text(BASE32.encode(args.text(0).as_bytes()))
    }),
    function("b32dec", &[Text], None, |env, args| {
        env.text(decode32(args.text(0)))
    }),
];

/// Returns the bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Decodes base64. Invalid input yields the text of Go's error, as in sprig.
fn decode64(text: &str) -> String {
    let unbroken = text.replace(['\r', '\n'], "");
    match BASE64.decode(&unbroken) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => format!("illegal base64 data at input byte {}", bad_position64(text)),
    }
}

/// Decodes base32. Invalid input yields the text of Go's error, as in sprig.
fn decode32(text: &str) -> String {
    let unbroken = text.replace(['\r', '\n'], "");
    match BASE32.decode(unbroken.as_bytes()) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(_) => format!(
            "illegal base32 data at input byte {}",
            bad_position(text, is_base32, 8)
        ),
    }
}

/// Returns whether the byte is in the base64 alphabet.
fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// Returns whether the byte is in the base32 alphabet.
fn is_base32(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'2'..=b'7')
}

/// Returns the position in Go's error: that of the first byte outside the alphabet, or the start of an incomplete
/// last group.
fn bad_position(text: &str, is_digit: fn(u8) -> bool, group: usize) -> usize {
    let odd = text
        .bytes()
        .position(|byte| !is_digit(byte) && !matches!(byte, b'\r' | b'\n'));
    odd.unwrap_or(text.len() / group * group)
}

/// Returns the position in Go's error for base64, which also checks the padding and that nothing follows it.
fn bad_position64(text: &str) -> usize {
    let odd = bad_position(text, is_base64, 4);
    let digits = text.bytes().take(odd).filter(|&byte| is_base64(byte)).count();
    let mut after = text
        .bytes()
        .enumerate()
        .skip(odd + 1)
        .filter(|(_, byte)| !matches!(byte, b'\r' | b'\n'));
    match (text.as_bytes().get(odd), digits % 4) {
        (Some(b'='), 2) => match after.next() {
            Some((_, b'=')) => after.next().map_or(odd, |(index, _)| index),
            Some((index, _)) => index - 1,
            None => text.len(),
        },
        (Some(b'='), 3) => after.next().map_or(odd, |(index, _)| index),
        _ => odd,
    }
}
