//! gzip that is all there.

use flate2::{Crc, Decompress, DecompressError, FlushDecompress, Status};

use super::gzip_member::{self, MemberError};

/// Room that is made where there is none left. Where the length was known, it is for the end to be seen.
const MORE: usize = 1 << 10;

/// Bytes that are not gzip.
#[derive(Debug, thiserror::Error)]
pub enum GzipError {
    /// They are something else, or were changed.
    #[error(transparent)]
    Corrupt(#[from] DecompressError),
    /// The header or the trailer of a member is wrong.
    #[error(transparent)]
    Member(MemberError),
    /// The bytes end within a member.
    #[error("{0} bytes, and no end")]
    CutShort(usize),
    /// The bytes inflate to more than the limit.
    #[error("more than is taken")]
    TooLarge,
}

/// Inflates one payload after the other, with the same 48 KB of tables and window.
///
/// flate2 1.1.11 resets a decoder of gzip by making another, and one of deflate by starting over. With the first, memory grew
/// by 590 bytes for each event in place of 180: its block is aligned, and seldom fits where the one before it was.
#[derive(Debug, Default)]
pub(super) struct Gunzip {
    inflate: Option<Decompress>,
}

impl Gunzip {
    /// Appends what the members of `gzip` hold, of which there is at least one, until `to` has more than `limit` bytes.
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
                // With room left, it is bytes that are missing. A decoder that stands still before some would do so
                // for ever.
                if to.len() < to.capacity() && (rest.is_empty() || now == before) {
                    return Err(GzipError::CutShort(gzip.len()));
                }
                if to.len() > limit {
                    return Err(GzipError::TooLarge);
                }
                before = now;
                // Twice as much as there is, but never much more than is taken.
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

/// Goes on until the member's data end, or bytes or room do.
fn data_ends(inflate: &mut Decompress, rest: &mut &[u8], to: &mut Vec<u8>) -> Result<bool, GzipError> {
    let before = inflate.total_in();
    let status = inflate.decompress_vec(rest, to, FlushDecompress::None)?;
    // They lie within one slice, so the cast loses nothing.
    let consumed = (inflate.total_in() - before) as usize;
    *rest = rest.get(consumed..).unwrap_or_default();
    Ok(status == Status::StreamEnd)
}
