//! Decompression of gzip data that are completely in memory.

use flate2::{Crc, Decompress, DecompressError, FlushDecompress, Status};

use super::gzip_member::{self, MemberError};

/// The least room, in bytes, that is added when the output is full. If the length was known in advance, it is
/// only needed to detect the end.
const MORE: usize = 1 << 10;

/// An error of data that cannot be inflated.
#[derive(Debug, thiserror::Error)]
pub enum GzipError {
    /// The data are not deflate data, or were changed.
    #[error(transparent)]
    Corrupt(#[from] DecompressError),
    /// The header or trailer of a member is wrong.
    #[error(transparent)]
    Member(MemberError),
    /// The bytes end within a member.
    #[error("{0} bytes, and no end")]
    CutShort(usize),
    /// The bytes inflate to more than the limit.
    #[error("more than is taken")]
    TooLarge,
}

/// A decoder that inflates one payload after the other with the same 48 KB of tables and window.
///
/// flate2 1.1.11 resets a gzip decoder by allocating another one, and a deflate decoder in place. With the
/// former, memory grew by 590 bytes for each event instead of 180: its block is aligned, and seldom fits
/// where the previous one was.
#[derive(Debug, Default)]
pub(super) struct Gunzip {
    inflate: Option<Decompress>,
}

impl Gunzip {
    /// Appends the inflated contents of the members of `gzip`, at least one, until `to` has more than `limit`
    /// bytes.
    pub(super) fn append(&mut self, gzip: &[u8], limit: usize, to: &mut Vec<u8>) -> Result<(), GzipError> {
        let member_error = |error| match error {
            MemberError::CutShort => GzipError::CutShort(gzip.len()),
            error => GzipError::Member(error),
        };
        let inflate = self.inflate.get_or_insert_with(|| Decompress::new(false));
        let mut rest = gzip;
        loop {
            rest = gzip_member::after_header(rest).map_err(member_error)?;
            inflate.reset(false);
            let start = to.len();
            let mut before = (rest.len(), to.len());
            while !data_ends(inflate, &mut rest, to)? {
                let now = (rest.len(), to.len());
                // The output has room, so the input is incomplete. A decoder that makes no progress on the
                // remaining input would otherwise be called forever.
                if to.len() < to.capacity() && (rest.is_empty() || now == before) {
                    return Err(GzipError::CutShort(gzip.len()));
                }
                if to.len() > limit {
                    return Err(GzipError::TooLarge);
                }
                before = now;
                // Doubles the room, but never reserves much more than the limit.
                to.reserve_exact(to.len().min(limit - to.len()).max(MORE));
            }
            if to.len() > limit {
                return Err(GzipError::TooLarge);
            }
            let mut crc = Crc::new();
            crc.update(&to[start..]);
            rest = gzip_member::after_trailer(rest, crc.sum(), crc.amount()).map_err(member_error)?;
            if rest.is_empty() {
                return Ok(());
            }
        }
    }
}

/// Inflates until the member's data, the input or the room end. Returns whether the data ended.
fn data_ends(inflate: &mut Decompress, rest: &mut &[u8], to: &mut Vec<u8>) -> Result<bool, GzipError> {
    let before = inflate.total_in();
    let status = inflate.decompress_vec(rest, to, FlushDecompress::None)?;
    // Both counts lie within one slice, so the cast is lossless.
    let consumed = (inflate.total_in() - before) as usize;
    *rest = rest.get(consumed..).unwrap_or_default();
    Ok(status == Status::StreamEnd)
}
