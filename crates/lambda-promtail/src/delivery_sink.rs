//! The delivery to Loki, as the sink of the intake.

use std::future::Future;

use ingest::EntrySink;
use loki_client::{Delivery, HttpTransport};
use loki_push::{Entry, ItemId};

/// A sink that delivers its entries to Loki.
#[derive(Debug)]
pub struct DeliverySink(pub(crate) Delivery<HttpTransport>);

impl EntrySink for DeliverySink {
    #[inline]
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.0.accept(entry, item);
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.0.is_full()
    }

    fn make_room(&mut self) -> impl Future<Output = ()> + Send {
        self.0.make_room()
    }
}
