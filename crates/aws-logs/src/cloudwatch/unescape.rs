//! The text of a JSON string (RFC 8259, section 7), processed word by word. In lines of applications that log
//! JSON, which are JSON inside JSON, every few bytes are an escape.

use crate::word_search::{WORD, find_either_in, word};

/// The lengths of an unescaped string.
pub(super) struct Unescaped {
    /// The number of bytes up to and including the closing quote.
    pub(super) json: usize,
    /// The length of the text, in bytes.
    pub(super) text: usize,
}

/// Writes the text of the string whose opening quote is before `json` to the beginning of `text`, which must
/// be at least as long as `json`. Returns `None` if the string has no end, an invalid escape, or half a
/// surrogate pair. Does not check whether the text is UTF-8.
pub(super) fn unescape(json: &[u8], text: &mut [u8]) -> Option<Unescaped> {
    let (mut at, mut to) = (0, 0);
    loop {
        let byte = match (word(json, at), text.get_mut(to..to + WORD)) {
            (Some(word), Some(room)) => {
                room.copy_from_slice(&word.to_le_bytes());
                let Some(offset) = find_either_in(b'"', b'\\', word) else {
                    at += WORD;
                    to += WORD;
                    continue;
                };
                at += offset;
                to += offset;
                json[at]
            }
            // The last bytes of the input may not fill a word.
            _ => *json.get(at)?,
        };
        match byte {
            b'"' => {
                return Some(Unescaped {
                    json: at + 1,
                    text: to,
                });
            }
            b'\\' => match ESCAPES[usize::from(*json.get(at + 1)?)] {
                0 => {
                    let (char, len) = unicode(json.get(at + 1..)?)?;
                    let mut utf8 = [0; 4];
                    let utf8 = char.encode_utf8(&mut utf8).as_bytes();
                    text.get_mut(to..to + utf8.len())?.copy_from_slice(utf8);
                    to += utf8.len();
                    at += 1 + len;
                }
                byte => {
                    *text.get_mut(to)? = byte;
                    to += 1;
                    at += 2;
                }
            },
            byte => {
                *text.get_mut(to)? = byte;
                to += 1;
                at += 1;
            }
        }
    }
}

/// The byte that each byte after a backslash stands for, or 0 if the escape is invalid or does not stand for
/// one byte.
const ESCAPES: [u8; 256] = {
    let mut escapes = [0; 256];
    let (pairs, mut at) = (b"\"\"\\\\//b\x08f\x0cn\nr\rt\t", 0);
    while at < pairs.len() {
        escapes[pairs[at] as usize] = pairs[at + 1];
        at += 2;
    }
    escapes
};

/// Returns the character of an escape of `u` and four digits, or of two such escapes that form a surrogate
/// pair, and the length of the notation.
fn unicode(json: &[u8]) -> Option<(char, usize)> {
    let first = code_unit(json)?;
    let (units, len) = match first {
        0xd800..0xdc00 => ([first, code_unit(json[5..].strip_prefix(b"\\")?)?], 11),
        _ => ([first, 0], 5),
    };
    Some((char::decode_utf16(units).next()?.ok()?, len))
}

/// Parses the number after a `u`.
fn code_unit(json: &[u8]) -> Option<u16> {
    let digits: &[u8; 4] = json.strip_prefix(b"u")?.first_chunk()?;
    let mut unit = 0;
    for digit in digits {
        unit = unit << 4 | char::from(*digit).to_digit(16)? as u16;
    }
    Some(unit)
}
