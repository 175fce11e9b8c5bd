//! Grouping entries into batches.

use std::sync::Arc;

use crate::{Batch, Buffers, Encoding, Entry, ItemId};

/// The open batches, one for each tenant, each kept within a size limit.
#[derive(Debug)]
pub struct Batches {
    encoding: Encoding,
    limit: usize,
    buffers: Buffers,
    compress_late: bool,
    open: Vec<Batch>,
    /// The index of the batch that the last entry was added to. Most entries have the same stream as the one before.
    last: usize,
    /// The number of entries so far.
    added: u64,
    /// The items, each with the number of entries before its first one.
    starts: Vec<(ItemId, u64)>,
}

impl Batches {
    /// Creates an empty set of batches. A batch never exceeds `limit`, in bytes of the uncompressed body, unless it
    /// holds a single entry that is larger than the limit.
    pub fn new(encoding: Encoding, limit: usize, buffers: &Buffers) -> Self {
        Self {
            encoding,
            limit,
            buffers: buffers.clone(),
            compress_late: false,
            open: Vec::new(),
            last: 0,
            added: 0,
            starts: Vec::new(),
        }
    }

    /// Sets whether compression is left to [`Batch::pack`], for callers that pack on another core. Otherwise most of
    /// it is done as entries are added, while they are still in the processor's cache.
    #[must_use]
    pub fn compressing_late(mut self, late: bool) -> Self {
        self.compress_late = late;
        self
    }

    /// Adds an entry that came from `item`. If the batch of its tenant has no room for it, returns that batch and puts
    /// the entry into a new one.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Option<Batch> {
        if self.starts.last().is_none_or(|(last, _)| *last != item) {
            self.starts.push((item, self.added));
        }
        self.last = self.batch_of(entry);
        let number = self.added;
        self.added += 1;
        let batch = &mut self.open[self.last];
        if batch.add_within(entry, item, self.limit) {
            return None;
        }
        batch.compress_rest();
        let next = batch.next().starting_at(number);
        let full = std::mem::replace(batch, next);
        batch.add(entry, item);
        Some(full)
    }

    /// Returns the index of the entry's batch, which is created if there is none.
    fn batch_of(&mut self, entry: &Entry<'_>) -> usize {
        if self
            .open
            .get(self.last)
            .is_some_and(|batch| batch.last_added_to(&entry.labels))
        {
            return self.last;
        }
        let tenant = entry.labels.tenant();
        if let Some(at) = self.open.iter().position(|batch| batch.tenant() == tenant) {
            return at;
        }
        let batch = Batch::new(self.encoding, tenant.map(Arc::from), &self.buffers);
        let batch = batch.compressing_late(self.compress_late);
        self.open.push(batch.starting_at(self.added));
        self.open.len() - 1
    }

    /// Returns the number of entries that were added.
    pub fn added(&self) -> u64 {
        self.added
    }

    /// Returns the items in the order of their entries, each with the number of entries before its first one. An item
    /// whose entries came between those of others occurs several times.
    pub fn starts(&self) -> &[(ItemId, u64)] {
        &self.starts
    }

    /// Takes out the batches that are still open, sorted by tenant. None of them is empty.
    pub fn take(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let mut open = std::mem::take(&mut self.open);
        open.sort_by(|one, other| one.tenant().cmp(&other.tenant()));
        open.into_iter()
    }
}
