//! Entries become batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Batch, Encoding, Entry, ItemId};

/// The open batches, one per tenant, each kept within a size.
#[derive(Debug)]
pub struct Batches {
    encoding: Encoding,
    limit: usize,
    open: BTreeMap<Option<Arc<str>>, Batch>,
}

impl Batches {
    /// `limit` is in bytes of the uncompressed body. A batch never exceeds it, unless it holds a single
    /// entry that does so alone.
    pub fn new(encoding: Encoding, limit: usize) -> Self {
        Self {
            encoding,
            limit,
            open: BTreeMap::new(),
        }
    }

    /// Adds an entry that `item` brought, and gives the batch that had no room for it any more.
    pub fn add(&mut self, entry: &Entry<'_>, item: ItemId) -> Option<Batch> {
        let tenant = entry.labels.tenant().map(Arc::from);
        let batch = self
            .open
            .entry(tenant)
            .or_insert_with_key(|tenant| Batch::new(self.encoding, tenant.clone()));
        let full = if batch.is_empty() || batch.body_len_with(entry) <= self.limit {
            None
        } else {
            let tenant = batch.tenant().map(Arc::from);
            Some(std::mem::replace(batch, Batch::new(self.encoding, tenant)))
        };
        batch.add(entry, item);
        full
    }

    /// Takes the batches that are still open, none of them empty.
    pub fn take(&mut self) -> impl Iterator<Item = Batch> + use<> {
        std::mem::take(&mut self.open).into_values()
    }
}
