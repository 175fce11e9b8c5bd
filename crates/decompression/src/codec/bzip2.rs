//! bzip2, decoded by libbz2-rs.

use std::fmt;

use bzip2::{Decompress, Status};

use super::{Step, counted};

/// A decoder of bzip2 streams.
pub(super) struct Bzip2 {
    decompress: Decompress,
    ended: bool,
}

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self {
            decompress: decoder(),
            ended: false,
        }
    }

    pub(super) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        if self.ended {
            self.decompress = decoder();
            self.ended = false;
        }
        let before = self.decompress.total_in();
        let status = self
            .decompress
            .decompress_vec(input, output)
            .map_err(|error| error.to_string())?;
        if status == Status::MemNeeded {
            return Err("no memory for a block".to_owned());
        }
        self.ended = status == Status::StreamEnd;
        Ok(Step {
            consumed: counted(before, self.decompress.total_in()),
            ended: self.ended,
        })
    }
}

/// Returns a decoder with the fast algorithm: it needs 3.6 MB for the largest blocks, where the small
/// algorithm needs 2.3 MB and twice the time.
fn decoder() -> Decompress {
    Decompress::new(false)
}

impl fmt::Debug for Bzip2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bzip2")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
