//! The outcome of a delivery.

use std::collections::BTreeMap;

use loki_push::ItemId;

use crate::PushError;

/// The outcome of the delivery of an event's entries.
#[derive(Debug, Default)]
pub struct DeliveryOutcome {
    /// The number of entries that Loki acknowledged.
    pub delivered: u64,
    /// The number of bytes sent in acknowledged pushes.
    pub bytes: u64,
    /// The number of pushes that Loki acknowledged.
    pub pushes: u64,
    /// The number of attempts beyond the last one of each push.
    pub retries: u64,
    /// The number of attempts that Loki answered with 429, because a rate limit was reached.
    pub throttled: u64,
    /// The number of entries by reason that Loki refused and would refuse again, whether they were dropped or failed.
    pub rejected: BTreeMap<String, u64>,
    /// The number of entries that Loki refused as too far behind the newest entry of their stream. They are not
    /// counted as rejected, since an earlier delivery may have stored them.
    pub too_far_behind: u64,
    /// The pushes that failed, without those whose entries were dropped.
    pub failures: Vec<FailedPush>,
    /// The number of entries that were taken.
    pub taken: u64,
    /// The items in the order of their entries, each with the number of entries before its first one.
    pub starts: Vec<(ItemId, u64)>,
}

/// A record of a push that failed.
#[derive(Debug)]
pub struct FailedPush {
    /// The items that its entries came from, each with the number of its entries.
    pub items: Vec<(ItemId, u64)>,
    /// The number of its entries.
    pub entries: u64,
    /// The error of the push.
    pub error: PushError,
    /// The number of the event's entries before the first one of the push, or a lower number.
    pub start: u64,
}

impl DeliveryOutcome {
    /// Returns the number of entries at the start of an item that are acknowledged, or dropped as the settings ask for.
    pub fn acknowledged(&self, item: ItemId) -> u64 {
        let Some(index) = self.starts.iter().position(|(of, _)| *of == item) else {
            return 0;
        };
        let start = self.starts[index].1;
        let end = self.starts.get(index + 1).map_or(self.taken, |(_, start)| *start);
        let failures = self.failures.iter().filter(|failure| {
            let mut items = failure.items.iter();
            items.any(|(of, _)| *of == item)
        });
        let first_failed = failures.map(|failure| failure.start).min();
        first_failed.map_or(end, |failed| failed.clamp(start, end)) - start
    }

    /// Returns the number of entries that were neither delivered nor dropped.
    pub fn failed(&self) -> u64 {
        self.failures.iter().map(|failure| failure.entries).sum()
    }
}
