//! The place, time and item of an encoded entry.

use crate::{ItemId, Timestamp};

/// The end of an encoded entry in its stream, its time, and its item. It begins where the one before it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntrySpan {
    pub(crate) end: usize,
    // The two parts of a timestamp, stored apart so that the item fits into the padding: a push in flight keeps an
    // `EntrySpan` for each entry.
    seconds: i64,
    nanos: u32,
    pub(crate) item: ItemId,
}

impl EntrySpan {
    pub(crate) fn new(end: usize, timestamp: Timestamp, item: ItemId) -> Self {
        Self {
            end,
            seconds: timestamp.seconds(),
            nanos: timestamp.subsec_nanos(),
            item,
        }
    }

    /// Returns the same entry with another end.
    pub(crate) fn ending_at(self, end: usize) -> Self {
        Self { end, ..self }
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        // The parts are those of a valid timestamp.
        Timestamp::new(self.seconds, self.nanos).unwrap_or(Timestamp::EPOCH)
    }
}
