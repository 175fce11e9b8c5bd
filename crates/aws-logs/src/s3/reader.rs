//! An object's bytes become lines.

use loki_push::Timestamp;

use super::buffer::Buffer;
use super::format::Format;
use super::line::{End, Lines, Progress};
use super::{AccessLog, GuessedTimes};

/// Cuts one object into lines, holding no more of it than what was fed since the last line, and the lines before the first
/// time ([`WINDOW`](super::WINDOW) bytes).
///
/// Feed it a block, then take lines until there is none, and so on. What the lines are does not depend
/// on how the bytes are cut into blocks.
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

    /// The same, but a line or record of more than `longest` bytes is an error: it is held in memory as a whole.
    #[must_use]
    pub fn with_longest_line(mut self, longest: usize) -> Self {
        self.progress.longest = longest;
        self
    }

    /// Takes the next block of decompressed bytes.
    pub fn feed(&mut self, block: &[u8]) {
        self.space().extend_from_slice(block);
    }

    /// Where the next block may be appended without a copy. What is there already must stay.
    pub fn space(&mut self) -> &mut Vec<u8> {
        self.buffer.space()
    }

    /// The object was read to its end: a last line without a line break is a line.
    pub fn finish(&mut self) {
        self.progress.end_as(End::Clean);
    }

    /// The rest of the object is broken, and will be whenever it is read: the lines that are complete remain to be taken,
    /// half a line is dropped.
    pub fn abort(&mut self) {
        self.progress.end_as(End::Aborted);
    }

    /// The rest of the object could not be had this time: the lines that are complete remain to be taken, half a line is
    /// dropped. So are lines whose time depends on what follows: with a stand-in for it they would be other entries than
    /// those of the next reading.
    pub fn interrupt(&mut self) {
        self.progress.end_as(End::Interrupted);
    }

    /// Returns how many of the lines that were taken so far had no time of their own.
    pub fn guessed_times(&self) -> GuessedTimes {
        self.progress.times.guessed
    }

    /// The lines that are complete by now.
    pub fn lines(&mut self) -> Lines<'_> {
        Lines::new(self.buffer.unread(), &mut self.progress)
    }
}
