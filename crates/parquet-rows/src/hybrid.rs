//! The run-length and bit-packed encoding of levels, dictionary indexes and booleans ("RLE / Bit-Packing Hybrid",
//! encoding 3 in the Parquet format's "Encodings").

use bytes::Bytes;

use crate::bits;
use crate::fault::{Fault, corrupt, cut_short};
use crate::thrift::Thrift;

/// A reader of small unsigned integers.
#[derive(Clone, Debug)]
pub(crate) struct Hybrid {
    bytes: Bytes,
    at: usize,
    /// The number of bits of an integer, at most 32.
    width: u32,
    run: Run,
}

#[derive(Clone, Copy, Debug)]
enum Run {
    Repeated { value: u32, left: u64 },
    Packed { bit: usize, left: u64 },
}

impl Hybrid {
    /// Returns a reader of integers with `width` bits.
    pub(crate) fn new(bytes: Bytes, width: u32) -> Result<Self, Fault> {
        if width > 32 {
            return Err(corrupt(format!("integers have {width} bits, more than 32")));
        }
        // No bits are needed for the only possible value.
        let left = if width == 0 { u64::MAX } else { 0 };
        Ok(Self {
            bytes,
            at: 0,
            width,
            run: Run::Repeated { value: 0, left },
        })
    }

    /// Returns the next integer.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<u32, Fault> {
        loop {
            match &mut self.run {
                Run::Repeated { value, left } if *left > 0 => {
                    *left -= 1;
                    return Ok(*value);
                }
                Run::Packed { bit, left } if *left > 0 => {
                    let value = bits::at(&self.bytes, *bit, self.width)
                        .ok_or_else(|| cut_short("bit-packed integers"))?;
                    *left -= 1;
                    *bit += self.width as usize;
                    // At most 32 bits.
                    return Ok(value as u32);
                }
                _ => self.next_run()?,
            }
        }
    }

    /// Returns how many of the next `count` integers are zero.
    pub(crate) fn count_zeros(&self, count: u64) -> Result<u64, Fault> {
        let mut ahead = self.clone();
        let (mut zeros, mut seen) = (0, 0);
        while seen < count {
            let value = ahead.next()?;
            let mut same = 1;
            if let Run::Repeated { left, .. } = &mut ahead.run {
                let more = (*left).min(count - seen - 1);
                *left -= more;
                same += more;
            }
            seen += same;
            if value == 0 {
                zeros += same;
            }
        }
        Ok(zeros)
    }

    #[cold]
    fn next_run(&mut self) -> Result<(), Fault> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let mut header = Thrift::new(rest, 0);
        let indicator = header.varint().map_err(|_| cut_short("runs of integers"))?;
        self.at += header.position();
        let count = indicator >> 1;
        if count == 0 {
            return Err(corrupt("a run of integers is empty"));
        }
        if indicator & 1 == 0 {
            let len = self.width.div_ceil(8) as usize;
            let value = self
                .bytes
                .get(self.at..self.at + len)
                .ok_or_else(|| cut_short("runs of integers"))?;
            let mut little = [0; 4];
            little[..len].copy_from_slice(value);
            let value = u32::from_le_bytes(little);
            if u64::from(value) >> self.width != 0 {
                return Err(corrupt("a repeated integer has too many bits"));
            }
            self.at += len;
            self.run = Run::Repeated { value, left: count };
            return Ok(());
        }
        // Groups of eight; the last one may be cut off.
        let bit = self
            .at
            .checked_mul(8)
            .ok_or_else(|| corrupt("a run is too long"))?;
        let bytes = count.saturating_mul(u64::from(self.width));
        let len = usize::try_from(bytes)
            .unwrap_or(usize::MAX)
            .min(self.bytes.len() - self.at);
        self.at += len;
        self.run = Run::Packed {
            bit,
            left: count.saturating_mul(8),
        };
        Ok(())
    }
}
