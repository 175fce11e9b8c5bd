//! gzip, block by block.

use flate2::{Decompress, FlushDecompress, Status};

/// Bytes that are inflated at a time: `BLOCK_SIZE` in `aws-clients`.
pub const BLOCK: usize = 64 << 10;
/// As `aws-clients` has it.
const WINDOW_BITS: u8 = 15;

/// Inflates one gzip member, as `Decompressed::append_to` in `aws-clients` does.
#[derive(Debug)]
pub struct Inflate<'a> {
    decompress: Decompress,
    rest: &'a [u8],
    ended: bool,
}

impl<'a> Inflate<'a> {
    /// Nothing is inflated yet.
    pub fn new(gzip: &'a [u8]) -> Self {
        Self {
            decompress: Decompress::new_gzip(WINDOW_BITS),
            rest: gzip,
            ended: false,
        }
    }

    /// Appends what comes next to `to`, as much as it has room for but for [`BLOCK`] bytes at least, and gives the
    /// number of bytes; 0 at the end.
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
