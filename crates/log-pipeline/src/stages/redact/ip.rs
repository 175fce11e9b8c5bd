//! IPv4 and IPv6 addresses.

use std::net::Ipv6Addr;
use std::ops::Range;

use super::kind::{follows_word, is_word, run_before};

/// The most bytes of an IPv6 address as text, with an IPv4 address at its end.
const LONGEST_V6: usize = 45;

/// Returns the IPv4 address whose first number ends at this place.
pub(super) fn find_v4_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let dot = at + 1;
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

/// Returns the IPv6 address that this colon is a part of.
pub(super) fn find_v6_at(line: &[u8], from: usize, at: usize) -> Option<Range<usize>> {
    let earliest = from.max(at.saturating_sub(LONGEST_V6));
    let mut start = at
        - run_before(line, earliest, at, |byte| {
            byte.is_ascii_hexdigit() || byte == b':'
        });
    let mut end = v6_end(line, at);
    // Punctuation around the address: `client:fe80::1`, `fe80::1:`
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

/// Returns the end of the characters of an address from this place on. A dot that no digit follows ends a sentence.
fn v6_end(line: &[u8], at: usize) -> usize {
    let mut end = at;
    while end - at <= LONGEST_V6
        && match line.get(end) {
            Some(b'.') => line.get(end + 1).is_some_and(u8::is_ascii_digit),
            Some(byte) => byte.is_ascii_hexdigit() || *byte == b':',
            None => false,
        }
    {
        end += 1;
    }
    end
}
