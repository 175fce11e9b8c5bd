//! The floor: the least work that the same bytes can cost.

use crate::{BLOCK, Inflate};

/// A loop that inflates gzip data and compresses the result, and does nothing else. It reuses its buffers.
#[derive(Debug)]
pub struct Floor {
    batch: usize,
    plain: Vec<u8>,
    compressed: Vec<u8>,
}

impl Floor {
    /// Creates a floor that compresses about this many bytes at a time.
    pub fn new(batch: usize) -> Self {
        Self {
            batch,
            plain: Vec::with_capacity(batch + BLOCK),
            compressed: vec![0; snap::raw::max_compress_len(batch + 2 * BLOCK)],
        }
    }

    /// Inflates and compresses the data, and returns the number of compressed bytes.
    pub fn inflate_and_compress(&mut self, gzip: &[u8]) -> usize {
        let mut inflate = Inflate::new(gzip);
        let mut snappy = snap::raw::Encoder::new();
        let mut compressed = 0;
        loop {
            let bytes = inflate.append_to(&mut self.plain);
            if self.plain.len() >= self.batch || bytes == 0 {
                compressed += snappy.compress(&self.plain, &mut self.compressed).unwrap();
                self.plain.clear();
            }
            if bytes == 0 {
                return compressed;
            }
        }
    }
}
