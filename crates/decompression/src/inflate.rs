//! Compressed data that are all there.

use crate::{Codec, Compression};

/// Room that is made where there is none left, at least.
const MORE: usize = 1 << 10;

/// Compressed data that cannot be decoded to their end, or not within the limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InflateError {
    /// They contradict themselves, or there is no memory for a decoder.
    #[error("corrupt {compression} near byte {offset}: {reason}")]
    Corrupt {
        /// The format that they begin as.
        compression: Compression,
        /// Compressed bytes read before.
        offset: usize,
        /// What is wrong.
        reason: String,
    },
    /// They end in the middle.
    #[error("{compression} is cut short: it ends after {len} bytes")]
    CutShort {
        /// The format that they begin as.
        compression: Compression,
        /// Compressed bytes there are.
        len: usize,
    },
    /// Something else comes after complete data.
    #[error("not {compression} after {offset} bytes")]
    Trailing {
        /// The format that they begin as.
        compression: Compression,
        /// Compressed bytes before it.
        offset: usize,
    },
    /// They inflate to more than the limit.
    #[error("inflates to more than {limit} bytes")]
    TooLarge {
        /// The most bytes that are taken.
        limit: usize,
    },
}

/// Decodes all parts (members, frames, streams) of `bytes` into `to`, replacing what it held.
///
/// Zero bytes after the last part are padding, but of zlib, which has one stream and nothing after it. The memory that
/// is used is at most twice the limit, and the decoder's: 48 KB for gzip and zlib, up to 4 MB for bzip2 and up to 32 MiB
/// for zstd.
///
/// # Errors
/// When the bytes are not wholly in that format, or inflate to more than `limit` bytes. `to` then holds a part.
pub fn inflate(
    compression: Compression,
    bytes: &[u8],
    limit: usize,
    to: &mut Vec<u8>,
) -> Result<(), InflateError> {
    to.clear();
    to.reserve_exact(expected_len(compression, bytes).min(limit));
    let corrupt = |rest: &[u8], reason| InflateError::Corrupt {
        compression,
        offset: bytes.len() - rest.len(),
        reason,
    };
    let mut codec = Codec::new(compression).map_err(|reason| corrupt(bytes, reason))?;
    let mut rest = bytes;
    loop {
        if to.len() > limit {
            return Err(InflateError::TooLarge { limit });
        }
        if to.len() == to.capacity() {
            // Twice as much as there is, but never much more than is taken.
            to.reserve_exact(to.len().min(limit - to.len()).max(MORE));
        }
        let filled = to.len();
        let step = codec.step(rest, to).map_err(|reason| corrupt(rest, reason))?;
        rest = rest.get(step.consumed..).unwrap_or_default();
        if step.ended {
            if is_end(compression, rest) {
                break;
            }
            if compression == Compression::Zlib || !compression.starts(rest) {
                return Err(InflateError::Trailing {
                    compression,
                    offset: bytes.len() - rest.len(),
                });
            }
        } else if step.consumed == 0 && to.len() == filled {
            // There is room, so it is bytes that are missing. A decoder that stands still before some would do so for
            // ever.
            return Err(match rest {
                [] => InflateError::CutShort {
                    compression,
                    len: bytes.len(),
                },
                _ => corrupt(rest, "no progress".to_owned()),
            });
        }
    }
    match to.len() > limit {
        true => Err(InflateError::TooLarge { limit }),
        false => Ok(()),
    }
}

/// Returns whether nothing but padding comes after a part.
fn is_end(compression: Compression, rest: &[u8]) -> bool {
    match compression {
        Compression::Zlib => rest.is_empty(),
        _ => rest.iter().all(|byte| *byte == 0),
    }
}

/// Returns the length that a gzip member gives at its end (RFC 1952, ISIZE): room that grows by doubling is copied each
/// time.
fn expected_len(compression: Compression, bytes: &[u8]) -> usize {
    /// Anything may stand there, so no more room than that is made on its word; more comes as it is needed.
    const MOST: usize = 8 << 20;
    /// Deflate makes no more of a byte ("Maximum compression factor", zlib's technical details).
    const MOST_OF_A_BYTE: usize = 1032;
    if compression != Compression::Gzip {
        return 0;
    }
    let said = bytes.last_chunk().map_or(0, |len| u32::from_le_bytes(*len));
    let most = bytes.len().saturating_mul(MOST_OF_A_BYTE).min(MOST);
    usize::try_from(said).map_or(0, |len| len.min(most))
}
