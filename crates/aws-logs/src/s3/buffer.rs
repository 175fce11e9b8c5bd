//! The part of an object that is not cut into lines yet.

use std::ops::Range;

/// Above this, memory that one long line needed is given back.
const KEPT_CAPACITY: usize = 1 << 20;

/// Bytes that come in blocks and leave as lines.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    cursor: Cursor,
}

/// How far the bytes were read.
///
/// `start..searched` was looked at and may become a line, what follows was not looked at yet; so a
/// line of any length is searched once, however many blocks it comes in.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    start: usize,
    searched: usize,
    /// How many bytes of the object came before those in the buffer.
    gone: u64,
}

/// The bytes of a buffer, to be cut into lines.
#[derive(Debug)]
pub(crate) struct Unread<'a> {
    bytes: &'a [u8],
    cursor: &'a mut Cursor,
}

impl Buffer {
    /// Where the next block is appended. What became lines is dropped first.
    pub(crate) fn space(&mut self) -> &mut Vec<u8> {
        let cursor = &mut self.cursor;
        self.bytes.drain(..cursor.start);
        cursor.gone += cursor.start as u64;
        cursor.searched -= cursor.start;
        cursor.start = 0;
        if self.bytes.capacity() > KEPT_CAPACITY && self.bytes.len() < KEPT_CAPACITY / 2 {
            self.bytes.shrink_to(KEPT_CAPACITY);
        }
        &mut self.bytes
    }

    /// What is in it.
    pub(crate) fn unread(&mut self) -> Unread<'_> {
        Unread {
            bytes: &self.bytes,
            cursor: &mut self.cursor,
        }
    }
}

impl<'a> Unread<'a> {
    /// All bytes, those that became lines included.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// What was not looked at yet.
    pub(crate) fn unseen(&self) -> &'a [u8] {
        self.bytes.get(self.cursor.searched..).unwrap_or_default()
    }

    /// The bytes of a line that [`take`](Self::take) gave.
    pub(crate) fn get(&self, line: Range<usize>) -> &'a [u8] {
        self.bytes.get(line).unwrap_or_default()
    }

    /// The next bytes belong to a line.
    pub(crate) fn keep(&mut self, len: usize) {
        self.cursor.searched = (self.cursor.searched + len).min(self.bytes.len());
    }

    /// The next bytes do not, and neither do those kept so far.
    pub(crate) fn skip(&mut self, len: usize) {
        self.keep(len);
        self.cursor.start = self.cursor.searched;
    }

    /// The bytes kept so far are a line.
    pub(crate) fn take(&mut self) -> Range<usize> {
        let line = self.cursor.start..self.cursor.searched;
        self.cursor.start = self.cursor.searched;
        line
    }

    /// Whether bytes were kept.
    pub(crate) fn has_kept(&self) -> bool {
        self.kept_len() > 0
    }

    /// Returns the number of bytes that were kept.
    pub(crate) fn kept_len(&self) -> usize {
        self.cursor.searched.saturating_sub(self.cursor.start)
    }

    /// How many bytes of the object were looked at.
    pub(crate) fn offset(&self) -> u64 {
        self.cursor.gone + self.cursor.searched as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_long_line_is_given_back() {
        let mut buffer = Buffer::default();
        for _ in 0..64 {
            buffer.space().extend_from_slice(&[b'x'; 1 << 17]);
        }
        let mut unread = buffer.unread();
        unread.keep(unread.unseen().len());
        assert_eq!(unread.take(), 0..8 << 20);
        assert!(buffer.space().capacity() <= KEPT_CAPACITY);
        assert_eq!(buffer.unread().offset(), 8 << 20);
    }
}
