//! The places of a line where a text of a kind may be, found in one pass over the line for all kinds.

use fearless_simd::{Level, Simd, dispatch};

use super::classes::{Classes, WINDOW};
use super::credit_card::is_first_digit;

/// The places that are looked at in one step: what may begin at the last one is told by the bytes of its window.
const STEP: usize = WINDOW - 12;
/// The number of steps that are taken together.
const STEPS: usize = 16;

/// The places in a line where a text may be, in their order:
/// - the last digit of the first of four numbers with dots between them;
/// - the first of two colons, or the first colons of many;
/// - a first digit of credit cards, if it is the first of at least 13 digits, or of four digits that another byte and four
///   digits follow;
/// - an `r` or `R` two bytes before another, as in `Bearer`;
/// - each `@`, `I` and `J`.
#[derive(Debug)]
pub(super) struct Candidates<'a> {
    line: &'a [u8],
    /// For each step from `step` on, a bit for each place that was found and not returned yet. Steps are taken together so that
    /// what looks at the places need not be compiled for each instruction set.
    places: [u64; STEPS],
    step: usize,
    /// The step after the last of these.
    end: usize,
}

impl<'a> Candidates<'a> {
    /// Returns the places in a line.
    pub(super) fn of(line: &'a [u8]) -> Self {
        Self {
            line,
            places: [0; STEPS],
            step: 0,
            end: 0,
        }
    }

    /// Finds the places of the next steps.
    #[inline(always)]
    fn find(&mut self, simd: impl Simd) {
        for found in &mut self.places {
            let Some((before, text)) = self.line.split_at_checked(self.end * STEP) else {
                break;
            };
            if text.is_empty() {
                break;
            }
            *found = places(simd, text, before.last().is_some_and(u8::is_ascii_digit));
            self.end += 1;
        }
    }
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            while self.step < self.end {
                let places = &mut self.places[self.step % STEPS];
                if *places != 0 {
                    let place = places.trailing_zeros() as usize;
                    *places = without_first(*places);
                    return Some(self.step * STEP + place);
                }
                self.step += 1;
            }
            dispatch!(Level::new(), simd => self.find(simd));
            if self.step == self.end {
                return None;
            }
        }
    }
}

/// Returns a bit for each place in the first step of the text.
#[inline(always)]
fn places(simd: impl Simd, text: &[u8], follows_digit: bool) -> u64 {
    let Classes {
        digits,
        dots,
        colons,
        rare,
        r,
    } = Classes::of(simd, text);
    let mut places = rare | (r & r >> 2) | (colons & colons >> 1);
    // An address without two colons in a row has six in 30 bytes.
    let all_but_two = without_first(without_first(colons));
    if without_first(all_but_two) != 0 {
        let groups = colons & (colons >> 2 | colons >> 3 | colons >> 4 | colons >> 5);
        places |= groups & (groups >> 2 | groups >> 3 | groups >> 4 | groups >> 5);
    }
    // A digit that a dot and a digit follow.
    let octets = digits & dots >> 1 & digits >> 2;
    if octets != 0 {
        let two_octets = octets & (octets >> 2 | octets >> 3 | octets >> 4);
        places |= two_octets & (two_octets >> 2 | two_octets >> 3 | two_octets >> 4);
    }
    let two_digits = digits & digits >> 1;
    let four_digits = two_digits & two_digits >> 2;
    let eight_digits = four_digits & four_digits >> 4;
    let in_a_row = eight_digits & eight_digits >> 5;
    let in_groups = four_digits & !(digits >> 4) & four_digits >> 5;
    let mut cards = (in_a_row | in_groups) & !(digits << 1 | u64::from(follows_digit));
    while cards != 0 {
        let first = cards & cards.wrapping_neg();
        if text
            .get(first.trailing_zeros() as usize)
            .is_some_and(|digit| is_first_digit(*digit))
        {
            places |= first;
        }
        cards ^= first;
    }
    places & ((1 << STEP) - 1)
}

/// Returns the mask without its first bit that is set.
#[inline(always)]
fn without_first(mask: u64) -> u64 {
    mask & mask.wrapping_sub(1)
}
