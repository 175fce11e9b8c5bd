//! The structure of JSON, found for blocks of 64 bytes at a time.
//!
//! What takes a `Simd` is always inlined, so that it is compiled for the instruction set that `dispatch!` has chosen.

use fearless_simd::{Simd, prelude::*, u8x64};

/// The number of bytes in a block.
pub(super) const BLOCK: usize = 64;

/// The bytes that make up the structure of a JSON text: bit n is set if byte n of a block is one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    quotes: u64,
    backslashes: u64,
    /// `{` and `[`.
    opens: u64,
    /// `}` and `]`.
    closes: u64,
}

/// The place in a value to which its blocks were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    /// The number of brackets that are open.
    pub(super) depth: usize,
    pub(super) in_string: bool,
}

/// The effect of a block on a value that began before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value goes on after the block.
    GoesOn(Position),
    /// The value ends with this byte of the block.
    EndsWith(usize),
    /// The block has backslashes, and must be read byte by byte.
    Escapes,
}

impl Block {
    /// Finds the structure of a block.
    #[inline(always)]
    pub(super) fn of<S: Simd>(simd: S, bytes: &[u8; BLOCK]) -> Self {
        let bytes: u8x64<S> = (*bytes).simd_into(simd);
        // `[` and `{`, and `]` and `}`, differ in this bit only.
        let folded = bytes | 0x20;
        Self {
            quotes: bytes.simd_eq(b'"').to_bitmask(),
            backslashes: bytes.simd_eq(b'\\').to_bitmask(),
            opens: folded.simd_eq(b'{').to_bitmask(),
            closes: folded.simd_eq(b'}').to_bitmask(),
        }
    }

    /// Reads the block as the next one of a value, in which at least one bracket is open.
    #[inline(always)]
    pub(super) fn step(&self, position: Position) -> Step {
        if self.backslashes != 0 {
            return Step::Escapes;
        }
        let mut strings = parities(self.quotes);
        if position.in_string {
            strings = !strings;
        }
        let (opens, mut closes) = (self.opens & !strings, self.closes & !strings);
        let depth = position.depth + opens.count_ones() as usize;
        let closed = closes.count_ones() as usize;
        if closed < position.depth {
            return Step::GoesOn(Position {
                depth: depth - closed,
                in_string: strings >> (BLOCK - 1) == 1,
            });
        }
        let mut closed = 0;
        while closes != 0 {
            let close = closes & closes.wrapping_neg();
            closed += 1;
            let opened = (opens & (close - 1)).count_ones() as usize;
            if closed == position.depth + opened {
                return Step::EndsWith(close.trailing_zeros() as usize);
            }
            closes ^= close;
        }
        Step::GoesOn(Position {
            depth: depth - closed,
            in_string: strings >> (BLOCK - 1) == 1,
        })
    }
}

/// Returns a bit for each place up to which, it included, an odd number of bits is set: from each opening quote to the byte
/// before the closing one.
#[inline(always)]
fn parities(bits: u64) -> u64 {
    let mut parities = bits;
    for shift in [1, 2, 4, 8, 16, 32] {
        parities ^= parities << shift;
    }
    parities
}
