//! Entries become batches.

use std::sync::Arc;

use crate::{Batch, Buffers, Encoding, Entry, ItemId};

/// The open batches, one per tenant, each kept within a size.
#[derive(Debug)]
pub struct Batches {
    encoding: Encoding,
    limit: usize,
    buffers: Buffers,
    open: Vec<Batch>,
    /// The batch the last entry went to: runs of one stream are the rule.
    last: usize,
}

impl Batches {
    /// `limit` is in bytes of the uncompressed body. A batch never exceeds it, unless it holds a single
    /// entry that does so alone.
    pub fn new(encoding: Encoding, limit: usize, buffers: &Buffers) -> Self {
        Self {
            encoding,
            limit,
            buffers: buffers.clone(),
            open: Vec::new(),
            last: 0,
        }
    }

    /// Adds an entry that `item` brought, and gives the batch that had no room for it any more.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Option<Batch> {
        self.last = self.batch_of(entry);
        let batch = &mut self.open[self.last];
        if batch.add_within(entry, item, self.limit) {
            return None;
        }
        let tenant = batch.tenant().map(Arc::from);
        let full = std::mem::replace(batch, Batch::new(self.encoding, tenant, &self.buffers));
        batch.add(entry, item);
        Some(full)
    }

    fn batch_of(&mut self, entry: &Entry<'_>) -> usize {
        if self
            .open
            .get(self.last)
            .is_some_and(|batch| batch.went_to(&entry.labels))
        {
            return self.last;
        }
        let tenant = entry.labels.tenant();
        if let Some(at) = self.open.iter().position(|batch| batch.tenant() == tenant) {
            return at;
        }
        self.open
            .push(Batch::new(self.encoding, tenant.map(Arc::from), &self.buffers));
        self.open.len() - 1
    }

    /// Takes the batches that are still open, none of them empty, in the order of their tenants.
    pub fn take(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let mut open = std::mem::take(&mut self.open);
        open.sort_by(|one, other| one.tenant().cmp(&other.tenant()));
        open.into_iter()
    }
}
