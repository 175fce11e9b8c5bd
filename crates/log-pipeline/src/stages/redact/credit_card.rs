//! Numbers of credit cards.

use std::ops::Range;

use super::kind::{follows_word, is_word, run, run_before};

/// The fewest digits of a number that a network issues.
const FEWEST: usize = 13;
/// The most digits of a number (ISO/IEC 7812-1).
const MOST: usize = 19;
/// The most bytes of a number in groups.
const LONGEST: usize = MOST + 4;
/// The lengths of the groups of a number that is written with spaces or hyphens.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

/// Returns the first number: a number of a card's network, with its check digit.
pub(super) fn find(line: &[u8], from: usize) -> Option<Range<usize>> {
    let (words, rest) = line.get(from..)?.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    // The numbers that begin before this place were looked at.
    let mut looked_at = from;
    for (index, word) in words.iter().chain([&last]).enumerate() {
        if !may_be_of_number(word) {
            continue;
        }
        let at = from + 8 * index;
        let earliest = looked_at.max(at.saturating_sub(LONGEST));
        let mut start = at - run_before(line, earliest, at, |byte| is_digit(byte) || is_separator(byte));
        while start < line.len().min(at + 8) {
            let count = run(line, start, is_digit);
            if let Some(found) = number(line, from, start, count) {
                return Some(found);
            }
            start += count + 1;
        }
        looked_at = start;
    }
    None
}

/// Returns whether the eight bytes can be those by which a number is found. Wherever words begin, a number has one that lies
/// within it and has at most two separators, or, if it has 13 or 14 digits in a row, one with seven of them.
fn may_be_of_number(word: &[u8; 8]) -> bool {
    // In either case no two bytes in the middle are both something else, which is true of most words.
    if !is_digit(word[3]) && !is_digit(word[4]) {
        return false;
    }
    match digits(u64::from_le_bytes(*word)) {
        7.. => true,
        6 => word.iter().all(|byte| is_digit(*byte) || is_separator(*byte)),
        _ => false,
    }
}

/// Returns how many of eight bytes are digits. There is no branch, since the digits of identifiers are spread at random.
const fn digits(word: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    let distance = word ^ (EACH * b'0' as u64);
    // The highest bit of a byte is set if the byte is ten or more.
    let is_other = ((distance & (EACH * 0x7f)) + EACH * (0x80 - 10)) | distance;
    ((!is_other >> 7) & EACH).wrapping_mul(EACH) >> 56
}

/// Returns the number that begins at this place with so many digits in a row.
fn number(line: &[u8], from: usize, start: usize, digits: usize) -> Option<Range<usize>> {
    // No network's numbers begin with another digit.
    let is_first = matches!(line.get(start), Some(b'2'..=b'6'));
    if !is_first || (start > from && line.get(start - 1).is_some_and(u8::is_ascii_digit)) {
        return None;
    }
    let end = match digits {
        4 => grouped_end(line, from, start)?,
        FEWEST..=MOST => start + digits,
        _ => return None,
    };
    is_number(line, from, start, end).then_some(start..end)
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Returns whether the byte may stand between the groups of a number.
fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-')
}

/// Returns the end of a number in groups, all separated by the same byte.
fn grouped_end(line: &[u8], from: usize, start: usize) -> Option<usize> {
    let separator = *line.get(start + 4).filter(|byte| is_separator(**byte))?;
    let mut lengths = [0; 5];
    let (mut count, mut at) = (0, start);
    for length in &mut lengths {
        *length = run(line, at, |byte| byte.is_ascii_digit());
        count += 1;
        at += *length;
        let goes_on = line.get(at) == Some(&separator) && line.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !goes_on {
            break;
        }
        at += 1;
    }
    // Of `4111 1111 1111 1111 200` the last group may be another number.
    let ends_with = |groups: &&&[usize]| lengths[..count].starts_with(groups);
    let groups = GROUPS.iter().filter(ends_with);
    let ends = groups.map(|groups| start + groups.iter().sum::<usize>() + groups.len() - 1);
    ends.filter(|end| is_number(line, from, start, *end)).max()
}

/// Returns whether the text, from digit to digit, is a number of a card and stands alone.
fn is_number(line: &[u8], from: usize, start: usize, end: usize) -> bool {
    let is_decimal = start > from && matches!(line.get(start - 1), Some(b'.'));
    let goes_on = line.get(end) == Some(&b'.') && line.get(end + 1).is_some_and(u8::is_ascii_digit);
    if is_decimal || goes_on || follows_word(line, from, start) || is_word(line.get(end)) {
        return false;
    }
    let mut digits = [0; MOST];
    let mut count = 0;
    for byte in line.get(start..end).unwrap_or_default() {
        if byte.is_ascii_digit() {
            let Some(digit) = digits.get_mut(count) else {
                return false;
            };
            *digit = byte - b'0';
            count += 1;
        }
    }
    let digits = &digits[..count];
    is_of_network(digits) && has_check_digit(digits)
}

/// Returns whether a network issues numbers with this beginning and length: Visa, Mastercard, American Express, Diners
/// Club, JCB, Discover, UnionPay, Maestro.
fn is_of_network(digits: &[u8]) -> bool {
    let first = |count: usize| {
        digits
            .iter()
            .take(count)
            .fold(0, |number, digit| number * 10 + u32::from(*digit))
    };
    matches!(
        (digits.len(), first(2), first(4)),
        (13 | 16 | 19, 40..=49, _)
            | (16, 51..=55, _)
            | (16, _, 2221..=2720)
            | (15, 34 | 37, _)
            | (14..=19, 36 | 38 | 39, _)
            | (14..=19, _, 3000..=3059 | 3095)
            | (16..=19, _, 3528..=3589)
            | (16..=19, 62 | 64 | 65, _)
            | (16..=19, _, 6011)
            | (13..=19, 50 | 56..=58 | 63 | 67, _)
    )
}

/// Returns whether the last digit is the check digit of the others (Luhn, ISO/IEC 7812-1, annex B).
fn has_check_digit(digits: &[u8]) -> bool {
    let weighted = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match index % 2 {
            0 => u32::from(*digit),
            _ => u32::from(digit * 2 / 10 + digit * 2 % 10),
        });
    weighted.sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn digits_are_counted(any in any::<[u8; 8]>(), near in "[-./0-9:;]{8}") {
            for bytes in [any, near.as_bytes().try_into().unwrap()] {
                let expected = bytes.iter().filter(|byte| byte.is_ascii_digit()).count() as u64;
                prop_assert_eq!(digits(u64::from_le_bytes(bytes)), expected);
            }
        }

        #[test]
        fn numbers_are_found_wherever_they_stand(before in "[ x0-9-]{0,30}[ x]", after in "([ x][ x0-9-]{0,30})?", from in 0..8_usize) {
            for number in ["4111111111111111", "4222222222222", "4111 1111 1111 1111", "3782-822463-10005", "6304000000000000000"] {
                let line = format!("{before}{number} {after}");
                // Another number, with digits of what comes before, may begin earlier.
                let found = find(line.as_bytes(), from.min(before.len()));
                let is_earlier = found.as_ref().is_some_and(|found| found.start < before.len());
                prop_assert!(is_earlier || found == Some(before.len()..before.len() + number.len()) || before.ends_with('x'), "{line:?} {found:?}");
            }
        }
    }
}
