//! The sink that receives entries.

use std::future::{self, Future};

use loki_push::{Entry, ItemId};

/// A sink that receives entries.
///
/// Accepting an entry never waits, to keep futures out of the work per line. Instead a sink reports when it is full. A
/// full sink still accepts entries, but buffers them.
pub trait EntrySink {
    /// Accepts an entry that came from `item`.
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId);

    /// Returns whether [`make_room`](Self::make_room) should be awaited before the next entry.
    fn is_full(&self) -> bool {
        false
    }

    /// Waits until there is room. Dropping the future loses nothing.
    fn make_room(&mut self) -> impl Future<Output = ()> + Send {
        future::ready(())
    }
}
