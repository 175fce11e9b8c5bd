//! gzip, by zlib-rs.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Step, counted};

/// The largest window of deflate, 32 KiB, as a power of two.
const WINDOW_BITS: u8 = 15;

/// Decodes members; header and checksum are zlib's work.
#[derive(Debug)]
pub(crate) struct Gzip {
    inflate: Decompress,
    ended: bool,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self {
            inflate: Decompress::new_gzip(WINDOW_BITS),
            ended: false,
        }
    }

    pub(crate) fn step(&mut self, input: &[u8], output: &mut Vec<u8>) -> Result<Step, String> {
        if self.ended {
            // Keeps to gzip: asked for "a header", a gzip decoder starts over as what it was made.
            self.inflate.reset(true);
            self.ended = false;
        }
        let before = self.inflate.total_in();
        let status = self
            .inflate
            .decompress_vec(input, output, FlushDecompress::None)
            .map_err(|error| words(error.message()))?;
        self.ended = status == Status::StreamEnd;
        Ok(Step {
            consumed: counted(before, self.inflate.total_in()),
            ended: self.ended,
        })
    }
}

fn words(message: Option<&str>) -> String {
    match message {
        // What zlib-rs says when its fast loop meets bad data: it has lost the reason by then.
        None | Some("repeated call with bad state") => "invalid deflate data".to_owned(),
        Some(message) => message.to_owned(),
    }
}
