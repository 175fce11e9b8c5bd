//! gzip and zlib, decoded by zlib-rs.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Step, counted};

/// The largest window of deflate, 32 KiB, as a power of two.
const WINDOW_BITS: u8 = 15;

/// A decoder of gzip members or zlib streams, including their headers and checksums.
#[derive(Debug)]
pub(super) struct Deflate {
    inflate: Decompress,
    ended: bool,
}

impl Deflate {
    pub(super) fn gzip() -> Self {
        Self::with(Decompress::new_gzip(WINDOW_BITS))
    }

    pub(super) fn zlib() -> Self {
        Self::with(Decompress::new(true))
    }

    const fn with(inflate: Decompress) -> Self {
        Self {
            inflate,
            ended: false,
        }
    }

    pub(super) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        if self.ended {
            // With `true`, the decoder expects a header again, of the format it was made for: gzip or zlib.
            self.inflate.reset(true);
            self.ended = false;
        }
        let before = self.inflate.total_in();
        let status = self
            .inflate
            .decompress_vec(input, output, FlushDecompress::None)
            .map_err(|error| reason(error.message()))?;
        self.ended = status == Status::StreamEnd;
        Ok(Step {
            consumed: counted(before, self.inflate.total_in()),
            ended: self.ended,
        })
    }
}

/// Returns the description of a fault of deflate data.
pub(crate) fn reason(message: Option<&str>) -> String {
    match message {
        // zlib-rs reports this when its fast loop meets bad data: it no longer has the reason then.
        None | Some("repeated call with bad state") => "invalid deflate data".to_owned(),
        Some(message) => message.to_owned(),
    }
}
