//! The part of an object that is not cut into lines yet.

use std::ops::Range;

/// Above this, memory that one long line needed is given back.
const KEPT_CAPACITY: usize = 1 << 20;

/// Bytes that come in blocks and leave as lines.
///
/// `start..searched` was looked at and may become a line, what follows was not looked at yet; so a
/// line of any length is searched once, however many blocks it comes in.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    searched: usize,
    /// How many bytes of the object came before `bytes`.
    gone: u64,
}

impl Buffer {
    /// Where the next block is appended. What became lines is dropped first.
    pub(crate) fn space(&mut self) -> &mut Vec<u8> {
        self.bytes.drain(..self.start);
        self.gone += self.start as u64;
        self.searched -= self.start;
        self.start = 0;
        if self.bytes.capacity() > KEPT_CAPACITY && self.bytes.len() < KEPT_CAPACITY / 2 {
            self.bytes.shrink_to(KEPT_CAPACITY);
        }
        &mut self.bytes
    }

    /// What was not looked at yet.
    pub(crate) fn unseen(&self) -> &[u8] {
        self.bytes.get(self.searched..).unwrap_or_default()
    }

    /// The bytes of a line that [`take`](Self::take) gave, until there is new space.
    pub(crate) fn get(&self, line: Range<usize>) -> &[u8] {
        self.bytes.get(line).unwrap_or_default()
    }

    /// The next bytes belong to a line.
    pub(crate) fn keep(&mut self, len: usize) {
        self.searched = (self.searched + len).min(self.bytes.len());
    }

    /// The next bytes do not, and neither do those kept so far.
    pub(crate) fn skip(&mut self, len: usize) {
        self.keep(len);
        self.start = self.searched;
    }

    /// The bytes kept so far are a line.
    pub(crate) fn take(&mut self) -> Range<usize> {
        let line = self.start..self.searched;
        self.start = self.searched;
        line
    }

    /// Whether bytes were kept.
    pub(crate) fn has_kept(&self) -> bool {
        self.start < self.searched
    }

    /// How many bytes of the object were looked at.
    pub(crate) fn offset(&self) -> u64 {
        self.gone + self.searched as u64
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
        let len = buffer.unseen().len();
        buffer.keep(len);
        assert_eq!(buffer.take(), 0..8 << 20);
        assert!(buffer.space().capacity() <= KEPT_CAPACITY);
        assert_eq!(buffer.offset(), 8 << 20);
    }
}
