//! Entries become batches.

use std::sync::Arc;

use crate::{Batch, Buffers, Encoding, Entry, ItemId};

/// The open batches, one per tenant, each kept within a size.
#[derive(Debug)]
pub struct Batches {
    encoding: Encoding,
    limit: usize,
    buffers: Buffers,
    compress_late: bool,
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
            compress_late: false,
            open: Vec::new(),
            last: 0,
        }
    }

    /// Leaves compression to [`Batch::pack`], for callers that pack on another core. Else most of it is done as
    /// entries come, while the processor's cache still has them.
    #[must_use]
    pub fn compressing_late(mut self, late: bool) -> Self {
        self.compress_late = late;
        self
    }

    /// Adds an entry that `item` brought, and gives the batch that had no room for it any more.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Option<Batch> {
        self.last = self.batch_of(entry);
        let batch = &mut self.open[self.last];
        if batch.add_within(entry, item, self.limit) {
            return None;
        }
        batch.compress_rest();
        let next = batch.next();
        let full = std::mem::replace(batch, next);
        batch.add(entry, item);
        Some(full)
    }

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
        self.open.push(batch.compressing_late(self.compress_late));
        self.open.len() - 1
    }

    /// Takes the batches that are still open, none of them empty, in the order of their tenants.
    pub fn take(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let mut open = std::mem::take(&mut self.open);
        open.sort_by(|one, other| one.tenant().cmp(&other.tenant()));
        open.into_iter()
    }
}
