//! Decompression of data that are completely in memory.

use crate::codec::Step;
use crate::gzip::{Fault, Gzip};
use crate::{Codec, Compression};

/// The least room, in bytes, that is added when the output is full.
const MORE: usize = 1 << 10;

/// A reason why compressed data cannot be decoded completely, or not within the limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// The data are corrupt, or there is not enough memory for a decoder.
    #[error("corrupt {compression} near byte {offset}: {reason}")]
    Corrupt {
        /// The format that the data begin with.
        compression: Compression,
        /// The number of compressed bytes before the fault.
        offset: usize,
        /// The description of the fault.
        reason: String,
    },
    /// The data end in the middle of a part.
    #[error("{compression} is cut short: it ends after {len} bytes")]
    CutShort {
        /// The format that the data begin with.
        compression: Compression,
        /// The length of the compressed data, in bytes.
        len: usize,
    },
    /// Other bytes follow the complete compressed data.
    #[error("not {compression} after {offset} bytes")]
    Trailing {
        /// The format that the data begin with.
        compression: Compression,
        /// The number of compressed bytes before the other bytes.
        offset: usize,
    },
    /// The data inflate to more than the limit.
    #[error("inflates to more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
}

/// Decodes all parts (members, frames, streams) of `bytes` into `to`, replacing its contents.
///
/// Zero bytes after the last part are accepted as padding, except for zlib, which has one stream and nothing
/// after it. The memory used is at most twice the limit plus that of the decoder: 48 KB for gzip and zlib, up
/// to 4 MB for bzip2 and up to 32 MiB for zstd.
///
/// # Errors
/// Returns an error if the bytes are not completely in that format, or inflate to more than `limit` bytes.
/// `to` then holds a part of the decoded bytes.
pub fn inflate(
    compression: Compression,
    bytes: &[u8],
    limit: usize,
    to: &mut Vec<u8>,
) -> Result<(), InflateError> {
    Inflater::default().inflate(compression, bytes, limit, to)
}

/// A decoder of one payload after the other, which reuses the memory of gzip's decoder.
#[derive(Debug, Default)]
pub struct Inflater {
    gzip: Gzip,
    no_padding: bool,
}

/// The decoder of one payload.
enum Decoder<'a> {
    Gzip(&'a mut Gzip),
    Codec(Codec),
}

impl Inflater {
    /// Returns a decoder for which zero bytes after the last part are an error, not padding.
    pub fn without_padding() -> Self {
        Self {
            no_padding: true,
            ..Self::default()
        }
    }

    /// Decodes a payload as [`inflate()`] does.
    ///
    /// # Errors
    /// Returns an error as [`inflate()`] does.
    pub fn inflate(
        &mut self,
        compression: Compression,
        bytes: &[u8],
        limit: usize,
        to: &mut Vec<u8>,
    ) -> Result<(), InflateError> {
        to.clear();
        to.reserve_exact(expected_len(compression, bytes).min(limit));
        let fault = |rest: &[u8], fault| match fault {
            Fault::CutShort => InflateError::CutShort {
                compression,
                len: bytes.len(),
            },
            Fault::Corrupt(reason) => InflateError::Corrupt {
                compression,
                offset: bytes.len() - rest.len(),
                reason,
            },
        };
        let no_padding = self.no_padding;
        let mut decoder = self.decoder(compression).map_err(|error| fault(bytes, error))?;
        let mut rest = bytes;
        loop {
            if to.len() > limit {
                return Err(InflateError::TooLarge { limit });
            }
            if to.len() == to.capacity() {
                // Doubles the room, but never reserves much more than the limit.
                to.reserve_exact(to.len().min(limit - to.len()).max(MORE));
            }
            let filled = to.len();
            let step = decoder.step(rest, to).map_err(|error| fault(rest, error))?;
            rest = rest.get(step.consumed..).unwrap_or_default();
            if step.ended {
                if rest.is_empty() || (!no_padding && is_padding(compression, rest)) {
                    break;
                }
                if compression == Compression::Zlib || !compression.starts(rest) {
                    return Err(InflateError::Trailing {
                        compression,
                        offset: bytes.len() - rest.len(),
                    });
                }
            } else if step.consumed == 0 && to.len() == filled {
                // The output has room, so the input is incomplete. A decoder that makes no progress on the
                // remaining input would otherwise be called forever.
                return Err(match rest {
                    [] => fault(rest, Fault::CutShort),
                    _ => fault(rest, Fault::Corrupt("no progress".to_owned())),
                });
            }
        }
        match to.len() > limit {
            true => Err(InflateError::TooLarge { limit }),
            false => Ok(()),
        }
    }

    fn decoder(&mut self, compression: Compression) -> Result<Decoder<'_>, Fault> {
        Ok(match compression {
            Compression::Gzip => {
                self.gzip.reset();
                Decoder::Gzip(&mut self.gzip)
            }
            Compression::Zstd | Compression::Bzip2 | Compression::Zlib => {
                Decoder::Codec(Codec::new(compression).map_err(Fault::Corrupt)?)
            }
        })
    }
}

impl Decoder<'_> {
    fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, Fault> {
        match self {
            Self::Gzip(gzip) => gzip.step(input, output),
            Self::Codec(codec) => codec.step(input, output).map_err(Fault::Corrupt),
        }
    }
}

/// Returns whether the bytes after a part are only padding.
fn is_padding(compression: Compression, rest: &[u8]) -> bool {
    compression != Compression::Zlib && rest.iter().all(|byte| *byte == 0)
}

/// Returns the length stated at the end of a gzip member (RFC 1952, ISIZE). Reserving it at once avoids the
/// copies of a buffer that grows by doubling.
fn expected_len(compression: Compression, bytes: &[u8]) -> usize {
    /// The most bytes that are reserved because of the stated length, which may be wrong. More is added as it
    /// is needed.
    const MOST: usize = 8 << 20;
    /// The largest ratio that deflate can reach ("Maximum compression factor", zlib's technical details).
    const MOST_OF_A_BYTE: usize = 1032;
    if compression != Compression::Gzip {
        return 0;
    }
    let said = bytes.last_chunk().map_or(0, |len| u32::from_le_bytes(*len));
    let most = bytes.len().saturating_mul(MOST_OF_A_BYTE).min(MOST);
    usize::try_from(said).map_or(0, |len| len.min(most))
}
