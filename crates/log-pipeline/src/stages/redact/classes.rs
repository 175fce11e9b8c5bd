//! The classes of bytes by which texts are found.

// The compiler does not make vectors of loops in the release build, whose last step optimizes for size: such a loop takes
// 19 instructions a byte.
use wide::i8x16;

/// Which of up to 64 bytes are of a class: bit n of a mask is set if byte n is.
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
    /// Returns the classes of the first bytes, at most 64, and the bytes after them. Bytes after the end have none.
    pub(super) fn take<const LEN: usize>(bytes: &[u8]) -> (Self, &[u8]) {
        if let Some((first, rest)) = bytes.split_first_chunk::<LEN>() {
            return (Self::of(first), rest);
        }
        let mut padded = [0; LEN];
        padded[..bytes.len()].copy_from_slice(bytes);
        (Self::of(&padded), &[])
    }

    fn of(bytes: &[u8]) -> Self {
        let mut classes = Self::default();
        let (vectors, _) = bytes.as_chunks::<16>();
        for (index, vector) in vectors.iter().enumerate() {
            let vector = i8x16::new(vector.map(u8::cast_signed));
            let mask = |is_of_class: i8x16| u64::from(is_of_class.to_bitmask()) << (16 * index);
            classes.digits |= mask(is_within(vector, b'0', b'9'));
            classes.dots |= mask(is(vector, b'.'));
            classes.colons |= mask(is(vector, b':'));
            classes.rare |= mask(is(vector, b'@') | is_within(vector, b'I', b'J'));
            classes.r |= mask(is(vector | i8x16::splat(0x20), b'r'));
        }
        classes
    }

    /// Returns the classes without those of the first bytes, and with those of new ones at the end of 64.
    pub(super) fn followed_by<const LEN: usize>(&self, new: &Self) -> Self {
        let join = |old: u64, new: u64| old >> LEN | new << (u64::BITS as usize - LEN);
        Self {
            digits: join(self.digits, new.digits),
            dots: join(self.dots, new.dots),
            colons: join(self.colons, new.colons),
            rare: join(self.rare, new.rare),
            r: join(self.r, new.r),
        }
    }
}

fn is(bytes: i8x16, byte: u8) -> i8x16 {
    bytes.simd_eq(i8x16::splat(byte.cast_signed()))
}

/// Returns which bytes are from `first` to `last`: with `last` moved to the end of the signed numbers, those from `first` on.
fn is_within(bytes: i8x16, first: u8, last: u8) -> i8x16 {
    let end = i8::MAX.cast_unsigned();
    let moved = bytes + i8x16::splat((end - last).cast_signed());
    moved.simd_gt(i8x16::splat((end - (last - first) - 1).cast_signed()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_byte_has_its_classes(bytes in prop::collection::vec(any::<u8>(), 0..100), near in "[-./0-9:;@H-KQ-Sq-s]{0,64}") {
            for bytes in [bytes.as_slice(), near.as_bytes()] {
                let (classes, rest) = Classes::take::<64>(bytes);
                let taken = &bytes[..bytes.len() - rest.len()];
                prop_assert_eq!(taken.len(), bytes.len().min(64));
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
