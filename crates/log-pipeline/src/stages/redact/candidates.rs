//! The places of a line where a text of a kind may be, found in one pass over the line for all kinds.

use super::classes::Classes;

/// The places whose text is looked at in one step: what may begin there is told by the 16 bytes after them at most.
const STEP: usize = 48;
const OVERLAP: usize = 16;

/// The places in a line where a text may be, in their order:
/// - the last digit of the first of four numbers with dots between them;
/// - the first of two colons, or the first colons of many;
/// - the first of at least 13 digits, or of four digits that another byte and four digits follow;
/// - an `r` or `R` two bytes before another, as in `Bearer`;
/// - each `@`, `I` and `J`.
#[derive(Debug)]
pub(super) struct Candidates<'a> {
    /// The bytes whose classes are not known yet.
    rest: &'a [u8],
    /// The classes of the places of this step, and of the bytes after them.
    classes: Classes,
    /// The first place of this step, of which there may be `len`.
    start: usize,
    len: usize,
    /// A bit for each place that is left in this step.
    places: u64,
}

impl<'a> Candidates<'a> {
    /// Returns the places in a line.
    pub(super) fn of(line: &'a [u8]) -> Self {
        let mut candidates = Self {
            rest: line,
            classes: Classes::default(),
            start: 0,
            len: line.len(),
            places: 0,
        };
        let (classes, rest) = Classes::take::<{ STEP + OVERLAP }>(line);
        candidates.rest = rest;
        candidates.classes = classes;
        candidates.places = places(&classes, false);
        candidates
    }

    /// Goes to the next step, if the line goes on.
    fn advance(&mut self) -> Option<()> {
        if self.start + STEP >= self.len {
            return None;
        }
        self.start += STEP;
        let follows_digit = self.classes.digits >> (STEP - 1) & 1 == 1;
        let (new, rest) = Classes::take::<STEP>(self.rest);
        self.rest = rest;
        self.classes = self.classes.followed_by::<STEP>(&new);
        self.places = places(&self.classes, follows_digit);
        Some(())
    }
}

impl Iterator for Candidates<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.places == 0 {
            self.advance()?;
        }
        let place = self.places.trailing_zeros() as usize;
        self.places &= self.places - 1;
        Some(self.start + place)
    }
}

/// Returns a bit for each place of a step.
fn places(classes: &Classes, follows_digit: bool) -> u64 {
    let Classes {
        digits,
        dots,
        colons,
        rare,
        r,
    } = *classes;
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
    if four_digits != 0 {
        let eight_digits = four_digits & four_digits >> 4;
        let in_a_row = eight_digits & eight_digits >> 5;
        let in_groups = four_digits & !(digits >> 4) & four_digits >> 5;
        places |= (in_a_row | in_groups) & !(digits << 1 | u64::from(follows_digit));
    }
    places & ((1 << STEP) - 1)
}

/// Returns the mask without its first bit that is set.
fn without_first(mask: u64) -> u64 {
    mask & mask.wrapping_sub(1)
}
