//! Snappy's block format, compressed piece by piece.
//!
//! A block begins with its uncompressed length. Then follow elements: literals, and copies of bytes a given distance
//! back ("format_description.txt" of google/snappy). An element does not contain its own position, and a copy that
//! `snap` writes does not reach back beyond the 64 KiB that it is in. So pieces of 64 KiB that are compressed one by
//! one, joined, with their total length in front, are the same block as the whole compressed at once. A piece is
//! compressed while it is still in the processor's cache, and its uncompressed bytes need not be kept.

use std::ops::Range;

use bytes::Bytes;

use crate::Buffers;

/// The number of uncompressed bytes that are compressed at a time.
pub(crate) const PIECE: usize = 1 << 16;

/// The maximum number of bytes of a block's length prefix: 32 bits at seven bits a byte.
const MAX_LENGTH_PREFIX: usize = 5;
/// The maximum length of a literal whose length is in its tag.
const SHORT_LITERAL: usize = 60;
/// The space before the elements, in bytes: room for a length prefix, a tag and a short literal.
const HEADROOM: usize = MAX_LENGTH_PREFIX + 1 + SHORT_LITERAL;

/// A block that still grows.
#[derive(Clone, Debug)]
pub(crate) struct Snappy {
    /// [`HEADROOM`] bytes, then the elements up to `elements.end`. The bytes after them are left from an earlier use,
    /// since clearing them would cost time.
    bytes: Vec<u8>,
    elements: Range<usize>,
    plain_len: usize,
}

impl Snappy {
    /// Creates an empty block in the memory of `buffer`.
    pub(crate) fn new(buffer: Vec<u8>) -> Self {
        let mut bytes = buffer;
        if bytes.len() < HEADROOM {
            bytes.resize(HEADROOM, 0);
        }
        Self {
            bytes,
            elements: HEADROOM..HEADROOM,
            plain_len: 0,
        }
    }

    /// Returns the number of uncompressed bytes that were added.
    pub(crate) fn plain_len(&self) -> usize {
        self.plain_len
    }

    /// Compresses `plain` and appends the elements.
    ///
    /// # Errors
    /// Returns an error when `plain` has 4 GiB or more.
    pub(crate) fn compress(&mut self, plain: &[u8], buffers: &Buffers) -> Result<(), snap::Error> {
        checked_len(plain.len())?;
        // The encoder wants room for more than it is given. All at once, that would be a MiB for each push, cleared once
        // and kept: ten objects of 13 MB took 32 MiB of memory so, and take 21.
        for piece in plain.chunks(PIECE) {
            self.compress_piece(piece, buffers)?;
        }
        Ok(())
    }

    /// Compresses at most [`PIECE`] bytes and appends the elements.
    fn compress_piece(&mut self, plain: &[u8], buffers: &Buffers) -> Result<(), snap::Error> {
        let mut length = [0; MAX_LENGTH_PREFIX];
        let length_len = write_length(checked_len(plain.len())?, &mut length);
        // The encoder writes a length prefix first, which is not wanted here. So it is made to overwrite the end of the
        // last elements, which is restored afterwards.
        let from = self.elements.end - length_len;
        let most = from + snap::raw::max_compress_len(plain.len());
        if self.bytes.len() < most {
            self.bytes.resize(most, 0);
        }
        length[..length_len].copy_from_slice(&self.bytes[from..self.elements.end]);
        let mut encoder = buffers.take_encoder();
        let written = encoder.compress(plain, &mut self.bytes[from..]);
        buffers.give_encoder(encoder);
        self.bytes[from..self.elements.end].copy_from_slice(&length[..length_len]);
        self.elements.end = from + written?;
        self.plain_len += plain.len();
        Ok(())
    }

    /// Appends the elements of `other`.
    pub(crate) fn append(&mut self, other: &Self) {
        let elements = &other.bytes[other.elements.clone()];
        let end = self.elements.end + elements.len();
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes[self.elements.end..end].copy_from_slice(elements);
        self.elements.end = end;
        self.plain_len += other.plain_len;
    }

    /// Puts at most sixty bytes before all others, without compression, and returns whether that was possible. It is
    /// possible once.
    pub(crate) fn prepend(&mut self, plain: &[u8]) -> bool {
        if self.elements.start < HEADROOM || plain.len() > SHORT_LITERAL {
            return false;
        }
        if !plain.is_empty() {
            let literal = HEADROOM - plain.len();
            self.bytes[literal..HEADROOM].copy_from_slice(plain);
            // A literal's tag is two bits 00, and above them the length less one.
            self.bytes[literal - 1] = ((plain.len() - 1) as u8) << 2;
            self.elements.start = literal - 1;
            self.plain_len += plain.len();
        }
        true
    }

    /// Returns the whole block.
    ///
    /// # Errors
    /// Returns an error when its uncompressed length is 4 GiB or more.
    pub(crate) fn into_block(mut self) -> Result<Block, snap::Error> {
        let mut length = [0; MAX_LENGTH_PREFIX];
        let length_len = write_length(checked_len(self.plain_len)?, &mut length);
        let from = self.elements.start - length_len;
        self.bytes[from..self.elements.start].copy_from_slice(&length[..length_len]);
        Ok(Block {
            bytes: self.bytes,
            range: from..self.elements.end,
        })
    }

    /// Returns the memory for another use.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }
}

/// A block, and the memory that contains it.
#[derive(Debug)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    range: Range<usize>,
}

impl Block {
    /// Returns the bytes of the block.
    pub(crate) fn get(&self) -> &[u8] {
        &self.bytes[self.range.clone()]
    }

    /// Returns the memory for another use.
    pub(crate) fn into_buffer(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the block without a copy. Its memory goes back to `buffers` when the last reference is dropped. A block
    /// in memory that the pool would not keep is copied, so that the memory is freed at once.
    pub(crate) fn into_bytes(self, buffers: &Buffers) -> Bytes {
        if !buffers.keeps(&self.bytes) {
            return Bytes::copy_from_slice(self.get());
        }
        Bytes::from_owner(PooledBlock {
            block: self,
            buffers: buffers.clone(),
        })
    }
}

/// A block whose memory is returned to the pool when it is dropped.
struct PooledBlock {
    block: Block,
    buffers: Buffers,
}

impl AsRef<[u8]> for PooledBlock {
    fn as_ref(&self) -> &[u8] {
        self.block.get()
    }
}

impl Drop for PooledBlock {
    fn drop(&mut self) {
        self.buffers
            .give_compressed(std::mem::take(&mut self.block.bytes));
    }
}

/// Returns the length as 32 bits, or an error where it does not fit.
fn checked_len(len: usize) -> Result<u32, snap::Error> {
    u32::try_from(len).map_err(|_| snap::Error::TooBig {
        given: len as u64,
        max: u64::from(u32::MAX),
    })
}

/// Writes the length as a varint and returns the number of bytes written.
fn write_length(len: u32, to: &mut [u8; MAX_LENGTH_PREFIX]) -> usize {
    let (mut rest, mut at) = (len, 0);
    while rest >= 0x80 {
        to[at] = rest as u8 | 0x80;
        rest >>= 7;
        at += 1;
    }
    to[at] = rest as u8;
    at + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(snappy: Snappy) -> Vec<u8> {
        let block = snappy.into_block().unwrap();
        snap::raw::Decoder::new().decompress_vec(block.get()).unwrap()
    }

    #[test]
    fn joined_pieces_equal_the_block_of_the_whole() {
        let text: Vec<u8> = (0..40_000u32)
            .flat_map(|n| format!("line {n} of many\n").into_bytes())
            .collect();
        let mut pieces = Snappy::new(Vec::new());
        for piece in text.chunks(PIECE) {
            pieces.compress(piece, &Buffers::new(0)).unwrap();
        }
        let whole = snap::raw::Encoder::new().compress_vec(&text).unwrap();
        assert_eq!(pieces.into_block().unwrap().get(), whole);
    }

    #[test]
    fn a_large_text_needs_room_for_its_compressed_bytes_and_a_piece() {
        let text = b"a line of many, which are the same\n".repeat(30_000);
        let mut snappy = Snappy::new(Vec::new());
        snappy.compress(&text, &Buffers::new(0)).unwrap();
        let most = snappy.elements.end + snap::raw::max_compress_len(PIECE);
        assert!(
            snappy.bytes.len() <= most,
            "{} bytes, expected at most {most}",
            snappy.bytes.len()
        );
        assert_eq!(decoded(snappy), text);
    }

    #[test]
    fn memory_returns_to_the_pool_with_the_last_reference() {
        let block = |bytes: usize| {
            let mut snappy = Snappy::new(Vec::with_capacity(bytes));
            snappy.compress(b"plain", &Buffers::new(0)).unwrap();
            snappy.into_block().unwrap()
        };
        let buffers = Buffers::new(1000);
        let bytes = block(2000).into_bytes(&buffers);
        let other = bytes.clone();
        drop(bytes);
        assert_eq!(buffers.take_compressed().capacity(), 0);
        drop(other);
        assert_eq!(buffers.take_compressed().capacity(), 2000);
        // The pool would not keep this one, so it is freed at once.
        drop(block(2001).into_bytes(&buffers));
        assert_eq!(buffers.take_compressed().capacity(), 0);
    }

    #[test]
    fn only_a_short_literal_can_be_prepended() {
        let mut snappy = Snappy::new(vec![0xff; 3]);
        snappy.compress(b"world", &Buffers::new(0)).unwrap();
        assert!(!snappy.prepend(&[b'x'; SHORT_LITERAL + 1]));
        assert!(snappy.prepend(&[b'x'; SHORT_LITERAL]));
        assert!(!snappy.prepend(b"again"));
        assert_eq!(decoded(snappy), [&[b'x'; SHORT_LITERAL][..], b"world"].concat());
    }

    proptest! {
        #[test]
        fn a_block_decompresses_to_what_was_added(
            first in prop::collection::vec(any::<u8>(), 0..SHORT_LITERAL),
            pieces in prop::collection::vec(prop::collection::vec(0u8..4, 0..2000), 0..8),
            others in prop::collection::vec(prop::collection::vec(0u8..4, 0..2000), 0..3),
        ) {
            // Bytes that are left in the buffer must not matter.
            let mut snappy = Snappy::new(vec![0xff; 300]);
            for piece in &pieces {
                snappy.compress(piece, &Buffers::new(0)).unwrap();
            }
            let mut other = Snappy::new(Vec::new());
            for piece in &others {
                other.compress(piece, &Buffers::new(0)).unwrap();
            }
            snappy.append(&other);
            snappy.compress(b"end", &Buffers::new(0)).unwrap();
            prop_assert!(snappy.prepend(&first));
            let expected = [first, pieces.concat(), others.concat(), b"end".to_vec()].concat();
            prop_assert_eq!(snappy.plain_len(), expected.len());
            prop_assert_eq!(decoded(snappy), expected);
        }
    }
}
