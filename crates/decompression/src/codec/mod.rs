//! Decoders without I/O: bytes go in and come out in steps.

mod bzip2;
mod deflate;
mod zstd;

use crate::Compression;

/// One step of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes of the input that are done with.
    pub consumed: usize,
    /// Whether this part (member, frame, stream) is complete. The next one starts with the next step.
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
    /// When there is no memory for it.
    pub fn new(compression: Compression) -> Result<Self, String> {
        Ok(Self(match compression {
            Compression::Gzip => Format::Deflate(deflate::Deflate::gzip()),
            Compression::Zlib => Format::Deflate(deflate::Deflate::zlib()),
            Compression::Zstd => Format::Zstd(zstd::Zstd::new()?),
            Compression::Bzip2 => Format::Bzip2(bzip2::Bzip2::new()),
        }))
    }

    /// Decodes some of the input into the room that `output` has left.
    ///
    /// # Errors
    /// When the data are corrupt. What was decoded before is in `output`.
    pub fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        match &mut self.0 {
            Format::Deflate(deflate) => deflate.step(input, output),
            Format::Zstd(zstd) => zstd.step(input, output),
            Format::Bzip2(bzip2) => bzip2.step(input, output),
        }
    }
}

/// Bytes between two counts of a decoder. They lie within one input, so the cast loses nothing.
fn counted(before: u64, after: u64) -> usize {
    after.saturating_sub(before) as usize
}
