//! IPv4 and IPv6 addresses.

use std::net::Ipv6Addr;
use std::ops::Range;

use super::blocks::{BLOCK, Block, bits, equal, find_in_blocks};
use super::kind::{follows_word, is_word, run, run_before};

/// The most bytes of an IPv6 address as text, with an IPv4 address at its end.
const LONGEST_V6: usize = 45;

/// Returns the first address.
pub(super) fn find(line: &[u8], from: usize) -> Option<Range<usize>> {
    // The last run of hexadecimal digits, colons and dots that was looked at ends here.
    let mut looked_at = from;
    find_in_blocks(line, from, is_marked, places, |at| {
        if line.get(at) == Some(&b'.') {
            return v4(line, from, at);
        }
        if at < looked_at {
            return None;
        }
        let start = at - run_before(line, looked_at, at, is_v6);
        looked_at = at + run(line, at, is_v6);
        v6(line, start, looked_at)
    })
}

/// Returns whether [`places`] are not all zero, or more.
fn is_marked(block: &Block) -> bool {
    let (mut marks, mut near_colons) = (0, 0);
    for at in 0..BLOCK {
        let is = |ahead: usize, byte: u8| u8::from(block[at + ahead] == byte);
        marks |= is(0, b'.') & (is(2, b'.') | is(3, b'.') | is(4, b'.'));
        marks |= is(0, b':') & is(1, b':');
        near_colons += is(0, b':') & (is(2, b':') | is(3, b':') | is(4, b':') | is(5, b':'));
    }
    marks != 0 || near_colons >= NEAR_COLONS
}

/// The fewest colons of an address without two adjacent ones that one of its blocks has: it has six that another follows
/// within five bytes, in at most two blocks.
const NEAR_COLONS: u8 = 3;

/// Returns the places of dots that another follows within four bytes, of two adjacent colons, and of all colons if the
/// block has half of those of an address without two adjacent ones.
fn places(block: &Block) -> u64 {
    let dots = bits(block, |word| equal(word, b'.'));
    let colons = bits(block, |word| equal(word, b':'));
    let near_colons = colons & ((colons >> 2) | (colons >> 3) | (colons >> 4) | (colons >> 5));
    let marked = match (near_colons as u64).count_ones() >= u32::from(NEAR_COLONS) {
        true => colons,
        false => colons & (colons >> 1),
    };
    // The bits of the bytes after the block are cut off.
    ((dots & ((dots >> 2) | (dots >> 3) | (dots >> 4))) | marked) as u64
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
    let is_alone = !is_word(line.get(end)) && !follows_word(line, start) && !follows_number(line, start);
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

/// Returns whether a dot and a digit come before this place.
fn follows_number(line: &[u8], at: usize) -> bool {
    matches!(line.get(at.saturating_sub(2)..at), Some([b'0'..=b'9', b'.']))
}

fn is_v6(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'
}

/// Returns the IPv6 address in a run of its characters.
fn v6(line: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    let (mut start, mut end) = (start, end);
    // Punctuation around the address: `client:fe80::1`, `fe80::1.`, `fe80::1:`
    if line.get(start) == Some(&b':') && line.get(start + 1) != Some(&b':') {
        start += 1;
    } else if follows_word(line, start) {
        return None;
    }
    if is_word(line.get(end)) {
        return None;
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
