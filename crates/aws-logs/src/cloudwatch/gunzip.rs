//! gzip that is all there.

use flate2::{Decompress, DecompressError, FlushDecompress, Status};

/// The largest window of deflate, 32 KiB, as a power of two.
const WINDOW_BITS: u8 = 15;
/// Room that is made where there is none left. Where the length was known, it is for the end to be seen.
const MORE: usize = 1 << 10;

/// Bytes that are not gzip.
#[derive(Debug, thiserror::Error)]
pub enum GzipError {
    /// They are something else, or were changed.
    #[error(transparent)]
    Corrupt(#[from] DecompressError),
    /// They end before a member does.
    #[error("{0} bytes, and no end")]
    CutShort(usize),
    /// They inflate to more than is taken.
    #[error("more than is taken")]
    TooLarge,
}

/// Inflates one payload after the other, with the same 40 KB of tables and window.
#[derive(Debug, Default)]
pub(super) struct Gunzip {
    inflate: Option<Decompress>,
}

impl Gunzip {
    /// Appends what the members of `gzip` hold, of which there is at least one, until `to` has more than `limit` bytes.
    pub(super) fn append(&mut self, gzip: &[u8], limit: usize, to: &mut Vec<u8>) -> Result<(), GzipError> {
        let inflate = self
            .inflate
            .get_or_insert_with(|| Decompress::new_gzip(WINDOW_BITS));
        let mut rest = gzip;
        loop {
            // Keeps to gzip: asked for "a header", a gzip decoder starts over as what it was made.
            inflate.reset(true);
            let mut before = (rest.len(), to.len());
            while !member_ends(inflate, &mut rest, to)? {
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
            if rest.is_empty() {
                return Ok(());
            }
        }
    }
}

/// Goes on until the member ends, or bytes or room do.
fn member_ends(inflate: &mut Decompress, rest: &mut &[u8], to: &mut Vec<u8>) -> Result<bool, GzipError> {
    let before = inflate.total_in();
    let status = inflate.decompress_vec(rest, to, FlushDecompress::None)?;
    // They lie within one slice, so the cast loses nothing.
    let consumed = (inflate.total_in() - before) as usize;
    *rest = rest.get(consumed..).unwrap_or_default();
    Ok(status == Status::StreamEnd)
}
