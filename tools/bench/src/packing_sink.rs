//! A sink that does the work of a delivery up to the push.

use std::collections::VecDeque;

use ingest::EntrySink;
use loki_push::{Batch, Batches, Buffers, Encoding, Entry, ItemId, PackedBatch};

use crate::BATCH;

/// A sink that collects entries in batches, as `loki_client::Delivery` does, and gives each packed batch to `send`
/// where the delivery would start a push.
pub(crate) struct PackingSink<'a> {
    batches: Batches,
    full: VecDeque<Batch>,
    send: &'a mut (dyn FnMut(PackedBatch) + Send),
    entries: u64,
}

impl<'a> PackingSink<'a> {
    pub(crate) fn new(buffers: &Buffers, send: &'a mut (dyn FnMut(PackedBatch) + Send)) -> Self {
        Self {
            batches: Batches::new(Encoding::Protobuf, BATCH, buffers),
            full: VecDeque::new(),
            send,
            entries: 0,
        }
    }

    /// Packs the remaining entries, and returns the number of all entries.
    pub(crate) fn finish(mut self) -> u64 {
        self.full.extend(self.batches.take());
        self.send_full();
        self.entries
    }

    fn send_full(&mut self) {
        for batch in self.full.drain(..) {
            (self.send)(batch.pack().unwrap());
        }
    }
}

impl EntrySink for PackingSink<'_> {
    #[inline]
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.entries += 1;
        if let Some(batch) = self.batches.add(entry, item) {
            self.full.push_back(batch);
        }
    }

    #[inline]
    fn is_full(&self) -> bool {
        !self.full.is_empty()
    }

    async fn make_room(&mut self) {
        self.send_full();
    }
}
