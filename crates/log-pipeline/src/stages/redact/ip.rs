//! IPv4 and IPv6 addresses.

use std::net::Ipv6Addr;
use std::ops::Range;

use super::candidates::{Candidate, without_first};
use super::classes::padded;
use super::kind::{follows_word, is_word, run_before};

/// The most bytes of an IPv4 address as text.
const LONGEST_V4: usize = 15;
/// The most bytes of an IPv6 address as text, with an IPv4 address at its end.
const LONGEST_V6: usize = 45;

/// Returns the IPv4 address whose first number ends at this place: four numbers from 0 to 255, of at most three digits.
// Inlined, since most of what is found in logs are IPv4 addresses.
#[inline(always)]
pub(super) fn find_v4_at(line: &[u8], from: usize, candidate: Candidate) -> Option<Range<usize>> {
    let Candidate { at, digits, dots } = candidate;
    let is_digit = |back: usize| {
        let place = at.checked_sub(back).filter(|place| *place >= from);
        place
            .and_then(|place| line.get(place))
            .is_some_and(u8::is_ascii_digit)
    };
    // The number of digits is added up, since a processor cannot predict branches on it.
    let two = is_digit(1);
    let three = two & is_digit(2);
    let before = usize::from(two) + usize::from(three);
    let start = at - before;
    // Each mask has the bytes that are not digits, from the end of that number on: three dots, and what follows the address.
    let first = !digits;
    let second = without_first(first);
    let third = without_first(second);
    let fourth = without_first(third);
    if (first ^ fourth) & !dots != 0 {
        return None;
    }
    let ends = [first, second, third, fourth].map(|others| others.trailing_zeros() as usize + before);
    let text = line.get(start..)?;
    let bytes = match text.first_chunk::<{ LONGEST_V4 + 1 }>() {
        Some(first) => *first,
        None => padded(text),
    };
    let mut begin = 0;
    for end in ends {
        if !is_octet(*bytes.get(begin..)?.first_chunk()?, end - begin) {
            return None;
        }
        begin = end + 1;
    }
    let end = start + ends[3];
    let goes_on = line.get(end) == Some(&b'.') && line.get(end + 1).is_some_and(u8::is_ascii_digit);
    let is_alone =
        !is_word(line.get(end)) && !follows_word(line, from, start) && !follows_number(line, from, start);
    (is_alone && !goes_on).then_some(start..end)
}

/// Returns whether the first `len` bytes, which are digits, are a number from 0 to 255 of at most three.
#[inline(always)]
fn is_octet(text: [u8; 4], len: usize) -> bool {
    // The digits of a number compare as the number does.
    matches!(len, 1..=3)
        && u32::from_be_bytes(text) >> (u32::BITS - 8 * len as u32) <= u32::from_be_bytes(*b"\x00255")
}

/// Returns whether a dot and a digit come before this place, and not before `from`.
fn follows_number(line: &[u8], from: usize, at: usize) -> bool {
    let before = line.get(from..at).unwrap_or_default();
    matches!(before, [.., b'0'..=b'9', b'.'])
}

/// Returns the IPv6 address that this colon is a part of.
#[inline(never)]
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
