//! What the processes write.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Stdio;

/// A file behind standard output and standard error. Unlike a pipe it holds a line as soon as it is
/// written, so the lines before an answer are there when the answer is, in the order of both streams.
#[derive(Debug)]
pub(super) struct Logs {
    file: File,
}

impl Logs {
    pub(super) fn new() -> Self {
        Self {
            file: tempfile::tempfile().unwrap(),
        }
    }

    /// An end to write to. All ends share one position, so they append to each other.
    pub(super) fn end(&self) -> Stdio {
        self.file.try_clone().unwrap().into()
    }

    /// Bytes written so far.
    pub(super) fn len(&self) -> u64 {
        self.file.metadata().unwrap().len()
    }

    /// The lines written since it was `start` bytes long.
    pub(super) fn lines_from(&self, start: u64) -> Vec<String> {
        let mut bytes = vec![0; usize::try_from(self.len() - start).unwrap()];
        // Reads at a place, since the position is where the processes write.
        self.file.read_exact_at(&mut bytes, start).unwrap();
        String::from_utf8_lossy(&bytes)
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }
}
