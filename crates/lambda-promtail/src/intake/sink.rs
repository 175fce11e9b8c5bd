//! Where entries go.

use std::future::Future;

use loki_client::{Delivery, Transport};
use loki_push::{Entry, ItemId};

/// Where entries go.
pub trait EntrySink {
    /// Takes an entry that `item` brought.
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) -> impl Future<Output = ()> + Send;
}

impl<T: Transport> EntrySink for Delivery<T> {
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) -> impl Future<Output = ()> + Send {
        self.add(entry, item)
    }
}
