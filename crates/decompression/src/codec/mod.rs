//! Decoders without I/O: each step takes compressed bytes and returns decoded ones.

mod bzip2;
mod deflate;
mod zstd;

use crate::Compression;
pub(crate) use deflate::reason as deflate_reason;

/// The result of one step of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of input bytes that were used.
    pub consumed: usize,
    /// Whether this part (member, frame, stream) is complete. The next step begins the next part.
    pub ended: bool,
}

/// A decoder of one compressed format.
#[derive(Debug)]
pub struct Codec(Format);

#[derive(Debug)]
enum Format {
    Deflate(deflate::Deflate),
    Zstd(zstd::Zstd),
    Bzip2(bzip2::Bzip2),
}

impl Codec {
    /// Returns a decoder of this format.
    ///
    /// # Errors
    /// Returns an error if there is not enough memory for it.
    pub fn new(compression: Compression) -> Result<Self, String> {
        Ok(Self(match compression {
            Compression::Gzip => Format::Deflate(deflate::Deflate::gzip()),
            Compression::Zlib => Format::Deflate(deflate::Deflate::zlib()),
            Compression::Zstd => Format::Zstd(zstd::Zstd::new()?),
            Compression::Bzip2 => Format::Bzip2(bzip2::Bzip2::new()),
        }))
    }

    /// Decodes some of the input into the free capacity of `output`.
    ///
    /// # Errors
    /// Returns an error if the data are corrupt. What was decoded before is in `output`.
    pub fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        match &mut self.0 {
            Format::Deflate(deflate) => deflate.step(input, output),
            Format::Zstd(zstd) => zstd.step(input, output),
            Format::Bzip2(bzip2) => bzip2.step(input, output),
        }
    }
}

/// Returns the number of bytes between two readings of a decoder's counter. They lie within one input, so the
/// cast is lossless.
pub(crate) fn counted(before: u64, after: u64) -> usize {
    after.saturating_sub(before) as usize
}
