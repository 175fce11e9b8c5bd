//! The decompression of gzip, block by block.

use flate2::{Decompress, FlushDecompress, Status};

/// The number of bytes that are inflated at a time, equal to `BLOCK_SIZE` in `ingest`.
pub const BLOCK: usize = 64 << 10;
/// The size of the window as a power of two, as in `decompression`.
const WINDOW_BITS: u8 = 15;

/// A decoder of one gzip member that works as `Decompressed::append_to` in `ingest`.
#[derive(Debug)]
pub struct Inflate<'a> {
    decompress: Decompress,
    rest: &'a [u8],
    ended: bool,
}

impl<'a> Inflate<'a> {
    /// Creates a decoder.
    pub fn new(gzip: &'a [u8]) -> Self {
        Self {
            decompress: Decompress::new_gzip(WINDOW_BITS),
            rest: gzip,
            ended: false,
        }
    }

    /// Appends the next bytes to `to`, as many as fit in its capacity, for which at least [`BLOCK`] bytes are reserved.
    /// Returns the number of bytes; 0 at the end.
    pub fn append_to(&mut self, to: &mut Vec<u8>) -> usize {
        to.reserve(BLOCK);
        let filled = to.len();
        while !self.ended && to.len() < to.capacity() {
            let (before, had) = (self.decompress.total_in(), to.len());
            let status = self
                .decompress
                .decompress_vec(self.rest, to, FlushDecompress::None)
                .unwrap();
            let consumed = (self.decompress.total_in() - before) as usize;
            self.rest = &self.rest[consumed..];
            self.ended = status == Status::StreamEnd;
            let stands_still = consumed == 0 && to.len() == had && !self.ended;
            assert!(!stands_still, "the gzip member is cut short");
        }
        to.len() - filled
    }
}
