//! The part of an object that has not been cut into lines yet.

use std::ops::Range;

/// The largest capacity, in bytes, that is kept after a long line.
const KEPT_CAPACITY: usize = 1 << 20;

/// A buffer that is filled with blocks and emptied by lines.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    cursor: Cursor,
}

/// The position in the bytes of a buffer.
///
/// `start..searched` was searched and may become a line; the bytes after it were not searched yet. So a line
/// of any length is searched once, however many blocks it arrives in.
#[derive(Debug, Default)]
pub(crate) struct Cursor {
    start: usize,
    searched: usize,
    /// The position from which lines are held back, which stay in the buffer.
    held: Option<usize>,
    /// The number of the object's bytes before those in the buffer.
    gone: u64,
}

/// The bytes of a buffer that are to be cut into lines.
#[derive(Debug)]
pub(crate) struct Unread<'a> {
    bytes: &'a [u8],
    cursor: &'a mut Cursor,
}

impl Buffer {
    /// Returns the buffer to which the next block is appended. Bytes that became lines are dropped first,
    /// unless they are held back.
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

    /// Returns the unread contents.
    pub(crate) fn unread(&mut self) -> Unread<'_> {
        Unread {
            bytes: &self.bytes,
            cursor: &mut self.cursor,
        }
    }
}

impl<'a> Unread<'a> {
    /// Returns all bytes, including those that became lines.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the bytes that were not searched yet.
    pub(crate) fn unseen(&self) -> &'a [u8] {
        self.bytes.get(self.cursor.searched..).unwrap_or_default()
    }

    /// Returns the bytes of a line that [`take`](Self::take) returned.
    pub(crate) fn get(&self, line: Range<usize>) -> &'a [u8] {
        self.bytes.get(line).unwrap_or_default()
    }

    /// Adds the next `len` bytes to the current line.
    pub(crate) fn keep(&mut self, len: usize) {
        self.cursor.searched = (self.cursor.searched + len).min(self.bytes.len());
    }

    /// Drops the next `len` bytes and those of the current line.
    pub(crate) fn skip(&mut self, len: usize) {
        self.keep(len);
        self.cursor.start = self.cursor.searched;
    }

    /// Returns the bytes of the current line that were searched.
    pub(crate) fn kept(&self) -> &'a [u8] {
        self.bytes
            .get(self.cursor.start..self.cursor.searched)
            .unwrap_or_default()
    }

    /// Makes the bytes of the current line unseen again, or those from the beginning of the line that was
    /// [taken](Self::take) last.
    pub(crate) fn put_back(&mut self, taken: Option<Range<usize>>) {
        self.cursor.start = taken.map_or(self.cursor.start, |line| line.start);
        self.cursor.searched = self.cursor.start;
    }

    /// Ends the current line and returns its range.
    pub(crate) fn take(&mut self) -> Range<usize> {
        let line = self.cursor.start..self.cursor.searched;
        self.cursor.start = self.cursor.searched;
        line
    }

    /// Returns whether the current line has bytes.
    pub(crate) fn has_kept(&self) -> bool {
        self.kept_len() > 0
    }

    /// Returns the number of bytes of the current line.
    pub(crate) fn kept_len(&self) -> usize {
        self.cursor.searched.saturating_sub(self.cursor.start)
    }

    /// Holds the bytes from `from` on back: they stay in the buffer until [`end_hold`](Self::end_hold).
    pub(crate) fn hold(&mut self, from: usize) {
        self.cursor.held = Some(from);
    }

    /// Lets the buffer drop the bytes that were held back.
    pub(crate) fn end_hold(&mut self) {
        self.cursor.held = None;
    }

    /// Returns the position of the first byte that is held back.
    pub(crate) fn held_from(&self) -> usize {
        self.cursor.held.unwrap_or(self.cursor.start)
    }

    /// Returns the distance from the first byte that is held back to where the next record can begin.
    pub(crate) fn held_len(&self) -> usize {
        self.cursor.start.saturating_sub(self.held_from())
    }

    /// Returns the number of the object's bytes that were searched.
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
    fn bytes_held_back_stay_until_they_are_released() {
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
