//! Escapes of Go's string and character literals.

/// The value of an escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unescaped {
    /// A character.
    Char(char),
    /// A byte, which alone may not be UTF-8: `\xff`, `\377`.
    Byte(u8),
}

impl Unescaped {
    /// Appends the value to a text in the making.
    pub fn push_to(self, bytes: &mut Vec<u8>) {
        match self {
            Self::Char(char) => bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes()),
            Self::Byte(byte) => bytes.push(byte),
        }
    }
}

/// Reads an escape of a literal after its backslash. Returns `None` if Go has no such escape. `quote` is the quote
/// around the literal: the other one cannot be escaped.
///
/// ```
/// use go_text::{Unescaped, unescape};
///
/// assert_eq!(unescape(&mut "u00e9".chars(), '"'), Some(Unescaped::Char('é')));
/// assert_eq!(unescape(&mut "xff".chars(), '"'), Some(Unescaped::Byte(0xff)));
/// assert_eq!(unescape(&mut "'".chars(), '"'), None);
/// ```
pub fn unescape(chars: &mut impl Iterator<Item = char>, quote: char) -> Option<Unescaped> {
    let char = match chars.next()? {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        'x' => return byte(digits(chars, 2, 16, 0)?),
        'u' => char::from_u32(digits(chars, 4, 16, 0)?)?,
        'U' => char::from_u32(digits(chars, 8, 16, 0)?)?,
        first @ '0'..='7' => return byte(digits(chars, 2, 8, first.to_digit(8)?)?),
        char if char == quote => char,
        _ => return None,
    };
    Some(Unescaped::Char(char))
}

/// Returns the escape of a byte, or `None` if the number is too large: `\400`.
fn byte(number: u32) -> Option<Unescaped> {
    u8::try_from(number).ok().map(Unescaped::Byte)
}

/// Reads a number with that many digits after `first`.
fn digits(chars: &mut impl Iterator<Item = char>, count: usize, radix: u32, first: u32) -> Option<u32> {
    (0..count).try_fold(first, |number, _| {
        let digit = chars.next()?.to_digit(radix)?;
        number.checked_mul(radix)?.checked_add(digit)
    })
}
