//! What must still be known of an entry that is encoded.

use crate::{ItemId, Timestamp};

/// Where an encoded entry ends, its time, and who brought it. It begins where the one before it ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EntrySpan {
    pub(crate) end: usize,
    // A timestamp's two parts, so that the item takes no more room: a push in flight keeps one for each entry.
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

    /// The same entry at another place.
    pub(crate) fn ending_at(self, end: usize) -> Self {
        Self { end, ..self }
    }

    pub(crate) fn timestamp(&self) -> Timestamp {
        // It was one before.
        Timestamp::new(self.seconds, self.nanos).unwrap_or(Timestamp::EPOCH)
    }
}
