//! Decoders without I/O: bytes go in and come out in steps.

mod bzip2;
mod gzip;
mod zstd;

use crate::Compression;

/// One step of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// Bytes of the input that are done with.
    pub(crate) consumed: usize,
    /// Whether this part (member, frame, stream) is complete. The next one starts with the next step.
    pub(crate) ended: bool,
}

/// Decodes compressed data of one kind.
#[derive(Debug)]
pub(crate) enum Codec {
    Gzip(gzip::Gzip),
    Zstd(zstd::Zstd),
    Bzip2(bzip2::Bzip2),
}

impl Codec {
    pub(crate) fn new(compression: Compression) -> Result<Self, String> {
        Ok(match compression {
            Compression::Gzip => Self::Gzip(gzip::Gzip::new()),
            Compression::Zstd => Self::Zstd(zstd::Zstd::new()?),
            Compression::Bzip2 => Self::Bzip2(bzip2::Bzip2::new()),
        })
    }

    /// Decodes some of the input into the room that `output` has left.
    ///
    /// # Errors
    /// When the data are corrupt. What was decoded before is in `output`.
    pub(crate) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        match self {
            Self::Gzip(gzip) => gzip.step(input, output),
            Self::Zstd(zstd) => zstd.step(input, output),
            Self::Bzip2(bzip2) => bzip2.step(input, output),
        }
    }
}

/// Bytes between two counts of a decoder. They lie within one input, so the cast loses nothing.
fn counted(before: u64, after: u64) -> usize {
    after.saturating_sub(before) as usize
}
