//! The conversion of an object's bytes into lines.

use loki_push::Timestamp;

use super::buffer::Buffer;
use super::format::Format;
use super::line::{End, Lines, Progress};
use super::{AccessLog, GuessedTimes};

/// A reader that cuts one object into lines. It holds only the bytes fed since the last line, and the lines
/// before the first time ([`WINDOW`](super::WINDOW) bytes).
///
/// Feed it a block, take lines until there are none left, and repeat. The lines do not depend on how the
/// bytes are cut into blocks.
#[derive(Debug)]
pub struct ObjectReader {
    buffer: Buffer,
    progress: Progress,
}

impl ObjectReader {
    pub(crate) fn new(format: Format, access_log: Option<AccessLog>, last_modified: Timestamp) -> Self {
        Self {
            buffer: Buffer::default(),
            progress: Progress::new(format, access_log, last_modified),
        }
    }

    /// Sets the length, in bytes, above which a line or record is an error. Each is held in memory as a
    /// whole.
    #[must_use]
    pub fn with_longest_line(mut self, longest: usize) -> Self {
        self.progress.longest = longest;
        self
    }

    /// Appends the next block of decompressed bytes.
    pub fn feed(&mut self, block: &[u8]) {
        self.space().extend_from_slice(block);
    }

    /// Returns the buffer to which the next block may be appended without a copy. Its contents must not be
    /// changed.
    pub fn space(&mut self) -> &mut Vec<u8> {
        self.buffer.space()
    }

    /// Ends the object: a last line without a line break is a line.
    pub fn finish(&mut self) {
        self.progress.end_as(End::Clean);
    }

    /// Ends the object because the rest of it is broken, and will be so at every reading. Complete lines can
    /// still be taken; an incomplete line is dropped.
    pub fn abort(&mut self) {
        self.progress.end_as(End::Aborted);
    }

    /// Ends the reading because the rest of the object could not be read this time. Complete lines can still
    /// be taken; an incomplete line is dropped. Lines whose time depends on the missing rest are dropped too:
    /// with a substitute time they would be different entries from those of the next reading.
    pub fn interrupt(&mut self) {
        self.progress.end_as(End::Interrupted);
    }

    /// Returns the number of lines, of those taken so far, that had no time of their own.
    pub fn guessed_times(&self) -> GuessedTimes {
        self.progress.times.guessed
    }

    /// Returns the lines that are complete so far.
    pub fn lines(&mut self) -> Lines<'_> {
        Lines::new(self.buffer.unread(), &mut self.progress)
    }
}
