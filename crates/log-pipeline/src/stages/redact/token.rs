//! Access keys, JSON web tokens and bearer tokens.

use std::ops::Range;

use super::kind::{follows_word, is_word, run};

/// The letters and digits of an access key after its first four (IAM user guide, "IAM identifiers").
const ACCESS_KEY: usize = 16;

/// Returns the access key of AWS that has its first `I` at this place: `AKIA` of users, or `ASIA` of sessions, and 16
/// capital letters or digits.
#[inline(never)]
pub(super) fn find_access_key_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let start = at.checked_sub(2).filter(|start| *start >= from)?;
    let is_prefix = matches!(line.get(start..start + 4), Some(b"AKIA" | b"ASIA"));
    if !is_prefix || follows_word(line, from, start) {
        return None;
    }
    let len = run(line, start + 4, |byte| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit()
    });
    let end = start + 4 + len;
    (len == ACCESS_KEY && !is_word(line.get(end))).then_some(start..end)
}

/// The fewest characters of a token's header: `{"alg":""}` in base64.
const SHORTEST_HEADER: usize = 14;
/// The fewest characters of a payload: `{}` in base64.
const SHORTEST_PAYLOAD: usize = 3;

/// Returns the JSON web token that has its first `J` at this place: a header that begins with `{"` (`eyJ` in base64), and two
/// parts (RFC 7515) or four (RFC 7516) after it.
#[inline(never)]
pub(super) fn find_jwt_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let start = at.checked_sub(2).filter(|start| *start >= from)?;
    if line.get(start..start + 3) != Some(b"eyJ") || follows_base64url(line, from, start) {
        return None;
    }
    let header = run(line, start, is_base64url);
    let mut end = start + header;
    if header < SHORTEST_HEADER || line.get(end) != Some(&b'.') {
        return None;
    }
    let payload = run(line, end + 1, is_base64url);
    end += 1 + payload;
    // With a key that was agreed on, the second of five parts is empty.
    if (1..SHORTEST_PAYLOAD).contains(&payload) || line.get(end) != Some(&b'.') {
        return None;
    }
    end += run(line, end, |byte| is_base64url(byte) || byte == b'.');
    Some(start..end)
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn follows_base64url(line: &[u8], from: usize, at: usize) -> bool {
    at > from && line.get(at - 1).is_some_and(|byte| is_base64url(*byte))
}

const SCHEME: &[u8] = b"bearer";

/// Returns the token after the scheme `Bearer`, in any case, that has its first `r` at this place (RFC 6750, section 2.1;
/// RFC 9110, 11.1). What has fewer than eight characters, or no digit in fewer than 24, counts as a word of a sentence.
#[inline(never)]
pub(super) fn find_bearer_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let begin = at.checked_sub(3)?;
    let end = begin + SCHEME.len();
    if !line.get(begin..end)?.eq_ignore_ascii_case(SCHEME) || follows_word(line, 0, begin) {
        return None;
    }
    let spaces = run(line, end, |byte| matches!(byte, b' ' | b'\t'));
    let start = match spaces {
        0 => line.get(end..)?.starts_with(b"%20").then_some(end + 3)?,
        spaces => end + spaces,
    };
    let mut len = run(line, start, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
    });
    let has_digit = line.get(start..start + len)?.iter().any(u8::is_ascii_digit);
    let is_token = (len >= 8 && has_digit) || len >= 24;
    len += run(line, start + len, |byte| byte == b'=');
    (is_token && start >= from).then_some(start..start + len)
}
