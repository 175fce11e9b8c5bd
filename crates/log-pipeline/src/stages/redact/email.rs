//! Email addresses.

use std::ops::Range;

use super::kind::{run, run_before};

/// Returns the address with the `@` at this place. Letters outside of ASCII are allowed on both sides of it (RFC 6531). An
/// address that is longer than a mail server accepts (RFC 5321, section 4.5.3.1) is one, too: a part would be left otherwise.
#[inline(never)]
pub(super) fn find_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let local = run_before(line, from, at, is_local);
    let mut start = at - local;
    // A quotation mark is not a part.
    while start < at && matches!(line.get(start), Some(b'.' | b'\'')) {
        start += 1;
    }
    if start == at || line.get(at - 1) == Some(&b'.') {
        return None;
    }
    let end = domain_end(line.get(at + 1..)?)?;
    Some(start..at + 1 + end)
}

fn is_local(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'%' | b'+' | b'-' | b'\'' | 0x80..)
}

fn is_label(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | 0x80..)
}

/// Returns the length of the longest domain at the beginning of the text: at least two labels, of which the last, the
/// top-level domain, has at least two letters and nothing else, or is encoded (`xn--`).
fn domain_end(text: &[u8]) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    loop {
        let label = run(text, at, is_label);
        if label == 0 || text.get(at) == Some(&b'-') {
            return end;
        }
        if at > 0 {
            end = top_level_end(text, at).or(end);
        }
        at += label;
        if text.get(at) != Some(&b'.') {
            return end;
        }
        at += 1;
    }
}

/// Returns the end of a top-level domain that begins at this place.
fn top_level_end(text: &[u8], at: usize) -> Option<usize> {
    let is_encoded = text
        .get(at..at + 4)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"xn--"));
    if is_encoded {
        return Some(at + run(text, at, |byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    }
    let letters = run(text, at, |byte| byte.is_ascii_alphabetic() || byte >= 0x80);
    let ends = !text
        .get(at + letters)
        .is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_');
    (letters >= 2 && ends).then_some(at + letters)
}
