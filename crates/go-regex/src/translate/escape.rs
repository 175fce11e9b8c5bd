//! Escape sequences for a single character.

use crate::SyntaxErrorKind;

/// Reads the escape sequence at the start of `text`. Returns its code point, which may be a surrogate, and the rest
/// of the text.
pub(crate) fn code_point(text: &str) -> Result<(u32, &str), SyntaxErrorKind> {
    let mut rest = text[1..].chars();
    let Some(char) = rest.next() else {
        return Err(SyntaxErrorKind::TrailingBackslash);
    };
    let after = rest.as_str();
    let unknown = |rest: &str| SyntaxErrorKind::Escape(text[..text.len() - rest.len()].to_owned());
    let plain = |char: char| Ok((u32::from(char), after));
    match char {
        '0'..='7' => octal(char, text).ok_or_else(|| SyntaxErrorKind::BackReference(format!("\\{char}"))),
        '8' | '9' => Err(SyntaxErrorKind::BackReference(format!("\\{char}"))),
        'x' => match after.strip_prefix('{') {
            Some(digits) => braced_hex(digits),
            None => two_digit_hex(after),
        }
        .ok_or_else(|| unknown(after)),
        'a' => plain('\x07'),
        'f' => plain('\x0c'),
        'n' => plain('\n'),
        'r' => plain('\r'),
        't' => plain('\t'),
        'v' => plain('\x0b'),
        _ if char.is_ascii() && !char.is_ascii_alphanumeric() => plain(char),
        _ => Err(unknown(after)),
    }
}

/// Reads up to three octal digits. A single digit other than 0 is a back-reference, so it returns `None`.
fn octal(first: char, text: &str) -> Option<(u32, &str)> {
    let digits = &text[1..];
    let count = digits
        .bytes()
        .take(3)
        .take_while(|byte| (b'0'..=b'7').contains(byte))
        .count();
    if count == 1 && first != '0' {
        return None;
    }
    let value = u32::from_str_radix(&digits[..count], 8).ok()?;
    Some((value, &digits[count..]))
}

/// Reads the two digits of `\x7F`.
fn two_digit_hex(text: &str) -> Option<(u32, &str)> {
    let digits = text.get(..2)?;
    Some((hex(digits)?, &text[2..]))
}

/// Reads the digits of `\x{10FFFF}` up to the closing brace.
fn braced_hex(text: &str) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_once('}')?;
    let value = hex(digits.trim_start_matches('0')).or_else(|| all_zeros(digits))?;
    (value <= u32::from(char::MAX)).then_some((value, rest))
}

/// Parses hexadecimal digits; a sign is refused.
fn hex(digits: &str) -> Option<u32> {
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all_hex)
}

/// Returns 0 if the text consists of zeros.
fn all_zeros(digits: &str) -> Option<u32> {
    (!digits.is_empty() && digits.bytes().all(|byte| byte == b'0')).then_some(0)
}
