//! The output of the function's processes.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::process::Stdio;

/// A file behind standard output and standard error. Unlike a pipe it contains a line as soon as it is written, so the
/// lines written before a response can be read when the response arrives, in the order of both streams.
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

    /// Returns a handle to write to. All handles share a position in the file, so each appends to the others.
    pub(super) fn end(&self) -> Stdio {
        self.file.try_clone().unwrap().into()
    }

    /// Returns the number of bytes written so far.
    pub(super) fn len(&self) -> u64 {
        self.file.metadata().unwrap().len()
    }

    /// Returns the lines after the first `start` bytes.
    pub(super) fn lines_from(&self, start: u64) -> Vec<String> {
        let mut bytes = vec![0; usize::try_from(self.len() - start).unwrap()];
        // Reads at an offset, since the file's position is shared with the processes that write.
        self.file.read_exact_at(&mut bytes, start).unwrap();
        String::from_utf8_lossy(&bytes)
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }
}
