//! IPv4 and IPv6 addresses.

use std::net::Ipv6Addr;
use std::ops::Range;

use memchr::memchr2_iter;

use super::kind::{follows_word, is_word, run, run_before};

/// The most bytes of an IPv6 address as text, with an IPv4 address at its end.
const LONGEST_V6: usize = 45;

/// Returns the first address. What comes before `from` was replaced: an address may begin right there.
pub(super) fn find(line: &[u8], from: usize) -> Option<Range<usize>> {
    let rest = line.get(from..)?;
    // The last run of hexadecimal digits, colons and dots that was looked at ends here.
    let mut looked_at = from;
    memchr2_iter(b'.', b':', rest).find_map(|at| {
        let at = from + at;
        if line.get(at) == Some(&b'.') {
            // Most dots are those of names.
            return line
                .get(at + 1)
                .filter(|byte| byte.is_ascii_digit())
                .and_then(|_| v4(line, from, at));
        }
        if at < looked_at || !may_be_v6(line, at) {
            return None;
        }
        let start = at - run_before(line, looked_at, at, is_v6);
        looked_at = at + run(line, at, is_v6);
        v6(line, from, start, looked_at)
    })
}

/// Returns whether an address may begin or end with a text in which none was found while it was a part of a line.
pub(super) fn may_be_at_an_end(text: &[u8]) -> bool {
    let begins = match text {
        [b':', ..] => may_be_v6(text, 0),
        [b'.', next, ..] => next.is_ascii_digit(),
        _ => false,
    };
    begins || matches!(text.last(), Some(b':' | b'.'))
}

/// Returns whether the colon at this place may be the first of an IPv6 address: another one follows at once, or after up to
/// four digits.
fn may_be_v6(line: &[u8], colon: usize) -> bool {
    let next = line.get(colon + 1..line.len().min(colon + 6));
    next.is_some_and(|next| next.contains(&b':'))
}

/// Returns the IPv4 address whose first dot is at this place.
fn v4(line: &[u8], from: usize, dot: usize) -> Option<Range<usize>> {
    let start = dot
        - run_before(line, from.max(dot.saturating_sub(4)), dot, |byte| {
            byte.is_ascii_digit()
        });
    let mut end = octet(line, start)?;
    for _ in 0..3 {
        if line.get(end) != Some(&b'.') {
            return None;
        }
        end = octet(line, end + 1)?;
    }
    let goes_on = line.get(end) == Some(&b'.') && line.get(end + 1).is_some_and(u8::is_ascii_digit);
    let is_alone =
        !is_word(line.get(end)) && !follows_word(line, from, start) && !follows_number(line, from, start);
    (is_alone && !goes_on).then_some(start..end)
}

/// Returns the end of the number that begins here, if it is one from 0 to 255.
fn octet(line: &[u8], start: usize) -> Option<usize> {
    let (mut end, mut number) = (start, 0);
    while let Some(digit @ b'0'..=b'9') = line.get(end) {
        number = number * 10 + u32::from(digit - b'0');
        end += 1;
        if end - start > 3 {
            return None;
        }
    }
    (end > start && number <= 255).then_some(end)
}

/// Returns whether a dot and a digit come before this place, and not before `from`.
fn follows_number(line: &[u8], from: usize, at: usize) -> bool {
    let before = line.get(from..at).unwrap_or_default();
    matches!(before, [.., b'0'..=b'9', b'.'])
}

fn is_v6(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'
}

/// Returns the IPv6 address in a run of its characters.
fn v6(line: &[u8], from: usize, start: usize, end: usize) -> Option<Range<usize>> {
    let (mut start, mut end) = (start, end);
    // Punctuation around the address: `client:fe80::1`, `fe80::1.`, `fe80::1:`
    if line.get(start) == Some(&b':') && line.get(start + 1) != Some(&b':') {
        start += 1;
    } else if follows_word(line, from, start) {
        return None;
    }
    if is_word(line.get(end)) {
        // The word may stand after the address and a colon: `fe80::1:eth0`
        let word = start + line.get(start..end)?.iter().rposition(|byte| *byte == b':')?;
        if word == start || line.get(word - 1) == Some(&b':') {
            return None;
        }
        end = word;
    }
    while end > start && line.get(end - 1) == Some(&b'.') {
        end -= 1;
    }
    if matches!(line.get(end.saturating_sub(2)..end), Some([before, b':']) if *before != b':') {
        end -= 1;
    }
    let text = line.get(start..end)?;
    let colons = text.iter().filter(|byte| **byte == b':').count();
    // A time has two colons, and a MAC address five.
    if !(3..=LONGEST_V6).contains(&text.len()) || (colons < 6 && !text.windows(2).any(|pair| pair == b"::")) {
        return None;
    }
    str::from_utf8(text).ok()?.parse::<Ipv6Addr>().ok()?;
    Some(start..end)
}
