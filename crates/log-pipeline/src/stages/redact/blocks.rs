//! A search for places of which most lines have few.

use std::ops::Range;

/// The bytes that are looked at together.
pub(super) const BLOCK: usize = 64;
/// The bytes after a block that decide about its last ones.
pub(super) const AHEAD: usize = 16;

/// A block and the bytes after it. After the end of the line they are zeros.
pub(super) type Block = [u8; BLOCK + AHEAD];

/// Returns what `find` returns first, for the places from `from` on at which `places` sets a bit: the lowest for the first
/// byte of the block. Blocks for which `is_marked` is false have no such place. If it is a loop over the bytes of the block
/// without branches, it is compiled to vector instructions, and takes a fifth of the time of `places`.
pub(super) fn find_in_blocks(
    line: &[u8],
    from: usize,
    is_marked: impl Fn(&Block) -> bool,
    places: impl Fn(&Block) -> u64,
    mut find: impl FnMut(usize) -> Option<Range<usize>>,
) -> Option<Range<usize>> {
    let mut begin = from;
    while let Some(rest) = line.get(begin..).filter(|rest| !rest.is_empty()) {
        let places = |block: &Block| if is_marked(block) { places(block) } else { 0 };
        let mut left = match rest.first_chunk() {
            Some(block) => places(block),
            None => {
                let mut block = [0; BLOCK + AHEAD];
                block[..rest.len()].copy_from_slice(rest);
                places(&block)
            }
        };
        while left != 0 {
            let at = begin + left.trailing_zeros() as usize;
            if let Some(found) = find(at) {
                return Some(found);
            }
            left &= left - 1;
        }
        begin += BLOCK;
    }
    None
}

/// Returns a bit for each byte of the block, where `of_eight` returns those of eight bytes.
pub(super) fn bits(block: &Block, of_eight: impl Fn(u64) -> u64) -> u128 {
    let (low, high) = block.split_at(BLOCK);
    let of = |bytes: &[u8]| {
        let words = bytes.as_chunks::<8>().0.iter().rev();
        words.fold(0_u64, |bits, word| {
            (bits << 8) | of_eight(u64::from_le_bytes(*word))
        })
    };
    (u128::from(of(high)) << BLOCK) | u128::from(of(low))
}

const EACH: u64 = u64::from_le_bytes([1; 8]);

/// Returns a bit for each of eight bytes that is set if the byte is a digit. There is no branch, since the digits of
/// identifiers are spread at random.
pub(super) const fn digits(word: u64) -> u64 {
    below(word ^ (EACH * b'0' as u64), 10)
}

/// Returns a bit for each of eight bytes that is set if they are equal.
pub(super) const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (EACH * byte as u64), 1)
}

/// Returns a bit for each of eight bytes that is below the bound, which is at most 128.
const fn below(word: u64, bound: u64) -> u64 {
    let is_above = ((word & (EACH * 0x7f)) + EACH * (0x80 - bound)) | word;
    let is_below = (!is_above >> 7) & EACH;
    // Each byte's bit is moved to its place in the highest byte.
    is_below.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_bit(any in any::<[u8; 8]>(), near in "[-./0-9:;]{8}") {
            for bytes in [any, near.as_bytes().try_into().unwrap()] {
                let word = u64::from_le_bytes(bytes);
                let expected = |is: fn(u8) -> bool| bytes.iter().rev().fold(0, |bits, byte| (bits << 1) | u64::from(is(*byte)));
                prop_assert_eq!(digits(word), expected(|byte| byte.is_ascii_digit()));
                prop_assert_eq!(equal(word, b'.'), expected(|byte| byte == b'.'));
            }
        }

        #[test]
        fn every_place_is_looked_at(line in "[.x]{0,300}", from in 0..310_usize) {
            let mut seen = Vec::new();
            let places = |block: &Block| bits(block, |word| equal(word, b'.')) as u64;
            find_in_blocks(line.as_bytes(), from, |block| block.contains(&b'.'), places, |at| {
                seen.push(at);
                None
            });
            let expected: Vec<usize> = line.match_indices('.').map(|(at, _)| at).filter(|at| *at >= from).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}
