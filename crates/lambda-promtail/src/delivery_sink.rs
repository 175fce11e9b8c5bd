//! The delivery to Loki, as the sink of the intake.

use std::future::Future;

use ingest::EntrySink;
use loki_client::{Delivery, HttpTransport};
use loki_push::{Entry, ItemId, Timestamp};

/// A sink that delivers its entries to Loki.
#[derive(Debug)]
pub struct DeliverySink {
    pub(crate) delivery: Delivery<HttpTransport>,
    /// The time of the newest entry so far.
    pub(crate) newest: Option<Timestamp>,
}

impl DeliverySink {
    pub(crate) fn new(delivery: Delivery<HttpTransport>) -> Self {
        Self {
            delivery,
            newest: None,
        }
    }
}

impl EntrySink for DeliverySink {
    #[inline]
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        self.newest = self.newest.max(Some(entry.timestamp));
        self.delivery.accept(entry, item);
    }

    #[inline]
    fn is_full(&self) -> bool {
        self.delivery.is_full()
    }

    fn make_room(&mut self) -> impl Future<Output = ()> + Send {
        self.delivery.make_room()
    }
}
