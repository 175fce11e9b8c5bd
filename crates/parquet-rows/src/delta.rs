//! The encoding of integers by their differences (DELTA_BINARY_PACKED, encoding 5 in the Parquet format's
//! "Encodings").

use bytes::Bytes;

use crate::bits;
use crate::fault::{Fault, corrupt, cut_short};
use crate::thrift::Thrift;

/// The largest number of integers in a block that is accepted; writers use 128.
const MOST_IN_BLOCK: u64 = 1 << 16;

/// A reader of integers that are stored as differences.
#[derive(Clone, Debug)]
pub(crate) struct Delta {
    bytes: Bytes,
    /// The position of the next block.
    at: usize,
    in_mini_block: u64,
    mini_blocks: usize,
    /// The number of integers that were not returned yet.
    left: u64,
    value: i64,
    is_first: bool,
    min_delta: i64,
    /// The position of the widths of the mini blocks that follow the present one, and their number.
    widths: (usize, usize),
    width: u32,
    bit: usize,
    left_in_mini_block: u64,
}

impl Delta {
    /// Returns a reader of the integers that begin at `at`, at most `most` of them.
    pub(crate) fn new(bytes: Bytes, at: usize, most: u64) -> Result<Self, Fault> {
        let rest = bytes.get(at..).ok_or_else(|| cut_short("differences"))?;
        let mut header = Thrift::new(rest, 0);
        let block = header.varint()?;
        let mini_blocks = header.varint()?;
        let left = header.varint()?;
        let value = header.int()?;
        let at = at + header.position();
        if !(1..=MOST_IN_BLOCK).contains(&block) || mini_blocks == 0 || !block.is_multiple_of(mini_blocks) {
            return Err(corrupt("differences have impossible blocks"));
        }
        let in_mini_block = block / mini_blocks;
        if !in_mini_block.is_multiple_of(8) {
            return Err(corrupt("differences have impossible blocks"));
        }
        if left > most {
            return Err(corrupt(format!("{left} differences, and only {most} values")));
        }
        Ok(Self {
            bytes,
            at,
            in_mini_block,
            // At most 2^16.
            mini_blocks: mini_blocks as usize,
            left,
            value,
            is_first: true,
            min_delta: 0,
            widths: (0, 0),
            width: 0,
            bit: 0,
            left_in_mini_block: 0,
        })
    }

    /// Returns the next integer.
    pub(crate) fn next(&mut self) -> Result<i64, Fault> {
        self.left = self.left.checked_sub(1).ok_or_else(|| cut_short("differences"))?;
        if std::mem::take(&mut self.is_first) {
            return Ok(self.value);
        }
        if self.left_in_mini_block == 0 {
            self.next_mini_block()?;
        }
        let delta = bits::at(&self.bytes, self.bit, self.width).ok_or_else(|| cut_short("differences"))?;
        self.bit += self.width as usize;
        self.left_in_mini_block -= 1;
        self.value = self
            .value
            .wrapping_add(self.min_delta)
            .wrapping_add(delta.cast_signed());
        Ok(self.value)
    }

    /// Returns the position after the last integer, if none was returned yet. Mini blocks without values have no bytes.
    pub(crate) fn end(&self) -> Result<usize, Fault> {
        let mut ahead = self.clone();
        let mut left = ahead.left.saturating_sub(1);
        while left > 0 {
            ahead.next_mini_block()?;
            left = left.saturating_sub(ahead.in_mini_block);
        }
        Ok(ahead.at)
    }

    fn mini_block_len(&self, width: u32) -> usize {
        // At most 64 times 2^16 bits.
        width as usize * self.in_mini_block as usize / 8
    }

    fn next_mini_block(&mut self) -> Result<(), Fault> {
        if self.widths.1 == 0 {
            let rest = self
                .bytes
                .get(self.at..)
                .ok_or_else(|| cut_short("differences"))?;
            let mut header = Thrift::new(rest, 0);
            self.min_delta = header.int()?;
            let widths = self.at + header.position();
            let end = widths + self.mini_blocks;
            if end > self.bytes.len() {
                return Err(cut_short("differences"));
            }
            self.widths = (widths, self.mini_blocks);
            self.at = end;
        }
        let width = u32::from(self.bytes[self.widths.0]);
        self.widths = (self.widths.0 + 1, self.widths.1 - 1);
        if width > 64 {
            return Err(corrupt(format!("differences have {width} bits, more than 64")));
        }
        self.width = width;
        self.bit = self.at * 8;
        self.left_in_mini_block = self.in_mini_block;
        self.at += self.mini_block_len(width);
        Ok(())
    }
}
