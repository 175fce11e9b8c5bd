//! The places of a line where a text of a kind may be, found in one pass over the line for all kinds.

use fearless_simd::{Level, Simd, dispatch};

use super::classes::{Classes, WINDOW};
use super::credit_card::is_first_digit;

/// The places that are looked at in one step: what may begin at the last one is told by the bytes of its window.
const STEP: usize = WINDOW - 12;
/// The number of steps with candidates that are taken together.
const STEPS: usize = 8;

/// A place in a line where a text may be:
/// - the last digit of the first of four numbers with dots between them;
/// - the first of two colons, or the first colons of many;
/// - a first digit of credit cards, if it is the first of at least 13 digits, or of four digits that another byte and four
///   digits follow;
/// - an `r` or `R` two bytes before another, as in `Bearer`;
/// - each `@`, `I` and `J`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) at: usize,
    /// A bit for each of the next bytes, this one first, that is a digit. At least 13 bytes are known.
    pub(super) digits: u64,
    /// A bit for each of the next bytes that is a dot.
    pub(super) dots: u64,
}

/// Calls `found` with each place where a text may be, in their order.
#[inline(always)]
pub(super) fn each_candidate(line: &[u8], mut found: impl FnMut(Candidate)) {
    // Steps are taken together so that what looks at the places need not be compiled for each instruction set.
    let mut steps = [Step::default(); STEPS];
    let mut begin = 0;
    while begin < line.len() {
        let taken;
        (taken, begin) = dispatch!(Level::new(), simd => take_steps(simd, line, begin, &mut steps));
        for step in steps.iter().take(taken) {
            let mut places = step.places;
            while places != 0 {
                let place = places.trailing_zeros();
                places = without_first(places);
                found(Candidate {
                    at: step.begin + place as usize,
                    digits: step.digits >> place,
                    dots: step.dots >> place,
                });
            }
        }
    }
}

/// The result of one step. Bit n of each mask stands for the n-th byte of the window, counted from 0.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    /// The place in the line at which the window begins.
    begin: usize,
    /// The bytes at which a text may be.
    places: u64,
    /// The bytes that are digits.
    digits: u64,
    /// The bytes that are dots.
    dots: u64,
}

/// Searches the line from `begin` on, and stores each step that has candidates in `steps`. Stops when the line ends or `steps`
/// is full. Returns the number of stored steps, and the place at which the search continues.
#[inline(always)]
fn take_steps(simd: impl Simd, line: &[u8], mut begin: usize, steps: &mut [Step; STEPS]) -> (usize, usize) {
    let mut follows_digit = begin > 0 && line.get(begin - 1).is_some_and(u8::is_ascii_digit);
    let mut taken = 0;
    while let Some(step) = steps.get_mut(taken)
        && let Some(text) = line.get(begin..)
        && !text.is_empty()
    {
        *step = Step::of(simd, begin, text, follows_digit);
        follows_digit = step.digits >> (STEP - 1) & 1 != 0;
        // A step without candidates is overwritten by the next one.
        taken += usize::from(step.places != 0);
        begin += STEP;
    }
    (taken, begin)
}

impl Step {
    /// Searches the first window of the text, which begins at the place `begin` of the line.
    #[inline(always)]
    fn of(simd: impl Simd, begin: usize, text: &[u8], follows_digit: bool) -> Self {
        let Classes {
            digits,
            dots,
            colons,
            rare,
            r,
        } = Classes::of(simd, text);
        let mut places = rare | (r & r >> 2) | (colons & colons >> 1);
        // An address without two colons in a row has six in 30 bytes, of which the window has three.
        if colons.count_ones() >= 3 {
            let groups = colons & (colons >> 2 | colons >> 3 | colons >> 4 | colons >> 5);
            places |= groups & (groups >> 2 | groups >> 3 | groups >> 4 | groups >> 5);
        }
        // A digit that a dot and a digit follow.
        let octets = digits & dots >> 1 & digits >> 2;
        if octets.count_ones() >= 3 {
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
        Self {
            begin,
            places: places & ((1 << STEP) - 1),
            digits,
            dots,
        }
    }
}

/// Returns the mask without its first bit that is set.
#[inline(always)]
pub(super) fn without_first(mask: u64) -> u64 {
    mask & mask.wrapping_sub(1)
}
