//! Where entries go.

use std::future::{self, Future};

use loki_client::{Delivery, Transport};
use loki_push::{Entry, ItemId};

/// Where entries go.
///
/// Taking an entry never waits, so that what is done for each line is no future. Instead a sink says when it
/// is full; it still takes entries then, but keeps them.
pub trait EntrySink {
    /// Takes an entry that `item` brought.
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId);

    /// Whether [`make_room`](Self::make_room) should be awaited before the next entry.
    fn is_full(&self) -> bool {
        false
    }

    /// Waits until there is room. Dropping the future loses nothing.
    fn make_room(&mut self) -> impl Future<Output = ()> + Send {
        future::ready(())
    }
}

impl<T: Transport> EntrySink for Delivery<T> {
    #[inline]
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.accept(entry, item);
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.is_full()
    }

    fn make_room(&mut self) -> impl Future<Output = ()> + Send {
        self.make_room()
    }
}
