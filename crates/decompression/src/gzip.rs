//! gzip that is completely in memory, decoded without an allocation for each payload.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::codec::{Step, counted, deflate_reason};
use crate::gzip_member::{self, MemberError};

/// A fault of a step.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The input ends within a member.
    CutShort,
    /// The description of what is corrupt.
    Corrupt(String),
}

/// A decoder that uses the same 48 KB of tables and window for one payload after the other.
///
/// The headers and trailers are read here and only the deflate data by flate2, because flate2 1.1.11 resets a
/// gzip decoder by allocating another one, and a deflate decoder in place. With the former, the function's
/// memory grew by 590 bytes for each event instead of 180: the block is aligned, and seldom fits where the
/// previous one was.
#[derive(Debug, Default)]
pub(crate) struct Gzip {
    inflate: Option<Decompress>,
    /// The position in the output at which the current member's data begin, or `None` before its header.
    member: Option<usize>,
}

impl Gzip {
    /// Forgets the payload that was decoded last.
    pub(crate) fn reset(&mut self) {
        self.member = None;
    }

    /// Decodes some of the input, which is the whole rest of the payload, into the free capacity of `output`.
    pub(crate) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, Fault> {
        let inflate = self.inflate.get_or_insert_with(|| Decompress::new(false));
        let mut rest = input;
        let start = match self.member {
            Some(start) => start,
            None => {
                rest = gzip_member::after_header(rest)?;
                inflate.reset(false);
                *self.member.insert(output.len())
            }
        };
        let before = inflate.total_in();
        let status = inflate
            .decompress_vec(rest, output, FlushDecompress::None)
            .map_err(|error| Fault::Corrupt(deflate_reason(error.message())))?;
        let consumed = counted(before, inflate.total_in());
        rest = rest.get(consumed..).unwrap_or_default();
        let ended = status == Status::StreamEnd;
        if ended {
            let mut crc = Crc::new();
            crc.update(output.get(start..).unwrap_or_default());
            rest = gzip_member::after_trailer(rest, crc.sum(), crc.amount())?;
            self.member = None;
        }
        Ok(Step {
            consumed: input.len() - rest.len(),
            ended,
        })
    }
}

impl From<MemberError> for Fault {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::CutShort => Self::CutShort,
            error => Self::Corrupt(error.to_string()),
        }
    }
}
