//! zstd, decoded by the reference library.

use std::fmt;

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use super::Step;

/// The largest window that is accepted, as a power of two: 32 MiB. RFC 8878 recommends 8 MiB, and `zstd
/// --ultra -20` needs 32 MiB. The format allows terabytes, so without a limit the sender would decide how
/// much memory the function needs.
const WINDOW_LOG_MAX: u32 = 25;
/// The number of bytes from which a frame's header size is read, which the library asks for first.
const FIRST: usize = 5;

/// A decoder of zstd frames.
pub(super) struct Zstd {
    context: DCtx<'static>,
    /// The number of bytes the library asks for next: the rest of one block and the header of the block after
    /// it.
    wanted: usize,
    /// Whether there may be decoded bytes for which the output had no room.
    pending: bool,
}

impl Zstd {
    pub(super) fn new() -> Result<Self, String> {
        let mut context = DCtx::try_create().ok_or("no memory for a decoder")?;
        context
            .set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))
            .map_err(reason)?;
        Ok(Self {
            context,
            wanted: FIRST,
            pending: false,
        })
    }

    /// Decodes at most one block. The library discards what it decoded in a call that fails, so a call must
    /// not contain both a good block and a bad one.
    pub(super) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        if self.pending {
            let filled = output.len();
            let step = self.decode(&[], output)?;
            if step.ended || output.len() > filled {
                return Ok(step);
            }
        }
        let take = self.wanted.min(input.len());
        self.decode(input.get(..take).unwrap_or_default(), output)
    }

    fn decode(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        let (filled, room) = (output.len(), output.capacity());
        let mut input = InBuffer::around(input);
        let mut output = OutBuffer::around_pos(output, filled);
        let wanted = self
            .context
            .decompress_stream(&mut output, &mut input)
            .map_err(reason)?;
        let ended = wanted == 0;
        self.pending = !ended && output.pos() == room;
        self.wanted = if ended { FIRST } else { wanted };
        Ok(Step {
            consumed: input.pos(),
            ended,
        })
    }
}

fn reason(code: usize) -> String {
    get_error_name(code).to_owned()
}

impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd")
            .field("wanted", &self.wanted)
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}
