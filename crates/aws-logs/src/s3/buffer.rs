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
    /// Where the bytes of lines that are held back begin: they stay in the buffer.
    held: Option<usize>,
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
    /// Where the next block is appended. What became lines is dropped first, unless it is held back.
    pub(crate) fn space(&mut self) -> &mut Vec<u8> {
        let cursor = &mut self.cursor;
        let done = cursor.held.unwrap_or(cursor.start);
        self.bytes.drain(..done);
        cursor.gone += done as u64;
        cursor.searched -= done;
        cursor.start -= done;
        cursor.held = cursor.held.map(|_| 0);
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

    /// Holds back what begins there: it stays in the buffer until [`end_hold`](Self::end_hold).
    pub(crate) fn hold(&mut self, from: usize) {
        self.cursor.held = Some(from);
    }

    /// Lets the buffer drop what was held back.
    pub(crate) fn end_hold(&mut self) {
        self.cursor.held = None;
    }

    /// Returns where the bytes that are held back begin.
    pub(crate) fn held_from(&self) -> usize {
        self.cursor.held.unwrap_or(self.cursor.start)
    }

    /// Returns the distance from the first byte that is held back to where the next record can begin.
    pub(crate) fn held_len(&self) -> usize {
        self.cursor.start.saturating_sub(self.held_from())
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

    #[test]
    fn what_is_held_back_stays_until_it_is_released() {
        let mut buffer = Buffer::default();
        buffer.space().extend_from_slice(b"headheldrest");
        let mut unread = buffer.unread();
        unread.skip(4);
        unread.keep(4);
        let line = unread.take();
        unread.hold(line.start);
        buffer.space().extend_from_slice(b"more");
        let mut unread = buffer.unread();
        assert_eq!((unread.held_from(), unread.held_len()), (0, 4));
        assert_eq!(unread.get(0..4), b"held");
        assert_eq!(unread.unseen(), b"restmore");
        assert_eq!(unread.offset(), 8);
        unread.end_hold();
        assert_eq!(buffer.space(), b"restmore");
        assert_eq!(buffer.unread().offset(), 8);
    }
}
