//! Numbers of credit cards.

use std::ops::Range;

use super::kind::{follows_word, is_word, run};

/// The fewest digits of a number that a network issues.
const FEWEST: usize = 13;
/// The most digits of a number (ISO/IEC 7812-1).
const MOST: usize = 19;
/// The lengths of the groups of a number that is written with spaces or hyphens.
const GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 4, 3]];

/// Returns whether the numbers of a network begin with this digit.
pub(super) fn is_first_digit(byte: u8) -> bool {
    matches!(byte, b'2'..=b'6')
}

/// Returns the number whose first digit is at this place: a number of a card's network, with its check digit.
#[inline(never)]
pub(super) fn find_at(line: &[u8], from: usize, start: usize) -> Option<Range<usize>> {
    let digits = run(line, start, |byte| byte.is_ascii_digit());
    let end = match digits {
        4 => grouped_end(line, from, start)?,
        FEWEST..=MOST => start + digits,
        _ => return None,
    };
    is_number(line, from, start, end).then_some(start..end)
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
