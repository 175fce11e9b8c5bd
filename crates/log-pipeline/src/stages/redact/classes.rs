//! The classes of bytes by which texts are found.
//!
//! What takes a `Simd` is always inlined, so that it is compiled for the instruction set that `dispatch!` has chosen.

// The compiler does not make vectors of loops in the release build, whose last step optimizes for size: such a loop takes
// 19 instructions a byte.
use fearless_simd::{Simd, prelude::*, u8x64};

/// The number of bytes whose classes are found at a time.
pub(super) const WINDOW: usize = 64;

/// Which bytes of a window are of a class: bit n of a mask is set if byte n is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) digits: u64,
    pub(super) dots: u64,
    pub(super) colons: u64,
    /// `@`, `I` and `J`, which are rare in logs: one mask of them costs less than three.
    pub(super) rare: u64,
    /// `r` and `R`.
    pub(super) r: u64,
}

impl Classes {
    /// Returns the classes of the first bytes of a text, a window at most. Bytes after the end have none.
    #[inline(always)]
    pub(super) fn of<S: Simd>(simd: S, text: &[u8]) -> Self {
        let bytes: u8x64<S> = match text.first_chunk::<WINDOW>() {
            Some(window) => (*window).simd_into(simd),
            None => padded::<WINDOW>(text).simd_into(simd),
        };
        let is = |byte: u8| bytes.simd_eq(byte);
        let is_within = |first: u8, last: u8| (bytes - first).simd_le(last - first);
        Self {
            digits: is_within(b'0', b'9').to_bitmask(),
            dots: is(b'.').to_bitmask(),
            colons: is(b':').to_bitmask(),
            rare: (is(b'@') | is_within(b'I', b'J')).to_bitmask(),
            r: (bytes | 0x20).simd_eq(b'r').to_bitmask(),
        }
    }
}

/// Returns a text that is shorter than a window, and zeros after it.
// Inlined, it becomes one copy with a variable length together with the copy of a whole window, which takes longer than the
// rest of a step.
#[inline(never)]
pub(super) fn padded<const LEN: usize>(text: &[u8]) -> [u8; LEN] {
    let mut window = [0; LEN];
    window[..text.len()].copy_from_slice(text);
    window
}

#[cfg(test)]
mod tests {
    use fearless_simd::{Level, dispatch};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_classes(bytes in prop::collection::vec(any::<u8>(), 0..100), near in "[-./0-9:;@H-KQ-Sq-s]{0,64}") {
            for bytes in [bytes.as_slice(), near.as_bytes()] {
                let classes = dispatch!(Level::new(), simd => Classes::of(simd, bytes));
                let taken = &bytes[..bytes.len().min(WINDOW)];
                let expected = |is_of_class: fn(u8) -> bool| {
                    let bits = taken.iter().enumerate().map(|(n, byte)| u64::from(is_of_class(*byte)) << n);
                    bits.sum::<u64>()
                };
                let expected = Classes {
                    digits: expected(|byte| byte.is_ascii_digit()),
                    dots: expected(|byte| byte == b'.'),
                    colons: expected(|byte| byte == b':'),
                    rare: expected(|byte| matches!(byte, b'@' | b'I' | b'J')),
                    r: expected(|byte| matches!(byte, b'r' | b'R')),
                };
                prop_assert_eq!(classes, expected);
            }
        }
    }
}
